"""Addresses of people without an account."""

from django.urls import path

from bulou.web.public import arriving

urlpatterns = [
    path("arrive/", arriving.arrive, name="arrive"),
    path("arrive/<str:token>/", arriving.receipt, name="arrival-receipt"),
]
