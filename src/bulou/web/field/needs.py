"""What several duties need together: one line of my list, because one fact does them all; the strictest first."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bulou.kernel import clock
from bulou.ledger import shelf
from bulou.ledger.selectors import DutyRow
from bulou.plan.layering import asked, strictness
from bulou.plan.standing import standing

DONE = ("met", "late")
_UNKNOWN = timedelta.max, True


def joined(rows: Iterable[DutyRow], now: datetime) -> list[tuple[DutyRow, ...]]:
    """The rows by need, each with the strictest first. No query.

    Two duties are one need where the same fact about the same subject does both: those that can be done now, and
    those done whose times meet. What can no longer be done stands alone.
    """
    found: list[list[DutyRow]] = []
    latest: dict[Hashable, list[list[DutyRow]]] = {}
    day, folder = now.astimezone(clock.SHANGHAI).date(), shelf.folder()
    for row in sorted(rows, key=lambda row: row.opens_at):
        alike = latest.setdefault((*_asks(row, day, folder), row.doable), [])
        home = next((members for members in alike if _fits(row, members)), None)
        if home is None:
            home = []
            found.append(home)
            alike.append(home)
        home.append(row)
    return [tuple(sorted(members, key=lambda row: _rank(row, day, folder))) for members in found]


def _asks(row: DutyRow, day: date, folder: Path) -> tuple[Hashable, ...]:
    """The subject and what must happen to it, as the plan has it on a day; a rule no plan has asks for itself."""
    return row.subject, _terms(row.duty, day, folder).asks


def _fits(row: DutyRow, members: Sequence[DutyRow]) -> bool:
    """True where a duty is one need with these: all can be done now, or all were done in times that meet."""
    if row.doable:
        return True
    if row.state not in DONE or any(one.state not in DONE or one.duty == row.duty for one in members):
        return False
    opens = max(row.opens_at, *(one.opens_at for one in members))
    return opens <= min(row.due_at, *(one.due_at for one in members))


def _rank(row: DutyRow, day: date, folder: Path) -> tuple[datetime, tuple[timedelta, bool], str]:
    """The strictest first: what is due first; of those, what leaves least; then by name."""
    return row.due_at, _terms(row.duty, day, folder).leaves, row.duty


class _Terms(NamedTuple):
    """What a duty asks on a day, and how much time it leaves."""

    asks: Hashable
    leaves: tuple[timedelta, bool]


@lru_cache(maxsize=4096)
def _terms(duty: str, day: date, folder: Path) -> _Terms:
    """A duty's terms on a day. `folder` is where the shelf stands, so that another is another."""
    rule = shelf.rule(duty)
    stands = standing(rule, day) if rule and rule.variants else None
    return _Terms(asked(stands), strictness(stands)[:2]) if stands else _Terms(duty, _UNKNOWN)
