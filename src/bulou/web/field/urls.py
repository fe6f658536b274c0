"""Addresses of people on foot."""

from django.urls import path

from bulou.web.field import conflicts, doors, handovers, home_round, rounds, trips, views
from bulou.web.field.sync import program
from bulou.web.field.sync import views as sync

urlpatterns = [
    path("rooms/round/", rounds.sheet, name="round"),
    path("round/", home_round.sheet, name="home-round"),
    path("campaigns/<uuid:id>/next/", doors.next_, name="next-door"),
    path("my/", views.my_list, name="my"),
    path("my/record/", views.record, name="my-record"),
    path("my/undo/", views.undo, name="my-undo"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/file/", conflicts.take_file, name="conflicts-file"),
    path("conflicts/<uuid:id>/rule/", conflicts.rule, name="conflict-rule"),
    path("my/worker.js", program.worker, name="my-worker"),
    path("my/shell/<str:language>/", program.shell, name="my-shell"),
    path("my/app.webmanifest", program.manifest, name="my-manifest"),
    path("handovers/", handovers.mine, name="handovers"),
    path("handovers/act/", handovers.act, name="handover-act"),
    path("handovers/card/", handovers.scan, name="scan"),
    path("handovers/trip/<uuid:id>/", trips.trip, name="trip"),
    path("handovers/trip/<uuid:id>/sheet/", trips.sheet, name="trip-sheet"),
    path("my/sync/list/", sync.list_, name="my-sync-list"),
    path("my/sync/upload/", sync.upload, name="my-sync-upload"),
]
