"""Staff who worked among patients or were exposed: who is watched until when, and who was not measured today."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.directory.models import Account, Person
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.ledger import acts
from bulou.ledger.engines import store
from bulou.no_miss.treatment import refusals
from bulou.no_miss.treatment.courses import is_id
from bulou.no_miss.treatment.models import StaffWatch

WORKED, EXPOSED = "shift.worked", "staff.exposed"
KINDS = (WORKED, EXPOSED)
WATCHED = timedelta(days=14)
"""How long after the last shift or exposure somebody is watched: the longest incubation of the profiles in use."""

_FACTS = """
SELECT f.subject, f.kind, f.at, f.area, f.data FROM fact f
WHERE {subjects} AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) ORDER BY f.at, f.id
"""
_PAGE = """
SELECT s.person, p.name, s.area, s.unit, s.worked_at, s.zone, s.protection, s.exposed_at, s.exposure, s.until,
    r.celsius
FROM staff_watch s LEFT JOIN person p ON p.id = s.person LEFT JOIN LATERAL (
    SELECT f.data ->> 'celsius' AS celsius FROM fact f
    WHERE f.subject = 'person:' || s.person AND f.kind = 'temperature.read'
        AND f.at >= %(midnight)s AND f.at <= %(now)s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
    ORDER BY f.at DESC LIMIT 1) r ON true
WHERE s.until > %(now)s AND (NOT %(unmeasured)s OR r.celsius IS NULL)
    AND (%(exposed)s = '' OR s.exposure = %(exposed)s)
    AND (%(at)s::timestamptz IS NULL OR (s.until, s.person) < (%(at)s, %(id)s::uuid))
ORDER BY s.until DESC, s.person DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """Somebody watched. `celsius` is today's last reading, None where there is none: that is what is missing."""

    person: UUID
    name: str | None
    area: str
    unit: UUID | None
    worked: datetime | None
    zone: str
    protection: str
    exposed: datetime | None
    exposure: str
    until: datetime
    celsius: float | None


def record(person: UUID, kind: str, data: Mapping[str, Any], *, by: Account, id: UUID | None = None) -> None:
    """A shift among patients, or an exposure, of somebody on file. BulouError where they are out of scope."""

    def act() -> None:
        area = Person.objects.filter(id=person).values_list("area_id", flat=True).first()
        if area is None:
            raise refusals.no_patient()
        said = {"unit": f"unit:{by.unit_id}"} | dict(data)
        acts.record(acts.fact(kind, f"person:{person}", area, said, by, id), by)

    acts.atomic(act)


def page(after: str, limit: int, *, unmeasured: bool = False, exposed: str = "") -> tuple[list[Watched], str | None]:
    """Who is watched now, the longest to go first, and the cursor of the next page. One query.

    `unmeasured`: only those without a reading today; `exposed`: only those exposed in this way.
    """
    at, id = _cursor(after)
    now = clock.now()
    midnight = datetime.combine(local_date(now, SHANGHAI), time(), SHANGHAI)
    with connection.cursor() as cursor:
        given = {"now": now, "midnight": midnight, "at": at, "id": id, "limit": limit + 1}
        cursor.execute(_PAGE, given | {"unmeasured": unmeasured, "exposed": exposed})
        rows = [Watched(*(*row[:-1], float(row[-1]) if row[-1] else None)) for row in cursor.fetchall()]
    more = len(rows) > limit
    return rows[:limit], f"{rows[limit - 1].until.isoformat()}.{rows[limit - 1].person}" if more else None


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the watched up to date for people whose facts moved (`ledger/following.py`); None: of everybody."""
    if subjects is None:
        StaffWatch.objects.all().delete()
    people = None if subjects is None else [subject for subject in subjects if is_id(subject.removeprefix("person:"))]
    where = "true" if people is None else "f.subject = ANY(%(subjects)s::text[])"
    given = {"subjects": people, "kinds": list(KINDS), "now": now}
    facts: dict[str, list[tuple[str, datetime, str, Mapping[str, Any]]]] = defaultdict(list)
    for subject, kind, at, area, data in store.query(_FACTS.format(subjects=where), given):
        facts[subject].append((kind, at, area, json.loads(data)))
    if people:
        ids = [UUID(one.removeprefix("person:")) for one in people]
        StaffWatch.objects.filter(person__in=ids).delete()
    rows = [watch_of(subject.removeprefix("person:"), own) for subject, own in facts.items()]
    StaffWatch.objects.bulk_create(rows, batch_size=1000)


def watch_of(person: str, facts: Iterable[tuple[str, datetime, str, Mapping[str, Any]]]) -> StaffWatch:
    """How somebody is watched, from their facts in order of time: the last shift, the last exposure, until when."""
    found = StaffWatch(person=UUID(person), zone="", protection="", exposure="")
    for kind, at, area, data in facts:
        unit = str(data.get("unit") or "").removeprefix("unit:")
        found.area, found.until, found.unit = area, at + WATCHED, UUID(unit) if is_id(unit) else found.unit
        if kind == WORKED:
            found.worked_at, found.zone, found.protection = at, str(data["zone"]), str(data["protection"])
        else:
            found.exposed_at, found.exposure = at, str(data["exposure"])
    return found


def _cursor(after: str) -> tuple[str | None, str | None]:
    at, separator, id = after.rpartition(".")
    try:
        return (datetime.fromisoformat(at).isoformat(), str(UUID(id))) if separator else (None, None)
    except ValueError:
        return None, None
