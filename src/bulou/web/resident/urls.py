"""Addresses of residents: nobody signs in, the link says whose page it is."""

from django.urls import path

from bulou.web.resident import views

urlpatterns = [path("r/<str:token>/", views.page, name="resident")]
