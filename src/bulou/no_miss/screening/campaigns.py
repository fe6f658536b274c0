"""Drag-net campaigns: every household of an area is knocked at within some days. Pure functions.

The roster is what the directory has; what was found at a door follows from the visits within the campaign's time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.ledger.history import Event

OPENED, CLOSED, VISITED = "campaign.opened", "campaign.closed", "household.visited"
OF_AREA = (OPENED, CLOSED)
OF_PLACE = (VISITED, "place.registered", "place.retired")
LONGEST = timedelta(days=60)
"""How long a campaign goes on at most; the facts allow no more days."""
WAITING, NO_ANSWER, FOUND = "waiting", "no_answer", "visited"


@dataclass(frozen=True, slots=True)
class Round:
    """One campaign: from when until when over which area. `id` is the fact that opened it."""

    id: str
    area: str
    name: str
    question: str
    clause: str
    opened_at: datetime
    ends_at: datetime
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a campaign knows of one door. `unlisted`: people met there whom no list had."""

    state: str = WAITING
    visits: int = 0
    last_at: datetime | None = None
    present: int = 0
    expected: int | None = None
    symptomatic: int = 0
    unlisted: int = 0


def rounds(area: str, events: Iterable[Event]) -> list[Round]:
    """The campaigns of an area, by what opened and what closed them early."""
    ordered = sorted(events, key=lambda one: (one.at, one.id))
    closed: dict[str, datetime] = {}
    for event in ordered:
        if event.kind == CLOSED:
            closed.setdefault(str(event.data.get("campaign") or ""), event.at)
    return [_round(area, event, closed.get(event.id)) for event in ordered if event.kind == OPENED]


def _round(area: str, event: Event, closed: datetime | None) -> Round:
    data = event.data
    planned = event.at + min(timedelta(days=int(data.get("days") or 1)), LONGEST)
    ends = min(planned, closed) if closed and closed > event.at else planned
    said = {name: str(data.get(name) or "") for name in ("name", "question", "clause")}
    return Round(event.id, area, opened_at=event.at, ends_at=ends, by=event.by, **said)


def found(events: Iterable[Event], opened_at: datetime, ends_at: datetime) -> Found:
    """What the visits to one door within a campaign came to: once somebody was met, an empty house says no more."""
    visits = sorted(
        (one for one in events if one.kind == VISITED and opened_at <= one.at <= ends_at),
        key=lambda one: (one.at, one.id),
    )
    if not visits:
        return Found()
    met = [one for one in visits if int(one.data.get("present") or 0) > 0]
    last = (met or visits)[-1].data
    present, expected = int(last.get("present") or 0), last.get("expected")
    arrived = int(last.get("arrived") or 0)
    more = present - int(expected) if expected is not None else 0
    return Found(
        state=FOUND if met else NO_ANSWER,
        visits=len(visits),
        last_at=visits[-1].at,
        present=present,
        expected=None if expected is None else int(expected),
        symptomatic=int(last.get("symptomatic") or 0),
        unlisted=max(arrived, more, 0),
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a campaign is in an area: doors on its roster, and how they stand. Their sum is the roster, always."""

    doors: int = 0
    visited: int = 0
    no_answer: int = 0
    symptomatic: int = 0
    unlisted: int = 0

    @property
    def waiting(self) -> int:
        return self.doors - self.visited - self.no_answer

    @property
    def percent(self) -> int:
        """Whole percent visited, rounded down: a hundred is every door. An empty roster is covered."""
        return 100 * self.visited // self.doors if self.doors else 100

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            self.doors + other.doors,
            self.visited + other.visited,
            self.no_answer + other.no_answer,
            self.symptomatic + other.symptomatic,
            self.unlisted + other.unlisted,
        )
