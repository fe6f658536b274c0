"""Reads of tours and their stops. Scope is the session's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bulou.kernel.areas import prefix_range
from bulou.oversight.supervision.models import Finding, Stop, Tour

FETCHED = 2_000
"""Rows fetched at once for a file."""
SHOWN = 60
"""Tours of an area shown at once, the latest."""


@dataclass(frozen=True, slots=True)
class Round:
    """A tour and how far it is. `over`: stops nobody came to in time."""

    tour: Tour
    stops: int
    visited: int
    over: int

    @property
    def percent(self) -> int:
        return 100 * self.visited // self.stops if self.stops else 0


def rounds(area: str, now: datetime) -> list[Round]:
    """The tours over an area or a part of it, the latest first. One query."""
    lo, hi = prefix_range(area)
    return _rounds(Tour.objects.filter(area__gte=lo, area__lt=hi), now)[:SHOWN]


def round_(id: UUID, now: datetime) -> Round | None:
    """One tour in scope. One query."""
    return next(iter(_rounds(Tour.objects.filter(id=id), now)), None)


def _rounds(found: "QuerySet[Tour]", now: datetime) -> list[Round]:
    counted = found.annotate(
        n=Count("stops"),
        visited=Count("stops", filter=Q(stops__visited_at__isnull=False)),
        over=Count("stops", filter=Q(stops__visited_at=None, stops__due_at__lt=now)),
    )
    return [Round(one, one.n, one.visited, one.over) for one in counted.order_by("-planned_at", "-id")[:SHOWN]]


def stops_found(area: str, now: datetime, *, state: str = "", tour: UUID | None = None) -> "QuerySet[Stop]":
    """Those stops, in no order yet. `state`: `waiting` (still in time), `over`, `visited` or any."""
    lo, hi = prefix_range(area)
    found = Stop.objects.filter(area__gte=lo, area__lt=hi)
    found = found.filter(tour=tour) if tour else found
    states = {
        "waiting": Q(visited_at=None, due_at__gte=now),
        "over": Q(visited_at=None, due_at__lt=now),
        "visited": Q(visited_at__isnull=False),
        "left": Q(visited_at=None),
    }
    return found.filter(states[state]) if state in states else found


def stops_page(found: "QuerySet[Stop]", *, after: str = "", limit: int) -> list[Stop]:
    """A page of stops, what is due first, each tour's in the order of its route; `after` is the last one's id."""
    last = Stop.objects.filter(id=after).values_list("due_at", "tour_id", "n", "id").first() if after else None
    if last:
        due, tour, n, id = last
        found = found.filter(
            Q(due_at__gt=due)
            | Q(due_at=due, tour__gt=tour)
            | Q(due_at=due, tour=tour, n__gt=n)
            | Q(due_at=due, tour=tour, n=n, id__gt=id)
        )
    return list(_ordered(found)[:limit])


def stops_stream(found: "QuerySet[Stop]") -> Iterator[Stop]:
    """Every one of them, from one cursor. Within a transaction."""
    return _ordered(found).iterator(FETCHED)


def stops_by_id(ids: Iterable[UUID]) -> list[Stop]:
    """Stops by id, those in scope. One query."""
    return list(_ordered(Stop.objects.filter(id__in=set(ids))))


def standing(area: str, now: datetime, tour: UUID | None = None) -> dict[str, int]:
    """How many stops of an area are how far. One query."""
    states = {"over": Q(visited_at=None, due_at__lt=now), "waiting": Q(visited_at=None, due_at__gte=now)}
    states["visited"] = Q(visited_at__isnull=False)
    found = stops_found(area, now, tour=tour)
    return found.aggregate(**{name: Count("id", filter=wanted) for name, wanted in states.items()})


def found_at(stops: Iterable[Stop]) -> dict[UUID, int]:
    """How many findings were raised at each stop, on its tour. One query."""
    given = {(one.tour_id, one.subject): one.id for one in stops}
    wanted = Finding.objects.filter(tour__in={tour for tour, _ in given}, about__in={about for _, about in given})
    counted = wanted.values_list("tour", "about").annotate(n=Count("id")).order_by()
    return {given[tour, about]: n for tour, about, n in counted if (tour, about) in given}


def _ordered(found: "QuerySet[Stop]") -> "QuerySet[Stop]":
    return found.order_by("due_at", "tour", "n", "id")
