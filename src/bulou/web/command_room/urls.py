"""Addresses of the command room."""

from django.urls import path

from bulou.web.command_room import views, why

urlpatterns = [
    path("", views.board, name="board"),
    path("areas/<str:code>/", views.board, name="area-board"),
    path("wall/", views.wall, name="wall"),
    path("wall/<str:code>/", views.wall, name="area-wall"),
    path("misses/", views.misses, name="misses"),
    path("duties/", views.duties, name="duties"),
    path("duties/<str:key>/", why.why, name="duty"),
]
