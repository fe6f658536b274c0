"""What several duties need together: one line of my list, because one fact does them all; the strictest first."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from bulou.kernel import clock
from bulou.ledger import shelf
from bulou.ledger.selectors import DutyRow
from bulou.plan.layering import asked, strictness
from bulou.plan.rules import Rule
from bulou.plan.standing import standing
from bulou.web.rows import Shown

DONE = ("met", "late")
_UNKNOWN = timedelta.max, True


def joined(rows: Iterable[Shown], now: datetime) -> list[tuple[Shown, ...]]:
    """The rows by need, each with the strictest first. No query.

    Two duties are one need where the same fact about the same subject does both: those that can be done now, and
    those done whose times meet. What can no longer be done stands alone.
    """
    found: list[list[Shown]] = []
    latest: dict[Hashable, list[list[Shown]]] = {}
    for one in sorted(rows, key=lambda one: one.row.opens_at):
        alike = latest.setdefault((_asks(one.row, now), one.row.doable), [])
        home = next((members for members in alike if _fits(one.row, members)), None)
        if home is None:
            home = []
            found.append(home)
            alike.append(home)
        home.append(one)
    return [tuple(sorted(members, key=lambda one: _rank(one.row, now))) for members in found]


def _asks(row: DutyRow, now: datetime) -> Hashable:
    """The subject and what must happen to it, as the plan has it today; a rule no plan has any more asks for itself."""
    rule = _rule(row.duty, _today(now))
    return row.subject, asked(rule) if rule else row.duty


def _fits(row: DutyRow, members: Sequence[Shown]) -> bool:
    """True where a duty is one need with these: all can be done now, or all were done in times that meet."""
    if row.doable:
        return True
    if row.state not in DONE or any(one.row.state not in DONE or one.row.duty == row.duty for one in members):
        return False
    opens = max(row.opens_at, *(one.row.opens_at for one in members))
    return opens <= min(row.due_at, *(one.row.due_at for one in members))


def _rank(row: DutyRow, now: datetime) -> tuple[datetime, tuple[timedelta, bool], str]:
    """The strictest first: what is due first; of those, what leaves least; then by name."""
    rule = _rule(row.duty, _today(now))
    return row.due_at, strictness(rule)[:2] if rule else _UNKNOWN, row.duty


def _today(now: datetime) -> date:
    return now.astimezone(clock.SHANGHAI).date()


def _rule(duty: str, day: date) -> Rule | None:
    return _standing(duty, day, shelf.folder())


@lru_cache(maxsize=4096)
def _standing(duty: str, day: date, folder: Path) -> Rule | None:
    """A duty's rule on a day. `folder` is where the shelf stands, so that another is another."""
    rule = shelf.rule(duty)
    return standing(rule, day) if rule and rule.variants else None
