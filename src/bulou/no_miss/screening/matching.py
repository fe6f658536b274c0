"""Reads of the lists of other departments beside what the village found. Scope is the session's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.timezone import localdate

from bulou.directory.scope import everywhere
from bulou.kernel.areas import ancestry, prefix_range
from bulou.no_miss.screening.listings import ADDED, CURRENT, OPEN, Pair, Scope, claims, reconciled
from bulou.no_miss.screening.models import Arrival, Enrolment, Listing, ListingScope

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


def scopes_of(name: str, category: str, area: str) -> list[Scope]:
    """What a list claims to hold of an area, a part of it, or one that contains it, the widest first. One query.

    Whoever stated it: what is said of a county counts for a village, which does not see the county.
    """
    with everywhere():
        found = list(_stated(area).filter(list=name, category=category).order_by("area"))
    return [Scope(str(one.pk), one.list, one.category, one.area, one.scope, one.day, one.at, one.by) for one in found]


def unstated(area: str, lists: Iterable[Received]) -> set[tuple[str, str]]:
    """Of some lists an area received, those of which nobody has said what they hold. One query."""
    with everywhere():
        stated = set(_stated(area).values_list("list", "category"))
    return {(one.name, one.category) for one in lists} - stated


def _stated(area: str) -> "QuerySet[ListingScope]":
    lo, hi = prefix_range(area)
    return ListingScope.objects.filter(Q(area__gte=lo, area__lt=hi) | Q(area__in=ancestry(area)))


def compared(name: str, category: str, area: str, scopes: Sequence[Scope]) -> list[Compared]:
    """Everybody a list names in an area beside whom it claims to hold of the register there. Three queries.

    Whom only the register has is left out where the list does not claim to hold them (`scopes`).
    """
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
    came = _came(one.person_id for one in enrolled if one.person_id not in named)
    kept = [
        one
        for one in enrolled
        if one.person_id in named or claims(scopes, one.area, came.get(one.person_id) or {localdate(one.since)})
    ]
    return _compared(listed, kept)


def _came(people: Iterable[UUID]) -> dict[UUID, set[date]]:
    """The days on which people came from elsewhere; who is not known to have come counts by the day of the register."""
    days: dict[UUID, set[date]] = defaultdict(set)
    for person, at in Arrival.objects.filter(person__in=list(people)).values_list("person_id", "at"):
        days[person].add(localdate(at))
    return days


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
