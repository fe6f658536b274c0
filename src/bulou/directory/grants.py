"""The role the program connects as: it owns nothing, is no superuser, and may do only what is granted here."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

FRAMEWORK_RIGHTS = {
    "django_content_type": "SELECT",
    "django_migrations": "SELECT",
    "mfa_authenticator": "SELECT, INSERT, UPDATE, DELETE",
    "axes_accessattempt": "SELECT, INSERT, UPDATE, DELETE",
    "axes_accessattemptexpiration": "SELECT, INSERT, UPDATE, DELETE",
    "axes_accessfailurelog": "SELECT, INSERT, DELETE",
    "axes_accesslog": "SELECT, INSERT, UPDATE, DELETE",
}
"""Tables of the frameworks, which hold second factors and sign-in attempts and cannot name their own rights."""


def create_role(connection: BaseDatabaseWrapper) -> None:
    """Make the application's role where there is none. Run by the first migration, as the owner."""
    role = sql.Identifier(settings.APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT NOBYPASSRLS").format(role))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Give the role its password and its rights on the frameworks' tables, whichever migrations ran."""
    connection = connections[using]
    existing = connection.introspection.table_names()
    role = sql.Identifier(settings.APP_ROLE)
    with connection.cursor() as cursor:
        if settings.APP_PASSWORD:
            password = sql.Literal(settings.APP_PASSWORD)
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, password))
        for table, rights in FRAMEWORK_RIGHTS.items():
            if table in existing:
                statement = sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), role)
                cursor.execute(statement)
