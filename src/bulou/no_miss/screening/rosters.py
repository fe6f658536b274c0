"""Reads of campaigns: how far each is, area by area down to the grid, and the next door. Scope is the session's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from bulou.kernel.areas import prefix_range
from bulou.no_miss.screening.campaigns import FOUND, NO_ANSWER, WAITING, Coverage
from bulou.no_miss.screening.models import Campaign, Door

NEXT = {0: 2, 2: 4, 4: 6, 6: 9, 9: 12, 12: 15}
"""Digits of an area to those of its parts; below a grid are doors."""


@dataclass(frozen=True, slots=True)
class Knocked:
    """One door of a campaign: what it is called, how it stands."""

    place: UUID
    name: str
    area: str
    state: str
    visits: int
    last_at: datetime | None
    present: int
    expected: int | None
    symptomatic: int
    unlisted: int


def campaigns(limit: int = 100) -> list[Campaign]:
    """The campaigns in scope, those that go on first, the latest first. One query."""
    return list(Campaign.objects.order_by("-ends_at", "-id")[:limit])


def campaign(id: UUID) -> Campaign | None:
    """One campaign in scope. One query."""
    return Campaign.objects.filter(id=id).first()


def coverages(ids: Iterable[UUID]) -> dict[UUID, Coverage]:
    """How far each of these campaigns is, within the scope. One query."""
    rows = _counted(Door.objects.filter(campaign__in=list(ids)), "campaign")
    return {campaign: Coverage(*numbers) for campaign, *numbers in rows}


def coverage_by_area(campaign: UUID, area: str) -> dict[str, Coverage]:
    """How far a campaign is in each part of an area, by code; of a grid, in itself. One query."""
    lo, hi = prefix_range(area)
    found = Door.objects.filter(campaign=campaign, area__gte=lo, area__lt=hi)
    rows = _counted(found.annotate(part=Left("area", NEXT.get(len(area), 15))), "part")
    return {part: Coverage(*numbers) for part, *numbers in rows}


def doors(campaign: UUID, area: str, *, state: str = "", limit: int = 200) -> list[Knocked]:
    """Doors of a campaign in an area that are not done, or of one state: return visits first, then nobody yet. 1 query.

    `state`: `waiting`, `no_answer`, `visited`, `unlisted` (somebody met there whom no list had), else what is to do.
    """
    lo, hi = prefix_range(area)
    found = Door.objects.filter(campaign=campaign, area__gte=lo, area__lt=hi)
    if state == "unlisted":
        found = found.filter(unlisted__gt=0)
    elif state in (WAITING, NO_ANSWER, FOUND):
        found = found.filter(state=state)
    else:
        found = found.exclude(state=FOUND)
    return _knocked(found.order_by("area", "state", "place__name", "place_id")[:limit])


def door(campaign: UUID, place: UUID) -> Knocked | None:
    """One door of a campaign. One query."""
    return next(iter(_knocked(Door.objects.filter(campaign=campaign, place=place))), None)


def next_door(campaign: UUID, area: str, *, after: UUID | None = None) -> Knocked | None:
    """The door to knock at next: nobody has yet, in order; then those where nobody answered, the longest ago first.

    `after`: the door just left, which does not come again at once. One query.
    """
    lo, hi = prefix_range(area)
    found = Door.objects.filter(campaign=campaign, area__gte=lo, area__lt=hi).exclude(state=FOUND)
    if after:
        found = found.exclude(place=after)
    return next(iter(_knocked(found.order_by("visits", "last_at", "area", "place__name", "place_id")[:1])), None)


def _knocked(found: "QuerySet[Door]") -> list[Knocked]:
    columns = ("place_id", "place__name", "area", "state", "visits", "last_at", "present", "expected")
    rows: Sequence[tuple[object, ...]] = list(found.values_list(*columns, "symptomatic", "unlisted"))
    return [Knocked(*row) for row in rows]  # type: ignore[arg-type]


def _counted(found: "QuerySet[Door]", by: str) -> list[tuple[Any, ...]]:
    counted = (
        found.order_by()
        .values(by)
        .annotate(
            doors=Count("id"),
            met=Count("id", filter=Q(state=FOUND)),
            none=Count("id", filter=Q(state=NO_ANSWER)),
            ill=Sum("symptomatic"),
            more=Sum("unlisted"),
        )
    )
    return list(counted.order_by(by).values_list(by, "doors", "met", "none", "ill", "more"))
