"""What a session may see: one area and everything in it, held by the database itself (row-level security).

A scope lasts as long as its block and at most as long as the transaction it is in, which it opens where there is none.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from bulou.directory.models import Account
from bulou.kernel.areas import prefix_range

Bounds = tuple[str, str]
Row = tuple[str, str, datetime | None]
NOTHING: Bounds = ("", "")


class Entry(NamedTuple):
    """Somebody whose scope the transaction has already been given, and the instant the business clock is set to."""

    account: Account
    set_to: datetime | None


_SET = "SELECT set_config('bulou.lo', %s, true), set_config('bulou.hi', %s, true)"
_SET_AND_CLOCK = f"{_SET}, (SELECT set_to FROM business_clock)"


def scope(area: str) -> AbstractContextManager[None]:
    """Within the block only rows in `area` are seen and written; the empty code is the whole country.

    Scopes nest; leaving one restores the outer. One query to enter, one more to leave a nested one.
    """
    return _bounded(prefix_range(area))


def everywhere(once: str = "", values: Sequence[Any] = ()) -> AbstractContextManager[None]:
    """The whole country: for the engine and for work no single account asked for.

    `once`: an expression, with its `values`, that the query by which the scope is entered evaluates too.
    """
    return _bounded(prefix_range(""), f", {once}" if once else "", values)


def nowhere() -> AbstractContextManager[None]:
    """Nothing at all: what a stranger sees."""
    return _bounded(NOTHING)


@contextmanager
def for_account(account: Account | None, entry: Entry | None = None) -> Iterator[datetime | None]:
    """One transaction in the scope of an account (None: a stranger's, who sees nothing).

    Gives the instant the business clock is set to, None while it is the real one. One query for both; none where the
    `entry` was made in the caller's transaction.
    """
    bounds = prefix_range(account.area) if account else NOTHING
    nested = connection.in_atomic_block
    if entry:
        with _left(bounds, restore=bool(connection.savepoint_ids)):
            yield entry.set_to
    else:
        with transaction.atomic(), _held(bounds, _SET_AND_CLOCK, restore=nested) as row:
            yield row[2]


@contextmanager
def _bounded(bounds: Bounds, once: str = "", values: Sequence[Any] = ()) -> Iterator[None]:
    if connection.in_atomic_block:
        with _held(bounds, f"{_SET}{once}", values, restore=True):
            yield
    else:
        with transaction.atomic(), _held(bounds, f"{_SET}{once}", values, restore=False):
            yield


@contextmanager
def _held(bounds: Bounds, statement: str, values: Sequence[Any] = (), *, restore: bool) -> Iterator[Row]:
    row = _execute(statement, [*bounds, *values])
    with _left(bounds, restore=restore):
        yield row


@contextmanager
def _left(bounds: Bounds, *, restore: bool) -> Iterator[None]:
    """Bounds that are set, noted until the block is left."""
    outer: Bounds = getattr(connection, "bulou_bounds", NOTHING)
    connection.bulou_bounds = bounds  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.bulou_bounds = outer  # type: ignore[attr-defined]
        if restore and not _is_failed():
            _execute(_SET, outer)


def _is_failed() -> bool:
    """True where the transaction or savepoint will be rolled back, which restores the settings by itself."""
    return connection.needs_rollback or connection.connection.info.transaction_status == TransactionStatus.INERROR


def _execute(statement: str, values: Sequence[Any]) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: Row = cursor.fetchone()
        return row
