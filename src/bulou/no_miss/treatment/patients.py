"""The patients' list: who is ill or has just recovered, where they lie, and what is missing. One query a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.no_miss.treatment.ward_board import BARE

FOLLOWED = timedelta(days=28)
"""How long somebody discharged stays on the list: two weeks apart and two of watching, as the national protocol of
2020 has it (国卫办医函〔2020〕184号); our choice for others."""
VISIT = timedelta(days=7)
"""How long after the last visit a convalescent is shown as unvisited: our choice; plans have their own days."""
View = Literal["ill", "no_bed", "grave", "convalescent"]
Missing = Literal["bed", "report", "severe_report", "plan", "consultation", "device", "visit"]

_STATES: dict[View, str] = {
    "ill": "e.ended_at IS NULL",
    "no_bed": "e.ended_at IS NULL AND e.confirmed_at IS NOT NULL AND s.bed IS NULL",
    "grave": "e.ended_at IS NULL AND e.graver_at IS NOT NULL",
    "convalescent": "e.outcome = 'discharged' AND e.ended_at >= %(followed)s",
}
_PAGE = """
SELECT e.id, e.person, p.name, p.birth_date, e.number, e.status, e.severity, e.area, e.unit, w.name, b.number,
    b.place, e.begun_at, e.confirmed_at, e.ended_at, e.graver_at, e.told_at, e.reported_at, e.planned_at,
    e.consulted_at, e.visited_at, e.ended_at IS NULL AND {bare}
FROM episode e
LEFT JOIN bed_stay s ON s.episode = e.id AND s.ended_at IS NULL
LEFT JOIN bed b ON b.place = s.bed LEFT JOIN ward w ON w.place = b.ward LEFT JOIN person p ON p.id = e.person
WHERE {state} AND (%(unit)s::uuid IS NULL OR e.unit = %(unit)s)
    AND (%(at)s::timestamptz IS NULL OR (e.begun_at, e.id) < (%(at)s, %(id)s::uuid))
ORDER BY e.begun_at DESC, e.id DESC LIMIT %(limit)s
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE e.ended_at IS NULL),
    count(*) FILTER (WHERE e.ended_at IS NULL AND e.confirmed_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM bed_stay s WHERE s.episode = e.id AND s.ended_at IS NULL AND s.bed IS NOT NULL)),
    count(*) FILTER (WHERE e.ended_at IS NULL AND e.graver_at IS NOT NULL),
    count(*) FILTER (WHERE e.outcome = 'discharged' AND e.ended_at >= %(followed)s)
FROM episode e
WHERE (e.ended_at IS NULL OR e.ended_at >= %(followed)s) AND (%(unit)s::uuid IS NULL OR e.unit = %(unit)s)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One patient. `name` is None where the session may not see who; `missing` what nobody has done for them."""

    episode: UUID
    person: UUID | None
    name: str | None
    age: int | None
    number: str
    status: str
    severity: str
    area: str
    unit: UUID | None
    ward: str
    bed: str
    place: UUID | None
    begun: datetime
    confirmed: datetime | None
    ended: datetime | None
    visited: datetime | None
    missing: tuple[Missing, ...]


def page(view: View, after: str, limit: int, unit: UUID | None = None) -> tuple[list[Row], str | None]:
    """Patients of the session's scope, the latest first, and the cursor of the next page. One query."""
    at, id = _cursor(after)
    now = clock.now()
    given = {"followed": now - FOLLOWED, "unit": unit, "at": at, "id": id, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(state=_STATES[view], bare=BARE), given)
        rows = [_row(row, now) for row in cursor.fetchall()]
    more = len(rows) > limit
    return rows[:limit], f"{rows[limit - 1].begun.isoformat()}.{rows[limit - 1].episode}" if more else None


def stream(view: View, unit: UUID | None = None, size: int = 1000) -> Iterator[Row]:
    """Every patient of a view, page after page."""
    after: str | None = ""
    while after is not None:
        rows, after = page(view, after, size, unit)
        yield from rows


def counts(unit: UUID | None = None) -> dict[View, int]:
    """How many there are of each view. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"followed": clock.now() - FOLLOWED, "unit": unit})
        return dict(zip(_STATES, cursor.fetchone(), strict=True))


def _cursor(after: str) -> tuple[str | None, str | None]:
    at, separator, id = after.rpartition(".")
    try:
        return (datetime.fromisoformat(at).isoformat(), str(UUID(id))) if separator else (None, None)
    except ValueError:
        return None, None


def _row(row: tuple[Any, ...], now: datetime) -> Row:
    (episode, person, name, birth, number, status, severity, area, unit, ward, bed, place, begun, confirmed, ended,
     graver, told, reported, planned, consulted, visited, is_bare) = row  # fmt: skip
    absent: dict[Missing, bool] = {
        "bed": ended is None and confirmed is not None and place is None,
        "report": ended is None and reported is None,
        "severe_report": graver is not None and ended is None and (told is None or told < graver),
        "plan": graver is not None and ended is None and planned is None,
        "consultation": graver is not None and ended is None and consulted is None,
        "device": bool(is_bare),
        "visit": ended is not None and max(filter(None, (ended, visited))) < now - VISIT,
    }
    age = None if birth is None else (local_date(now, SHANGHAI) - birth).days * 4 // 1461
    missing = tuple(what for what, is_missing in absent.items() if is_missing)
    return Row(episode, person, name, age, number, status, severity, area, unit, ward or "", bed or "", place,
               begun, confirmed, ended, visited, missing)  # fmt: skip
