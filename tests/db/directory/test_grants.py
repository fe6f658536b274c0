"""The application's role: made by the first migration, with exactly the rights the migrations give."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings

from bulou.directory.catalogue import Relation, protected_tables, relations
from bulou.directory.grants import FRAMEWORK_RIGHTS, after_migrate, create_role
from bulou.directory.rls import APP, OPEN


@pytest.fixture
def as_owner() -> Iterator[None]:
    """The test runs as the owner and becomes the application again."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute(f"SET ROLE {APP}")


def relation(name: str) -> Relation:
    return next(found for found in relations() if found.name == name)


def ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_the_role_can_sign_in_and_nothing_more() -> None:
    rights = ask(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        f" FROM pg_roles WHERE rolname = '{APP}'"
    )

    assert rights == (True, False, False, False, False, False)


def test_the_tests_themselves_run_as_the_role() -> None:
    assert ask("SELECT current_user::text") == (APP,)


@pytest.mark.usefixtures("as_owner")
def test_making_the_role_again_changes_nothing() -> None:
    create_role(connection)

    assert ask(f"SELECT count(*) FROM pg_roles WHERE rolname = '{APP}'") == (1,)


@pytest.mark.usefixtures("as_owner")
def test_the_password_is_set_with_every_migration_and_is_not_kept_in_the_clear() -> None:
    with override_settings(APP_PASSWORD="it's; DROP ROLE bulou_app"):
        after_migrate()

    stored = ask(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{APP}'")
    assert isinstance(stored, tuple)
    assert str(stored[0]).startswith("SCRAM-SHA-256$")


@pytest.mark.parametrize("table", sorted(FRAMEWORK_RIGHTS))
def test_the_frameworks_tables_are_there_with_their_rights(table: str) -> None:
    assert relation(table).rights == set(FRAMEWORK_RIGHTS[table].split(", "))


@pytest.mark.parametrize(
    ("table", "rights"),
    [
        ("person", {"SELECT", "INSERT", "UPDATE"}),
        ("access_log", {"SELECT", "INSERT"}),
        ("unit_role", {"SELECT", "INSERT", "UPDATE", "DELETE"}),
        ("auth_permission", set()),
        ("auth_group", set()),
    ],
)
def test_a_table_gives_what_its_migration_says(table: str, rights: set[str]) -> None:
    assert relation(table).rights == rights


def test_what_is_open_says_why() -> None:
    frameworks = set(FRAMEWORK_RIGHTS)
    for found in relations():
        if found.rights and not found.is_protected and found.name not in frameworks:
            assert found.comment.removeprefix(OPEN).strip(), found.name


def test_nobody_else_is_given_anything() -> None:
    row = ask(
        "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace = 'public'::regnamespace"
        f" AND x.grantee <> c.relowner AND x.grantee <> '{APP}'::regrole"
    )

    assert row == (0,)


def test_a_view_counts_as_protected_only_with_the_readers_rights() -> None:
    views = {found.name: found for found in relations() if found.is_view}

    assert views.keys().isdisjoint({table.name for table in protected_tables()})
    assert all(view.is_protected for view in views.values() if view.rights)


def test_the_application_makes_no_table_but_a_temporary_one() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scratch (n int) ON COMMIT DROP")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.scratch (n int)")
