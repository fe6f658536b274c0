"""Addresses of people on foot."""

from django.urls import path

from bulou.web.field import views

urlpatterns = [
    path("my/", views.my_list, name="my"),
    path("my/record/", views.record, name="my-record"),
    path("my/undo/", views.undo, name="my-undo"),
]
