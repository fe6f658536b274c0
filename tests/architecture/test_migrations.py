"""The tables are the sum of the migrations: no model has changed without one."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from architecture.walls import Stair


def ours() -> set[str]:
    return {app.label for app in apps.get_app_configs() if app.name.startswith("bulou.")}


def test_every_change_of_a_model_has_its_migration() -> None:
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))

    with translation.override(None):
        changes = {app: found for app, found in detector.changes(graph=loader.graph).items() if app in ours()}

    assert {app: [str(op) for m in found for op in m.operations] for app, found in changes.items()} == {}


def test_no_room_has_two_last_migrations() -> None:
    conflicts = MigrationLoader(None).detect_conflicts()

    assert {app: names for app, names in conflicts.items() if app in ours()} == {}


def test_migrations_depend_on_rooms_below_only() -> None:
    heights = {room.rpartition(".")[2]: height for room, height in Stair.read().heights.items()}
    loader = MigrationLoader(None)
    upward = [
        (f"{app}.{name}", parent)
        for (app, name), migration in loader.disk_migrations.items()
        for parent, _ in migration.dependencies
        if app in heights and parent in heights and app != parent and heights[parent] >= heights[app]
    ]

    assert upward == []
