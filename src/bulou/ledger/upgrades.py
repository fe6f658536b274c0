"""What a database lacks to be of the program's version: steps of its tables, and what is derived from facts."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bulou.ledger import following

_HAS_FACTS = "SELECT EXISTS (SELECT FROM fact_key)"


def steps() -> list[str]:
    """The migrations that are not applied, in their order: `custody 0003_trips`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label} {step.name}" for step, _backwards in plan]


def newer() -> list[str]:
    """The migrations that are applied and that the program does not know: the database is the newer one."""
    loader = MigrationExecutor(connection).loader
    return sorted(
        f"{app} {name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )


def projections() -> list[str]:
    """What is derived from facts by another version than the program's. Nothing where there are no facts."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_FACTS)
        (has_facts,) = cursor.fetchone()
    return following.stale() if has_facts else []
