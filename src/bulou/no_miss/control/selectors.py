"""Reads of control. Scope is the session's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr

from bulou.directory.selectors.paging import beyond
from bulou.kernel.areas import prefix_range
from bulou.no_miss.control.models import Zone

FETCHED = 2_000
"""Rows fetched at once for a file."""
_ZONE = "zone:"


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One time of one zone, as the table has it (`models.Zone`)."""

    id: UUID
    zone: str
    area: str
    since: datetime
    unit_kind: str
    level: str
    measures: str
    grounds: str
    changed: datetime | None
    until: datetime | None
    reason: str
    by: UUID | None

    @property
    def subject(self) -> str:
        """What facts call it."""
        return f"{_ZONE}{self.zone}"


_COLUMNS = tuple(field.name for field in fields(ZoneRow))


def zones(
    area: str, *, state: str = "", level: str = "", oldest: bool = False, after: str = "", limit: int = 50
) -> list[ZoneRow]:
    """The zones of an area, the latest first; `after` is the last one's id. At most two queries.

    `state`: `force`, `lifted` or both; `level`: sealed, controlled, watched or any.
    """
    found = zones_found(area, state=state, level=level)
    found = beyond(found, "since", after, oldest=oldest)
    return [ZoneRow(*row) for row in _ordered(found, oldest)[:limit]]


def zones_found(area: str, *, state: str = "", level: str = "") -> "QuerySet[Zone]":
    """Those times of zones, in no order yet."""
    lo, hi = prefix_range(area)
    found = Zone.objects.filter(area__gte=lo, area__lt=hi)
    if state:
        found = found.filter(until__isnull=state == "force")
    return found.filter(level=level) if level else found


def zones_by_area(areas: Iterable[str]) -> dict[str, int]:
    """How many zones are in force in each of some areas of one tier; none is left out. One query, none for no area."""
    wanted = sorted(set(areas))
    if not wanted:
        return {}
    part = Substr("area", 1, len(wanted[0]))
    lo, hi = wanted[0], prefix_range(wanted[-1])[1]
    found = zones_found("", state="force").filter(area__gte=lo, area__lt=hi).annotate(part=part)
    counted = dict(found.values_list("part").annotate(n=Count("id")))
    return {code: counted.get(code, 0) for code in wanted}


def zones_stream(area: str, *, state: str = "", level: str = "", oldest: bool = False) -> Iterator[ZoneRow]:
    """Every row of `zones`, from one cursor. Within a transaction."""
    found = _ordered(zones_found(area, state=state, level=level), oldest)
    return (ZoneRow(*row) for row in found.iterator(FETCHED))


def zones_by_id(ids: Iterable[UUID]) -> list[ZoneRow]:
    """Times of zones by id, those in scope. One query."""
    return [ZoneRow(*row) for row in _ordered(Zone.objects.filter(id__in=set(ids)), False)]


def zones_of(subjects: Iterable[str]) -> dict[str, ZoneRow]:
    """The latest time of each zone among some subjects, by subject. One query, none where there is no zone."""
    named = {one.removeprefix(_ZONE) for one in subjects if one.startswith(_ZONE)}
    found = _ordered(Zone.objects.filter(zone__in=named), True) if named else ()
    return {row.subject: row for row in (ZoneRow(*values) for values in found)}


def _ordered(found: "QuerySet[Zone]", oldest: bool) -> Any:
    order = ("since", "id") if oldest else ("-since", "-id")
    return found.order_by(*order).values_list(*_COLUMNS)
