"""Addresses of residents: nobody signs in, the link says whose page it is."""

from django.urls import path

from bulou.web.resident import data, views

urlpatterns = [
    path("r/<str:token>/", views.page, name="resident"),
    path("r/<str:token>/data/", data.page, name="resident-data"),
]
