"""Tours: a team, its route, and which stops were visited. Pure and small.

A stop is visited by the first inspection made there once it is planned, by whatever door that comes: what the duty asks
for is what counts here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.kernel.ids import id_of
from bulou.ledger.history import Event

PLANNED, STOP, MADE = "tour.planned", "inspection.planned", "inspection.made"
KINDS = (PLANNED, STOP, MADE)
LONGEST = 7
"""Days of a round at most: our choice, as often as the plans have villages visited."""


@dataclass(frozen=True, slots=True)
class Tour:
    """One round of a team. `id` is the fact that planned it; `members` who goes, a line each."""

    id: str
    area: str
    name: str
    members: str
    clause: str
    by: UUID | None
    planned_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a tour, the `n`th of its route. `id` is the fact that planned it."""

    id: str
    tour: UUID
    n: int
    name: str
    clause: str
    subject: str
    area: str
    by: UUID | None
    planned_at: datetime
    due_at: datetime
    visited_at: datetime | None = None
    passed: bool | None = None
    words: str = ""


def tours_of(events: Iterable[Event]) -> Iterator[Tour]:
    """The tours planned over an area."""
    for event in events:
        if event.kind == PLANNED:
            said = event.data
            days = min(int(said.get("days") or LONGEST), LONGEST)
            yield Tour(
                id=event.id,
                area=event.area,
                name=str(said.get("name") or ""),
                members="\n".join(str(one) for one in said.get("members") or ()),
                clause=str(said.get("clause") or ""),
                by=event.by,
                planned_at=event.at,
                ends_at=event.at + timedelta(days=days),
            )


def stops_of(subject: str, events: Iterable[Event]) -> Iterator[Stop]:
    """The stops planned at one area, place or unit, with the visit each came to."""
    told = sorted(events, key=lambda one: (one.at, one.id))
    visits = [event for event in told if event.kind == MADE]
    for event in told:
        tour = id_of(event.data.get("tour")) if event.kind == STOP else None
        if tour is None:
            continue
        days = min(int(event.data.get("days") or LONGEST), LONGEST)
        visit = next((one for one in visits if one.at >= event.at), None)
        passed = visit.data.get("passed") if visit else None
        yield Stop(
            id=event.id,
            tour=tour,
            n=int(event.data.get("n") or 0),
            name=str(event.data.get("name") or ""),
            clause=str(event.data.get("clause") or ""),
            subject=subject,
            area=event.area,
            by=event.by,
            planned_at=event.at,
            due_at=event.at + timedelta(days=days),
            visited_at=visit.at if visit else None,
            passed=passed if isinstance(passed, bool) else None,
            words=str(visit.data.get("words") or "") if visit else "",
        )
