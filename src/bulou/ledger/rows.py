"""What the ledger's readings are made of: counts, rows, pages, and the keys that name a duty in URLs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from bulou.kernel.text import Text
from bulou.ledger.engines.store import Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counts:
    """Duties by state. `unowned`: those of `open` and `missed` that no unit answers for."""

    open: int = 0
    met: int = 0
    late: int = 0
    missed: int = 0
    void: int = 0
    waived: int = 0
    unowned: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = self.numbers(), other.numbers()
        return Counts(*(left + right for left, right in zip(mine, theirs, strict=True)))

    def numbers(self) -> tuple[int, ...]:
        return (self.open, self.met, self.late, self.missed, self.void, self.waived, self.unowned)

    @property
    def total(self) -> int:
        return self.open + self.met + self.late + self.missed + self.void + self.waived


@dataclass(frozen=True, slots=True)
class Column:
    """One no-miss on the board: duties due on the day, and of all days."""

    no_miss: str
    today: Counts
    ever: Counts


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A part of the board's area, with the day's duties."""

    area: str
    by_no_miss: Mapping[str, Counts]
    total: Counts
    ever: Counts


@dataclass(frozen=True, slots=True)
class Board:
    """Who is being missed in an area on a day, as of the last clock pass."""

    as_of: datetime
    day: date
    columns: list[Column]
    children: list[AreaRow]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty. `key` names it in URLs; `must` is the fact kind that discharges it; `doable` while that is possible."""

    key: str
    duty: str
    plan: str
    clause: str
    cites: str
    title: Text
    no_miss: str
    subject: str
    area: str
    opens_at: datetime
    due_at: datetime
    state: str
    must: str
    role: str
    owner: UUID | None
    doable: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of the next page (None on the last)."""

    rows: list[DutyRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as stored. `effective`: no effective fact supersedes it."""

    id: UUID
    kind: str
    subject: str
    area: str
    at: datetime
    by: str | None
    data: Mapping[str, Any]
    supersedes: UUID | None
    recorded_at: datetime
    effective: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A kind of fact about a subject from one instant to another, both included."""

    subject: str
    kind: str
    since: datetime
    until: datetime


def fact_row(row: Row) -> FactRow:
    id, kind, subject, area, at, by, data, *rest = row
    return FactRow(id, kind, subject, area, at, by, json.loads(data), *rest)


def key_of(duty: str, subject: str, opens_at: datetime) -> str:
    """The name of a duty in URLs: plan, duty, subject and microseconds since 1970, joined by `~`."""
    return f"{duty.replace('/', '~')}~{subject}~{(opens_at - EPOCH) // timedelta(microseconds=1)}"


def split(key: str) -> dict[str, Any] | None:
    """A key's parts as parameters of the reading queries; None where it is no key."""
    parts = key.split("~")
    if len(parts) != 4 or not parts[3].lstrip("-").isdecimal() or len(parts[3]) > 17:
        return None
    opens_at = EPOCH + timedelta(microseconds=int(parts[3]))
    return {"duty": f"{parts[0]}/{parts[1]}", "subject": parts[2], "opens_at": opens_at}


def duty_row(row: Row) -> DutyRow:
    """A row of the reading queries (`{duty_row}`) as a DutyRow."""
    name, plan, clause, body, no_miss, subject, area, opens_at, due_at, state, role, owner, doable = row
    cites, title, must = _says(body)
    return DutyRow(
        key=key_of(name, subject, opens_at),
        duty=name,
        plan=plan,
        clause=clause,
        cites=cites,
        title=title,
        no_miss=no_miss,
        subject=subject,
        area=area,
        opens_at=opens_at,
        due_at=due_at,
        state=state,
        must=must,
        role=role,
        owner=owner,
        doable=doable and state in ("open", "missed"),
    )


@lru_cache(maxsize=4096)
def _says(body: str) -> tuple[str, Text, str]:
    """Where a rule's own words come from, its title, and the fact that discharges it."""
    says = json.loads(body)
    return says["cites"], Text(**says["title"]), says["must"]["fact"]
