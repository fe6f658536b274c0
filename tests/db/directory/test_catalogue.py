"""The catalogue as it is read: tables, partitions and views, and who may do what."""

from collections.abc import Iterator

import pytest
from django.db import connection

from bulou.directory.catalogue import Relation, relations
from bulou.directory.rls import APP, open_to_all, protect


@pytest.fixture
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute(f"SET ROLE {APP}")


def made(*statements: str) -> dict[str, Relation]:
    """What the catalogue says after some statements of the owner."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return {relation.name: relation for relation in relations()}


@pytest.mark.usefixtures("as_owner")
def test_a_new_table_of_a_later_room_is_found_protected() -> None:
    visit = made("CREATE TABLE visit (area text)", *protect("visit", update=False))["visit"]

    assert (visit.is_protected, visit.is_open, visit.has_area) == (True, False, True)
    assert visit.rights == {"SELECT", "INSERT"}


@pytest.mark.usefixtures("as_owner")
def test_a_table_declared_open_is_found_open_with_its_reason() -> None:
    season = made("CREATE TABLE season (name text)", *open_to_all("season", "the year has four"))["season"]

    assert (season.is_protected, season.is_open, season.has_area) == (False, True, False)
    assert season.comment == "open: the year has four"


@pytest.mark.usefixtures("as_owner")
def test_a_partition_has_no_rights_of_its_own() -> None:
    found = made(
        "CREATE TABLE visit (area text, at date) PARTITION BY RANGE (at)",
        *protect("visit"),
        "CREATE TABLE visit_2020 PARTITION OF visit FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    )

    assert found["visit"].is_protected
    assert found["visit_2020"].rights == frozenset()


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize(("option", "protected"), [("", False), ("WITH (security_invoker = true)", True)])
def test_a_view_is_protected_where_it_reads_with_the_readers_rights(option: str, protected: bool) -> None:
    view = made(f"CREATE VIEW everybody {option} AS SELECT * FROM person")["everybody"]

    assert (view.is_view, view.is_materialized, view.is_protected) == (True, False, protected)


@pytest.mark.usefixtures("as_owner")
def test_a_materialized_view_is_found_as_one() -> None:
    view = made("CREATE MATERIALIZED VIEW copied AS SELECT * FROM person")["copied"]

    assert (view.is_view, view.is_materialized, view.is_protected) == (True, True, False)


@pytest.mark.usefixtures("as_owner")
def test_rights_given_to_everybody_count_as_the_applications() -> None:
    assert made("CREATE TABLE visit (area text)", "GRANT DELETE ON visit TO PUBLIC")["visit"].rights == {"DELETE"}


@pytest.mark.usefixtures("as_owner")
def test_a_column_that_was_dropped_is_no_area() -> None:
    visit = made("CREATE TABLE visit (area text, n int)", "ALTER TABLE visit DROP COLUMN area")["visit"]

    assert not visit.has_area


def test_temporary_tables_are_nobodys_business() -> None:
    assert "scratch" not in made("CREATE TEMP TABLE scratch (area text)")
