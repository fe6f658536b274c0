"""A connection waits for what will pass, and says plainly what will not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql import base as django_backend

from bulou.config import database
from bulou.config.postgres import base
from bulou.config.postgres.base import DatabaseUnavailableError, DatabaseWrapper
from bulou.kernel.errors import BulouError


class Server:
    """An embedded server that counts how often it was asked and doubted."""

    def __init__(self) -> None:
        self.asked = self.doubted = 0

    def ensure(self) -> None:
        self.asked += 1

    def doubt(self) -> None:
        self.doubted += 1


@pytest.fixture
def wrapper(monkeypatch: pytest.MonkeyPatch) -> DatabaseWrapper:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return DatabaseWrapper({**connection.settings_dict, "OPTIONS": {}}, "other")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr(base.database, "embedded", lambda: server)
    return server


def answers(monkeypatch: pytest.MonkeyPatch, *given: Exception | str) -> None:
    """What successive attempts to connect come to."""
    left = list(given)

    def connect(self: object, parameters: dict[str, Any]) -> str:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(django_backend.DatabaseWrapper, "get_new_connection", connect)


def test_a_server_that_was_killed_is_looked_at_again_and_the_connection_made(
    wrapper: DatabaseWrapper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, psycopg.OperationalError("connection refused"), psycopg.OperationalError("late"), "connected")

    assert wrapper.get_new_connection({}) == "connected"
    assert (server.asked, server.doubted) == (3, 2)


def test_a_server_that_is_starting_is_waited_for_wherever_it_is(
    wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base.database, "embedded", lambda: None)
    answers(monkeypatch, psycopg.OperationalError("the database system is starting up"), "connected")

    assert wrapper.get_new_connection({}) == "connected"


@pytest.mark.parametrize(
    ("said", "code"),
    [("connection refused", "database.down"), ("password authentication failed", "database.password")],
)
def test_a_server_of_ones_own_that_refuses_is_told_at_once(
    wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    monkeypatch.setattr(base.database, "embedded", lambda: None)
    answers(monkeypatch, psycopg.OperationalError(said))

    with pytest.raises(DatabaseUnavailableError) as refused:
        wrapper.get_new_connection({})
    assert refused.value.problems[0].code == code


def test_patience_ends(wrapper: DatabaseWrapper, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "PATIENCE", -1)
    answers(monkeypatch, psycopg.OperationalError("connection refused"))

    with pytest.raises(OperationalError):
        wrapper.get_new_connection({})


def test_an_embedded_server_that_cannot_start_says_why(
    wrapper: DatabaseWrapper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise BulouError.of("database.full", "磁盘已满", "The disk is full")

    monkeypatch.setattr(server, "ensure", refuse)

    with pytest.raises(DatabaseUnavailableError, match="disk is full"):
        wrapper.get_new_connection({})


def test_a_server_of_an_older_version_is_refused(wrapper: DatabaseWrapper) -> None:
    wrapper.__dict__["pg_version"] = 160004

    with pytest.raises(DatabaseUnavailableError, match="PostgreSQL 16"):
        wrapper.check_database_version_supported()


@pytest.mark.django_db
def test_a_column_in_byte_order_has_no_second_index_for_its_prefixes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('area', 'person') AND indexname LIKE '%\\_like'"
        )
        assert cursor.fetchall() == []


@pytest.fixture
def other(db: None) -> Iterator[DatabaseWrapper]:
    """A second connection to the test database, kept as the application keeps its own."""
    made = connection.copy("other")
    made.ensure_connection()
    yield made
    made.close()


def test_a_living_connection_is_known_without_asking(other: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_backend.DatabaseWrapper, "is_usable", lambda self: 1 / 0)

    assert other.is_usable()


def test_a_connection_the_server_ended_is_not_usable(other: DatabaseWrapper) -> None:
    ended = other.connection.info.backend_pid
    with psycopg.connect(**database.connection("owner")) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])

    assert not other.is_usable()

    other.close_if_health_check_failed()
    other.health_check_enabled, other.health_check_done = True, False
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (ended,)


def test_after_an_error_the_server_is_asked(other: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(django_backend.DatabaseWrapper, "is_usable", lambda self: bool(asked.append(self)))
    other.errors_occurred = True

    assert not other.is_usable()
    assert asked == [other]


def test_a_connection_closed_or_never_made_is_not_usable(other: DatabaseWrapper) -> None:
    other.close()

    assert not other.is_usable()


def test_rows_come_in_pieces_from_a_cursor_at_the_server(other: DatabaseWrapper) -> None:
    with other.chunked_cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 3), '2020-02-10 12:00+08'::timestamptz")
        rows = cursor.fetchall()

    assert rows == [(n, datetime(2020, 2, 10, 4, tzinfo=UTC)) for n in (1, 2, 3)]
