"""Addresses of what every list can do: saved views, and acts on many rows."""

from django.urls import path

from bulou.web.lists import views

urlpatterns = [
    path("lists/<slug:name>/views/", views.save_view, name="save-view"),
    path("lists/<slug:name>/preview/", views.preview, name="preview-act"),
    path("lists/<slug:name>/do/", views.do, name="do-act"),
    path("views/<uuid:id>/drop/", views.drop_view, name="drop-view"),
    path("acts/<uuid:id>/", views.act, name="act"),
    path("acts/<uuid:id>/undo/", views.undo, name="undo-act"),
]
