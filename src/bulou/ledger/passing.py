"""The clock pass, what time alone brings: waiting facts arrive, slots open, duties lapse, people are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from os import cpu_count

from bulou.ledger import calendar, following, instant, locks, reconcile
from bulou.ledger.engines import store
from bulou.ledger.retry import again

CHUNK = 50_000
"""Courses or facts to a transaction: long enough to be quick, short enough not to keep writers waiting."""
HANDS = min(4, cpu_count() or 1)
"""Who work on a long pass together, each in a session of its own: what one does Postgres does on one core."""

Working = Callable[[], AbstractContextManager[None]]
Step = Callable[[datetime], int]
Once = Callable[[Step], int]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a clock pass did: facts that arrived, courses that moved on, lapses told."""

    now: datetime
    arrived: int
    moved: int
    told: int


def run(now: datetime, working: Working) -> Pass:
    """Bring the ledger to `now`, chunk by chunk, each in a transaction of its own (`working`).

    1. From now on nobody derives at an earlier instant. 2. Facts that waited for the clock. 3. Courses in which
    something falls due; rows other writers hold are taken in the next pass. 4. Courses that need more slots. 5. Who
    must be told. 6. Deltas into tallies, and the instant is noted. Of 3 and 5 each hand takes what no other holds.
    """

    def once(step: Step) -> int:
        def act() -> int:
            with working():
                return step(now)

        return again(act)

    once(_begin)
    arrived = _repeat(once, _arrive)
    moved = _together(once, _settle) + _repeat(once, _extend)
    told = _together(once, _tell)
    once(_end)
    return Pass(now, arrived, moved, told)


def passed_at() -> datetime | None:
    """The instant of the last whole pass."""
    return next((at for (at,) in store.rows("instant", "passed_at")), None)


def fold() -> None:
    """Deltas into the tallies; one folder at a time, so that nobody waits in a ring."""
    locks.hold_tallies()
    store.run("passing", "fold")


def _begin(now: datetime) -> int:
    instant.reach(now)
    calendar.ensure({}, now)
    return 0


def _arrive(now: datetime) -> int:
    ripe = store.run("intake", "ripe", now=now, limit=CHUNK)
    if ripe:
        locks.hold_staged(entangled=True)
        at = instant.reach(now)
        starts = calendar.staged_starts()
        calendar.ensure(starts, at)
        if store.run("intake", "arrive"):
            reconcile.apply_moved(at, starts)
            following.tell(starts, at, corrects=True)
    return ripe


def _settle(now: datetime) -> int:
    ((due,),) = store.rows("passing", "due", now=now, limit=CHUNK)
    if due:
        store.run("passing", "settle_due", now=now)
        store.run("passing", "lapses", now=now)
        store.run("passing", "tally")
    return int(due)


def _extend(now: datetime) -> int:
    found = store.run("passing", "extend", now=now, limit=CHUNK)
    if found:
        locks.hold_subjects("w_touched")
        reconcile.derive(instant.reach(now))
        store.run("passing", "tally")
    return found


def _tell(now: datetime) -> int:
    return store.run("passing", "tell", now=now, limit=CHUNK)


def _end(now: datetime) -> int:
    fold()
    instant.passed(now)
    return 0


def _together(once: Once, step: Step) -> int:
    """The same by all hands, where the first transaction did not find the end of it."""
    first = once(step)
    if first < CHUNK or store.in_transaction():
        return first + _repeat(once, step) if first else 0

    def alone() -> int:
        try:
            return _repeat(once, step)
        finally:
            store.leave()

    with ThreadPoolExecutor(HANDS, "clock") as pool:
        others = [pool.submit(copy_context().run, alone) for _ in range(1, HANDS)]
        return first + _repeat(once, step) + sum(other.result() for other in others)


def _repeat(once: Once, step: Step) -> int:
    """Run a step, a transaction each, until it finds nothing more; gives how many it found."""
    total = 0
    while found := once(step):
        total += found
    return total
