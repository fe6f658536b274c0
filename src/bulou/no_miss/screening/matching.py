"""Reads of the lists of other departments beside what the village found. Scope is the session's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from bulou.kernel.areas import prefix_range
from bulou.no_miss.screening.listings import ADDED, CURRENT, OPEN, Pair, reconciled
from bulou.no_miss.screening.models import Enrolment, Listing

MOST = 5_000
"""People of one list and one area compared at once: more than a town is sent in a day."""


@dataclass(frozen=True, slots=True)
class Received:
    """One list as an area received it: how many it names there, how many of them are settled, since when."""

    name: str
    category: str
    people: int
    open: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """One person of a comparison. `listing` is None for whom only the village has; `state` open, or how settled."""

    pair: Pair
    listing: UUID | None
    enrolment: UUID | None
    area: str
    state: str
    at: datetime
    settled_at: datetime | None
    by: UUID | None


def received(area: str, limit: int = 100) -> list[Received]:
    """The lists an area received, the latest first. One query."""
    lo, hi = prefix_range(area)
    found = Listing.objects.filter(area__gte=lo, area__lt=hi).exclude(state=ADDED).values("name", "category")
    counted = found.annotate(n=Count("id"), left=Count("id", filter=Q(state=OPEN)), first=Min("at"), last=Max("at"))
    rows = counted.order_by("-last", "name")[:limit]
    return [Received(r["name"], r["category"], r["n"], r["left"], r["first"], r["last"]) for r in rows]


def compared(name: str, category: str, area: str) -> list[Compared]:
    """Everybody a list names in an area beside everybody on its register there while it was current. Two queries."""
    lo, hi = prefix_range(area)
    listed = list(Listing.objects.filter(name=name, category=category, area__gte=lo, area__lt=hi).order_by("at")[:MOST])
    if not listed:
        return []
    first, last = min(one.at for one in listed), max(one.at for one in listed)
    current = Q(until=None) | Q(until__gt=first)
    found = Enrolment.objects.filter(current, category=category, area__gte=lo, area__lt=hi, since__lte=last + CURRENT)
    named = {one.person_id for one in listed}
    lately = Q(person__in=named) | Q(since__gte=first - CURRENT)
    enrolled = list(found.filter(lately).order_by("since")[:MOST])
    return _compared(listed, enrolled)


def _compared(listed: Sequence[Listing], enrolled: Iterable[Enrolment]) -> list[Compared]:
    known = {one.person_id: one for one in listed}
    theirs = {id: one.area for id, one in known.items() if one.state != ADDED}
    ours = {one.person_id: one for one in enrolled}
    pairs = reconciled(theirs, {id: one.area for id, one in ours.items()})
    return [_one(pair, known.get(pair.person), ours.get(pair.person)) for pair in pairs]


def _one(pair: Pair, listing: Listing | None, enrolment: Enrolment | None) -> Compared:
    if listing is not None:
        id = enrolment.pk if enrolment else None
        stands = (listing.state, listing.at, listing.settled_at, listing.by)
        return Compared(pair, listing.pk, id, listing.area, *stands)
    assert enrolment is not None
    return Compared(pair, None, enrolment.pk, enrolment.area, OPEN, enrolment.since, None, enrolment.by)
