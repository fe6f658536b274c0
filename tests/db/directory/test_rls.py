"""Enter as each role and area, and prove table by table that no row from outside comes back.

The tables are read from the database's catalogue, so one that a later migration adds is tried without being named here;
rows for each are made up from its columns.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from bulou.directory.catalogue import APPEND_ONLY, holes, protected_tables, relations
from bulou.directory.models import Account, Area, Unit
from bulou.directory.roles import ROLES
from bulou.directory.scope import for_account, nowhere

CODES = ("120101001001", "120101001002", "120102", "450103")
"""Where the rows are."""
SEATS = ("", "12", "120101", "120101001001", "450103")
"""Where the accounts are."""
MADE_UP = {
    "uuid": "gen_random_uuid()",
    "text": "md5(random()::text)",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "interval": "interval '1 hour'",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "decode(md5(random()::text), 'hex')",
    "inet": "'127.0.0.1'::inet",
    "tstzrange": "'empty'::tstzrange",
}
NUMBER = "(random() * 30000)::int"
BY_FUNCTION = {"own_page_opening"}
"""Tables the application writes through a function only, which counts and limits."""
MUST_HOLD = {"person", "household", "place", "access_log", "fact", "course", "lapse"}


@pytest.fixture
def rows(areas: dict[str, Area]) -> list[str]:
    """One row for each code in every protected table; the tables' names."""
    tables = [table.name for table in protected_tables()]
    with as_owner() as cursor:
        for table in tables:
            for code in CODES:
                cursor.execute(made_up_row(table, code))
    return tables


def test_the_tables_of_people_places_facts_and_duties_are_protected() -> None:
    assert {table.name for table in protected_tables()} >= MUST_HOLD


def test_nothing_leads_past_row_level_security() -> None:
    assert list(holes()) == []


def test_every_protected_table_names_the_area_of_its_rows() -> None:
    assert [table.name for table in protected_tables() if not table.has_area] == []


def test_area_columns_compare_as_bytes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_collation k ON k.oid = a.attcollation WHERE a.attname = 'area' AND c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace AND k.collname <> 'C'"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("seat", SEATS)
def test_no_role_sees_a_row_from_outside_its_area(
    rows: list[str], seat: str, make_unit: Callable[..., Unit], make_account: Callable[..., Account]
) -> None:
    inside = sum(code.startswith(seat) for code in CODES)
    for role in ROLES:
        account = make_account(f"{role}-{seat}", make_unit(role, seat, role), role)

        with for_account(account):
            seen = counts(rows, seat)

        assert seen == dict.fromkeys(rows, (inside, 0)), role


def test_a_stranger_sees_no_row_at_all(rows: list[str]) -> None:
    with nowhere():
        assert counts(rows, "") == dict.fromkeys(rows, (0, 0))
    with for_account(None):
        assert counts(rows, "") == dict.fromkeys(rows, (0, 0))


def test_a_session_that_never_set_its_area_sees_no_row_at_all(rows: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET bulou.lo")
        cursor.execute("RESET bulou.hi")

    assert counts(rows, "") == dict.fromkeys(rows, (0, 0))


def test_no_row_from_outside_is_changed_or_removed(
    rows: list[str], scope: Callable[[str], AbstractContextManager[None]]
) -> None:
    rights = {relation.name: relation.rights for relation in relations()}
    with scope("120102"):
        for table in rows:
            for right, statement in (("UPDATE", f"UPDATE {table} SET area = area"), ("DELETE", f"DELETE FROM {table}")):
                if right in rights[table]:
                    assert affected(statement) == 1, statement
                else:
                    assert is_refused(statement), statement


def test_no_row_is_put_in_or_moved_outside(
    rows: list[str], scope: Callable[[str], AbstractContextManager[None]]
) -> None:
    rights = {relation.name: relation.rights for relation in relations()}
    with scope("120102"):
        for table in rows:
            assert is_refused(made_up_row(table, "450103")), table
            assert is_refused(f"UPDATE {table} SET area = '450103'"), table
    assert {table for table in rows if "INSERT" not in rights[table]} == BY_FUNCTION


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["UPDATE {} SET area = area", "DELETE FROM {}", "TRUNCATE {}"])
def test_facts_and_looks_are_never_changed(
    table: str, act: str, scope: Callable[[str], AbstractContextManager[None]]
) -> None:
    with scope(""):
        assert is_refused(act.format(table))


@pytest.mark.parametrize(
    "act",
    [
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY person_scope ON person",
        "CREATE TABLE public.mine (id int)",
        "ALTER ROLE bulou_app BYPASSRLS",
        "CREATE ROLE other",
        "UPDATE django_migrations SET name = ''",
    ],
)
def test_the_application_cannot_change_the_rules(act: str) -> None:
    assert is_refused(act)


def test_turning_row_security_off_fails_rather_than_shows_more(rows: list[str]) -> None:
    with connection.cursor() as cursor, pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SELECT * FROM person")


class TestAHoleIsFound:
    """Each is dug as the owner, within the test's transaction."""

    @pytest.mark.parametrize(
        ("dig", "said"),
        [
            ("ALTER TABLE person DISABLE ROW LEVEL SECURITY", "person is granted to bulou_app, has no row-level"),
            ("CREATE TABLE visit (area text); GRANT SELECT ON visit TO bulou_app", "visit is granted"),
            ("CREATE VIEW wide AS SELECT * FROM person; GRANT SELECT ON wide TO bulou_app", "wide is granted"),
            (
                "CREATE MATERIALIZED VIEW copied AS SELECT * FROM person; GRANT SELECT ON copied TO bulou_app",
                "copied is",
            ),
            ("GRANT UPDATE ON access_log TO bulou_app", "access_log is append-only"),
            ("GRANT TRUNCATE ON place TO PUBLIC", "may DELETE, INSERT, SELECT|may TRUNCATE place"),
            ("ALTER TABLE place OWNER TO bulou_app", "bulou_app owns the table place"),
            ("ALTER ROLE bulou_app BYPASSRLS", "bypasses row-level security"),
            ("CREATE POLICY wide ON person FOR SELECT USING (true)", "the policy wide on person"),
            (
                "CREATE FUNCTION all_people() RETURNS bigint SECURITY DEFINER LANGUAGE sql"
                " RETURN (SELECT count(*) FROM person)",
                "all_people",
            ),
        ],
    )
    def test_and_told(self, dig: str, said: str) -> None:
        with as_owner() as cursor:
            cursor.execute(dig)

        assert any(word in hole for hole in holes() for word in said.split("|"))


def counts(tables: list[str], seat: str) -> dict[str, tuple[int, int]]:
    """Rows seen inside and outside an area, by table. One query."""
    each = (
        f"SELECT '{table}', count(*) FILTER (WHERE starts_with(area, '{seat}')),"
        f" count(*) FILTER (WHERE NOT starts_with(area, '{seat}')) FROM {table}"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {table: (inside, outside) for table, inside, outside in cursor.fetchall()}


def made_up_row(table: str, code: str) -> str:
    """An INSERT of one row at an area, every other column it must have made up from its type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL), atttypmod FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0"
            " AND attname <> 'area' AND attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = ''",
            [table],
        )
        columns = {name: made_up(kind, size) for name, kind, size in cursor.fetchall()}
    values = ", ".join([f"'{code}'", *columns.values()])
    return f"INSERT INTO {table} ({', '.join(['area', *columns])}) VALUES ({values})"


def made_up(kind: str, size: int) -> str:
    """An SQL expression of a column's type; text of `size` less four characters where that is limited."""
    if kind.endswith("[]"):
        return f"'{{}}'::{kind}"
    if "char" in kind:
        return f"left({MADE_UP['text']}, {size - 4 if size > 0 else 32})"
    return MADE_UP.get(kind, NUMBER)


@contextmanager
def as_owner() -> Iterator[object]:
    """The owner's hand: checks, references and months do not stand in the way of any row. Rolled back with the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conparentid = 0"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid WHERE p.partdefid = 0"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"CREATE TABLE {table}_whenever PARTITION OF {table} DEFAULT")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET ROLE bulou_app")


def affected(statement: str) -> int:
    """How many rows a statement touches; undone."""
    with connection.cursor() as cursor:
        point = transaction.savepoint()
        cursor.execute(statement)
        touched: int = cursor.rowcount
        transaction.savepoint_rollback(point)
        return touched


def is_refused(statement: str) -> bool:
    """True where the database does not let the application do it, or finds no row to do it to."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError:
        return True
    return False
