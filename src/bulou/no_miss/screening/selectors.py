"""Reads of screening. Scope is the session's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bulou.directory.crypto import vault
from bulou.directory.identity import mask_phone
from bulou.directory.search_keys import LAST, folded
from bulou.directory.selectors.paging import beyond
from bulou.directory.selectors.search import hashes
from bulou.kernel.areas import prefix_range
from bulou.no_miss.screening.arrivals import gravest
from bulou.no_miss.screening.models import Arrival, Declaration, Enrolment

FETCHED = 2_000
"""Rows fetched at once for a file."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person's time on one register."""

    id: UUID
    person: UUID
    area: str
    category: str
    since: datetime
    until: datetime | None
    reason: str
    ended: str
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Size:
    """How many are on a register now, and how many were."""

    now: int = 0
    ended: int = 0


_COLUMNS = ("id", "person_id", "area", "category", "since", "until", "reason", "ended", "by")


def enrolled(
    area: str,
    *,
    category: str = "",
    state: str = "",
    text: str = "",
    oldest: bool = False,
    after: str = "",
    limit: int = 50,
) -> list[Enrolled]:
    """Who is on the registers of an area, the latest first; `after` is the last one's id. At most two queries.

    `state`: `on`, `ended` or both; `text`: the beginning of a name or of its initials, a number, or its last four.
    """
    found = enrolled_found(area, category=category, state=state, text=text)
    found = beyond(found, "since", after, oldest=oldest)
    return [Enrolled(*row) for row in _ordered(found, oldest)[:limit]]


def enrolled_found(area: str, *, category: str = "", state: str = "", text: str = "") -> "QuerySet[Enrolment]":
    """Those times on registers, in no order yet."""
    lo, hi = prefix_range(area)
    found = Enrolment.objects.filter(area__gte=lo, area__lt=hi)
    if category:
        found = found.filter(category=category)
    if state:
        found = found.filter(until__isnull=state == "on")
    return found.filter(_named(text)) if text.strip() else found


def enrolled_stream(
    area: str, *, category: str = "", state: str = "", text: str = "", oldest: bool = False
) -> Iterator[Enrolled]:
    """Every row of `enrolled`, from one cursor. Within a transaction."""
    found = _ordered(enrolled_found(area, category=category, state=state, text=text), oldest)
    return (Enrolled(*row) for row in found.iterator(FETCHED))


def enrolled_by_id(ids: Iterable[UUID]) -> list[Enrolled]:
    """Times on registers by id, those in scope. One query."""
    return [Enrolled(*row) for row in _ordered(Enrolment.objects.filter(id__in=set(ids)), False)]


def sizes(area: str) -> dict[str, Size]:
    """How many are on each register of an area. One query."""
    lo, hi = prefix_range(area)
    found = Enrolment.objects.filter(area__gte=lo, area__lt=hi).values("category").order_by("category")
    counted = found.annotate(now=Count("id", filter=Q(until=None)), past=Count("id", filter=~Q(until=None)))
    return {row["category"]: Size(row["now"], row["past"]) for row in counted}


def _ordered(found: "QuerySet[Enrolment]", oldest: bool) -> Any:
    order = ("since", "id") if oldest else ("-since", "-id")
    return found.order_by(*order).values_list(*_COLUMNS)


def _named(text: str) -> Q:
    """People by name or number, as the list of people finds them."""
    tried = Q()
    for _, column, wanted in hashes(text.strip()):
        tried |= Q(**{f"person__{column}__in": wanted})
    key = folded(text)
    if tried:
        return tried
    column, start = ("initials", key) if key.isascii() else ("name", text.strip())
    return Q(**{f"person__{column}__gte": start, f"person__{column}__lt": start + LAST})


@dataclass(frozen=True, slots=True)
class Came:
    """One arrival. `told`: who told of it, with spaces between; `graded`: what the area was graded then."""

    id: UUID
    person: UUID
    area: str
    at: datetime
    from_area: str
    risk: str
    graded: str
    mode: str
    vehicle: str
    told: str
    checked_at: datetime | None
    outcome: str
    state: str
    answered_at: datetime | None
    by: UUID | None

    @property
    def gravest(self) -> str:
        return gravest(self.risk, self.graded)


_CAME = tuple("person_id" if field.name == "person" else field.name for field in fields(Came))


def arrivals_found(area: str, *, state: str = "", risk: str = "", text: str = "") -> "QuerySet[Arrival]":
    """Arrivals in an area, in no order yet."""
    lo, hi = prefix_range(area)
    found = Arrival.objects.filter(area__gte=lo, area__lt=hi)
    if state:
        found = found.filter(state=state)
    if risk:
        found = found.filter(Q(risk=risk) | Q(graded=risk))
    return found.filter(_named(text)) if text.strip() else found


def arrivals(
    area: str, *, state: str = "", risk: str = "", text: str = "", after: str = "", limit: int = 50
) -> list[Came]:
    """Arrivals in an area, the latest first; `after` is the last one's id. At most two queries."""
    found = arrivals_found(area, state=state, risk=risk, text=text)
    found = beyond(found, "at", after)
    return [Came(*row) for row in found.order_by("-at", "-id").values_list(*_CAME)[:limit]]


def arrivals_stream(area: str, *, state: str = "", risk: str = "", text: str = "") -> Iterator[Came]:
    """Every row of `arrivals`, from one cursor. Within a transaction."""
    found = arrivals_found(area, state=state, risk=risk, text=text).order_by("-at", "-id")
    return (Came(*row) for row in found.values_list(*_CAME).iterator(FETCHED))


def arrivals_by_id(ids: Iterable[UUID]) -> list[Came]:
    """Arrivals by id, those in scope. One query."""
    found = Arrival.objects.filter(id__in=set(ids)).order_by("-at", "-id")
    return [Came(*row) for row in found.values_list(*_CAME)]


def arrival_of(person: UUID, said_at: datetime) -> tuple[str, datetime | None] | None:
    """How far somebody's latest arrival before an instant is, and since when: for the receipt they hold. One query."""
    found = Arrival.objects.filter(person=person, at__lte=said_at).order_by("-at", "-id")
    return found.values_list("state", "answered_at").first()


def states(area: str) -> dict[str, int]:
    """How many arrivals of an area are in each state. One query."""
    lo, hi = prefix_range(area)
    found = Arrival.objects.filter(area__gte=lo, area__lt=hi).values("state").order_by("state")
    return {row["state"]: row["n"] for row in found.annotate(n=Count("id"))}


def declared_names(people: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """What people who declared themselves said they are called, and their telephone, masked. One query."""
    safe, found = vault(), {}
    for row in Declaration.objects.filter(person__in=set(people)).order_by("said_at"):
        found[row.person] = safe.unseal(row.name, row.id, "name"), mask_phone(safe.unseal(row.phone, row.id, "phone"))
    return found
