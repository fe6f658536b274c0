"""What a database lacks to be of the program's version: steps of its tables, and what is derived from facts."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bulou.ledger import following

_HAS_FACTS = "SELECT EXISTS (SELECT FROM fact_key)"


def steps() -> tuple[list[str], list[str]]:
    """The migrations that are not applied, in their order (`custody 0003_trips`), and those only a newer program knows.

    Where there are any of the latter, the database is the newer one.
    """
    executor = MigrationExecutor(connection)
    loader = executor.loader
    missing = [f"{step.app_label} {step.name}" for step, _ in executor.migration_plan(loader.graph.leaf_nodes())]
    unknown = sorted(
        f"{app} {name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    return missing, unknown


def projections() -> list[str]:
    """What is derived from facts by another version than the program's. Nothing where there are no facts."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_FACTS)
        (has_facts,) = cursor.fetchone()
    return following.stale() if has_facts else []
