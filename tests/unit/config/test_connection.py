"""A connection waits for what will pass, and says plainly what will not."""

from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql import base as django_backend
from psycopg_pool import PoolTimeout

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
    answers(monkeypatch, psycopg.OperationalError("connection refused"), PoolTimeout("late"), "connected")

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
