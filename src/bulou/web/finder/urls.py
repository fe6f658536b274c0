"""Addresses of the search."""

from django.urls import path

from bulou.web.finder import views

urlpatterns = [path("search/", views.search, name="search")]
