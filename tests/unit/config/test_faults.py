"""Whatever is wrong with a database is told in both languages, with what to do."""

from pathlib import Path

import psycopg
import pytest
from django.db import DataError, OperationalError

from bulou.config.faults import BY_SQLSTATE, BY_WORDS, problem_of, server_failure, too_old
from bulou.kernel.errors import BulouError


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("connection refused", "database.down"),
        ("server closed the connection unexpectedly", "database.down"),
        ('password authentication failed for user "bulou_app"', "database.password"),
        ('role "bulou_app" does not exist', "database.unprepared"),
        ('database "bulou" does not exist', "database.unprepared"),
        ("the database system is starting up", "database.starting"),
        ("sorry, too many clients already", "database.busy"),
    ],
)
def test_a_refused_connection_is_told_by_its_words(said: str, code: str) -> None:
    problem = problem_of(psycopg.OperationalError(said))

    assert problem is not None
    assert problem.code == code
    assert problem.remedy is not None


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (psycopg.errors.DiskFull(), "database.full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "database.read_only"),
        (psycopg.errors.UndefinedTable(), "database.unprepared"),
        (psycopg.errors.AdminShutdown(), "database.down"),
    ],
)
def test_a_failed_statement_is_told_by_its_state(cause: psycopg.Error, code: str) -> None:
    error = OperationalError("wrapped")
    error.__cause__ = cause

    problem = problem_of(error)

    assert problem is not None
    assert problem.code == code


def test_a_wrong_query_is_not_blamed_on_the_database() -> None:
    error = DataError("wrapped")
    error.__cause__ = psycopg.errors.DivisionByZero()

    assert problem_of(error) is None
    assert problem_of(ValueError("other")) is None


def test_what_is_already_a_problem_stays_it() -> None:
    error = OperationalError("wrapped")
    error.__cause__ = too_old(16)

    problem = problem_of(error)

    assert problem is not None
    assert "16" in problem.text.en


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("initdb: error: could not write: No space left on device", "database.full"),
        ("[Errno 13] Permission denied: '/data'", "database.denied"),
        ("[Errno 30] Read-only file system: '/data'", "database.read_only"),
        ("FATAL:  database files are incompatible with server", "database.version"),
    ],
)
def test_a_server_that_does_not_start_says_why_and_where(said: str, code: str) -> None:
    problem = server_failure(said, Path("/data")).problems[0]

    assert (problem.code, problem.where) == (code, "/data")


def test_an_unknown_failure_passes_on_the_servers_last_words() -> None:
    error = server_failure("one\nFATAL: the moon is full\n\n", Path("/data"))

    assert "the moon is full" in error.to("zh")
    assert "the moon is full" in error.to("en")


def test_every_problem_speaks_both_languages_and_proposes_something() -> None:
    for problem in {*BY_SQLSTATE.values(), *BY_WORDS.values()}:
        assert problem.remedy is not None
        assert problem.to("zh") != problem.to("en")
        assert isinstance(BulouError(problem).to("en"), str)
