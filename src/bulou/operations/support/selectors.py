"""Reads of support. Scope is the session's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from bulou.directory.selectors import paging
from bulou.kernel.areas import prefix_range
from bulou.operations.support import clocks as clocking
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import Call, HelpNeed, OwnPage, RightsRequest, Volunteer

Asked = TypeVar("Asked", HelpNeed, RightsRequest)

URGENT = frozenset({"medicine", "medical_care", "chronic_medicine", "psychological", "crisis", "police", "alarm"})
"""Needs that cannot wait for a day."""
SOON, USUAL = timedelta(hours=2), timedelta(hours=24)
"""How soon a need is answered that no plan in force asks about: our choice."""
LATELY = timedelta(days=14)
"""How long closed needs stay on a person's own page."""


def needs_of(subject: str) -> list[HelpNeed]:
    """The needs of one person or area, those still open first, then the latest. One query."""
    found = HelpNeed.objects.filter(subject=subject).order_by("-asked_at", "-id")
    return sorted(found, key=lambda need: need.state == "closed")


def need(id: UUID) -> HelpNeed | None:
    """One need in scope. One query."""
    return HelpNeed.objects.filter(id=id).first()


def found(area: str, *, state: str = "", code: str = "", referred_to: UUID | None = None) -> QuerySet[HelpNeed]:
    """Needs of an area in a state (`open`: not closed), of a kind, referred to a unit."""
    rows = HelpNeed.objects.filter(area__startswith=area)
    if state:
        rows = rows.exclude(state="closed") if state == "open" else rows.filter(state=state)
    if code:
        rows = rows.filter(need=code)
    return rows.filter(unit=referred_to) if referred_to else rows


def page_of(rows: QuerySet[Asked], *, after: str, limit: int) -> list[Asked]:
    """Some of what was asked, the longest waiting first; `after` is the id of the last one of the page before."""
    return list(paging.beyond(rows, "asked_at", after, oldest=True).order_by("asked_at", "id")[:limit])


def clocks(needs: Sequence[HelpNeed], now: datetime, owners: Mapping[str, UUID | None]) -> dict[UUID, Clock]:
    """Owner and clock of each need. `owners`: who answers for an area where no plan says. One query."""
    planned = clocking.planned(needs)
    return {one.id: _clock(one, planned.get(one.id), now, owners) for one in needs}


def _clock(need: HelpNeed, planned: Clock | None, now: datetime, owners: Mapping[str, UUID | None]) -> Clock:
    if planned:
        return replace(planned, owner=need.unit or planned.owner)
    due_at = need.asked_at + (SOON if need.need in URGENT else USUAL)
    return clocking.usual(need.unit or owners.get(need.area), due_at, need.answered_at, now)


def needs_by_id(ids: Iterable[UUID]) -> list[HelpNeed]:
    """Needs in scope by id, the longest waiting first. One query."""
    return list(HelpNeed.objects.filter(id__in=list(ids)).order_by("asked_at", "id"))


def volunteers(area: str) -> list[Volunteer]:
    """Who helps in an area now, by name. One query."""
    lo, hi = prefix_range(area)
    rows = Volunteer.objects.filter(area__gte=lo, area__lt=hi, left_at=None).select_related("person")
    return list(rows.order_by("person__name", "id"))


def calls(area: str, *, after: str, limit: int) -> list[Call]:
    """Calls the hotline took in an area, the latest first. One query."""
    rows = paging.beyond(Call.objects.filter(area__startswith=area), "at", after)
    return list(rows.order_by("-at", "-id")[:limit])


def expiry(page: UUID) -> datetime:
    """Until when a link opens its page. One query."""
    return OwnPage.objects.values_list("expires_at", flat=True).get(id=page)


def busy(volunteers: Iterable[UUID]) -> dict[UUID, int]:
    """How many open needs each volunteer sees to. One query."""
    rows = HelpNeed.objects.filter(volunteer__in=list(volunteers)).exclude(state="closed")
    counted: dict[UUID, int] = {}
    for one in rows.values_list("volunteer", flat=True):
        if one:
            counted[one] = counted.get(one, 0) + 1
    return counted
