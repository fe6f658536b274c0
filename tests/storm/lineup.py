"""Two at once, made certain: both are brought to the same lock, and let go together."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import TypeVar

from django.db import connection, transaction

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import locks, services, verification
from bulou.plan.rules import Rule
from histories import trial_rules

PATIENCE, TICK = 30.0, 0.005
Answer = TypeVar("Answer")

_BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """What acts give that are all let go at one moment, each in a thread and a session of its own.

    They queue, in the order given, at the locks of the subjects they are about.
    """
    with ThreadPoolExecutor(len(acts)) as threads:
        with _held_up():
            started: list[Future[Answer]] = []
            for number, act in enumerate(acts, 1):
                started.append(threads.submit(_in_a_session, act))
                await_blocked(number, started[-1])
        return [future.result(PATIENCE) for future in started]


def while_open(first: Callable[[], object], then: Callable[[], Answer]) -> Answer:
    """What `then` gives, begun while the transaction of `first` is done but not committed, and made to wait for it."""
    done, commit = Event(), Event()

    def hold_open() -> None:
        with transaction.atomic():
            first()
            done.set()
            commit.wait(PATIENCE)

    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(_in_a_session, hold_open)
        assert done.wait(PATIENCE) or holding.result(0)
        following = threads.submit(_in_a_session, then)
        try:
            await_blocked(1, following)
        finally:
            commit.set()
        holding.result(PATIENCE)
        return following.result(PATIENCE)


def await_blocked(number: int, unless: "Future[Answer] | None" = None) -> None:
    """Wait until so many sessions wait for a lock, or the act has ended without."""
    waited = 0.0
    while _blocked() < number and not (unless and unless.done()):
        Event().wait(TICK)
        waited += TICK
        assert waited < PATIENCE, f"{_blocked()} of {number} came to the lock"


def at(instant: datetime, act: Callable[[], Answer]) -> Callable[[], Answer]:
    """The act, done with the clock standing at an instant."""

    def timed() -> Answer:
        with clock.at(instant):
            return act()

    return timed


def assert_exact(now: datetime, rules: list[Rule] | None = None) -> int:
    """The ledger, brought to `now`, is what the reference derives, and so are its tallies. Gives how many duties."""
    with clock.at(now):
        services.advance()
        duties, differences = verification.verify(rules or trial_rules(), services.adopted(), now)
    assert differences == []
    with everywhere():
        assert verification.tally_differences() == []
    return duties


def _blocked() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED)
        return int(cursor.fetchone()[0])


@contextmanager
def _held_up() -> Iterator[None]:
    """Every subject, held by this session until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_lock(%s, bucket)) FROM generate_series(0, %s) bucket",
            [locks.SPACE, locks.BUCKETS - 1],
        )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")


def _in_a_session(act: Callable[[], Answer]) -> Answer:
    try:
        return act()
    finally:
        connection.close()
