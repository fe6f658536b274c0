"""Reads of monitoring. Scope is the session's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bulou.kernel.areas import prefix_range
from bulou.no_miss.monitoring.models import Entry, Visit
from bulou.no_miss.monitoring.visits import OPEN

USUAL = timedelta(hours=4)
"""How soon a visit has an outcome that no plan in force asks about: our choice, triage, test and a decision."""
MOST = 300
"""Visits of a desk shown at once."""
_DUES = """
SELECT k.id, min(d.due_at) FROM unnest(%s::text[], %s::uuid[]) k (subject, id)
CROSS JOIN LATERAL (
    SELECT d.due_at FROM duty d
    JOIN rule_trigger g ON g.rule = d.rule AND g.part = 'must' AND g.kind = 'visit.concluded'
    WHERE d.subject = k.subject AND d.opened_by = k.id OFFSET 0) d
GROUP BY k.id
"""


def visit(id: UUID) -> Visit | None:
    """One visit in scope. One query."""
    return Visit.objects.filter(id=id).select_related("person").first()


def open_visits(area: str, *, unit: UUID | None = None) -> list[Visit]:
    """Those without an outcome, turned away or waiting, the longest first; of one clinic where asked. One query."""
    rows = _within(Visit.objects.filter(state__in=OPEN), area)
    rows = rows.filter(unit=unit) if unit else rows
    return list(rows.select_related("person").order_by("visited_at", "id")[:MOST])


def concluded_since(area: str, since: datetime, *, unit: UUID | None = None) -> list[Visit]:
    """Visits that began since an instant and have an outcome, the latest first. One query."""
    rows = _within(Visit.objects.filter(visited_at__gte=since).exclude(state__in=OPEN), area)
    rows = rows.filter(unit=unit) if unit else rows
    return list(rows.select_related("person").order_by("-visited_at", "-id")[:MOST])


def dues(visits: Sequence[Visit]) -> dict[UUID, datetime]:
    """By when each visit must have an outcome: as the plans in force say, else as the product does. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DUES, [[f"person:{one.person_id}" for one in visits], [one.id for one in visits]])
        known = dict(cursor.fetchall())
    return {one.id: known.get(one.id, one.visited_at + USUAL) for one in visits}


def visits_of(person: UUID) -> list[Visit]:
    """The visits of one person, the latest first. One query."""
    return list(Visit.objects.filter(subject=f"person:{person}").order_by("-visited_at", "-id"))


def entries(area: str, kind: str, *, after: str = "", limit: int) -> list[Entry]:
    """A register of an area, the latest first; `after` is the id of the last one of the page before. One query."""
    rows = _entries(area, kind)
    if after:
        at = Entry.objects.filter(id=after).values("at")[:1]
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=after))
    return list(rows.order_by("-at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class DayCount:
    """What a register counts on one day. `n` is what is counted, `of` out of how many (0: not told)."""

    day: date
    key: str
    n: int
    of: int


def counts(area: str, since: datetime, until: datetime, zone: str = "Asia/Shanghai") -> list[DayCount]:
    """Cases of each syndrome, packs of fever medicine and positive samples by day. One query."""
    lo, hi = prefix_range(area)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"lo": lo, "hi": hi, "since": since, "until": until, "zone": zone})
        return [DayCount(*row) for row in cursor.fetchall()]


_COUNTS = """
SELECT (e.at AT TIME ZONE %(zone)s)::date AS day,
    CASE e.kind WHEN 'syndrome.counted' THEN e.data->>'syndrome' ELSE e.kind END AS key,
    sum(coalesce((e.data->>CASE e.kind WHEN 'syndrome.counted' THEN 'cases' WHEN 'environment.sampled' THEN 'positive'
        ELSE 'quantity' END)::int, 0))::int,
    sum(coalesce((e.data->>CASE e.kind WHEN 'syndrome.counted' THEN 'seen' ELSE 'samples' END)::int, 0))::int
FROM monitoring_entry e
WHERE e.area >= %(lo)s AND e.area < %(hi)s AND e.at >= %(since)s AND e.at < %(until)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def _entries(area: str, kind: str) -> QuerySet[Entry]:
    lo, hi = prefix_range(area)
    return Entry.objects.filter(kind=kind, area__gte=lo, area__lt=hi)


def _within(rows: QuerySet[Visit], area: str) -> QuerySet[Visit]:
    lo, hi = prefix_range(area)
    return rows.filter(area__gte=lo, area__lt=hi)


def units_of(visits: Iterable[Visit]) -> set[UUID]:
    """The clinics of visits, and those they went on to."""
    return {unit for one in visits for unit in (one.unit, one.to) if unit}


def latest(area: str, now: datetime, limit: int) -> list[Entry]:
    """The last lines of the registers of an area. One query."""
    lo, hi = prefix_range(area)
    rows = Entry.objects.filter(area__gte=lo, area__lt=hi, at__lte=now)
    return list(rows.order_by("-at", "-id")[:limit])
