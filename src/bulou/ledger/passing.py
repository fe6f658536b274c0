"""The clock pass, what time alone brings: waiting facts arrive, slots open, duties lapse, people are told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from bulou.ledger import calendar, locks, reconcile
from bulou.ledger.engines import store

CHUNK = 50_000
"""Courses or facts to a transaction: long enough to be quick, short enough not to keep writers waiting."""

Working = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a clock pass did: facts that arrived, courses that moved on, lapses told."""

    now: datetime
    arrived: int
    moved: int
    told: int


def run(now: datetime, working: Working) -> Pass:
    """Bring the ledger to `now`, chunk by chunk, each in a transaction of its own (`working`).

    1. Facts that waited for the clock. 2. Courses in which something falls due; rows other writers hold are taken in
    the next pass. 3. Who must be told. 4. Deltas into tallies. 5. The instant is noted.
    """
    with working():
        calendar.ensure(now, now)
    arrived = _repeat(lambda: _arrive(now), working)
    moved = _repeat(lambda: _settle(now), working)
    told = _repeat(lambda: store.run("passing", "tell", now=now, limit=CHUNK), working)
    with working():
        fold()
        note(now)
    return Pass(now, arrived, moved, told)


def fold() -> None:
    """Deltas into the tallies; one folder at a time, so that nobody waits in a ring."""
    store.query("SELECT pg_advisory_xact_lock(hashtext('tally'))")
    store.run("passing", "fold")


def passed_at() -> datetime | None:
    """The instant of the last pass."""
    return next((instant for (instant,) in store.query("SELECT passed_at FROM ledger_clock")), None)


def note(now: datetime) -> None:
    store.execute(
        "INSERT INTO ledger_clock (passed_at) VALUES (%s)"
        " ON CONFLICT (id) DO UPDATE SET passed_at = excluded.passed_at",
        [now],
    )


def _arrive(now: datetime) -> int:
    arrived = store.run("intake", "arrive", now=now, limit=CHUNK)
    if arrived:
        locks.hold_subjects("w_moved")
        ((first,),) = store.query("SELECT min(at) FROM w_moved")
        calendar.ensure(first, now)
        kinds = {kind for (kind,) in store.query("SELECT DISTINCT kind FROM w_moved")}
        reconcile.apply_moved(now, kinds=kinds)
    return arrived


def _settle(now: datetime) -> int:
    due = store.run("passing", "due", now=now, limit=CHUNK)
    if due:
        store.run("passing", "settle_due", now=now)
        store.run("passing", "lapses", now=now)
        if store.run("passing", "touch_full"):
            reconcile.derive(now)
        store.run("passing", "tally")
    return due


def _repeat(step: Callable[[], int], working: Working) -> int:
    """Run a step, a transaction each, until it finds nothing more; gives how many it found."""
    total = 0
    while True:
        with working():
            found = step()
        total += found
        if not found:
            return total
