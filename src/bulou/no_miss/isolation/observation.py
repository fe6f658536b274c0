"""The ledger of medical observation: who is isolated, at home or in a site, by when they may go, who answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bulou.kernel.areas import prefix_range
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.no_miss.isolation.models import Stay

COLUMNS = (
    "id",
    "person_id",
    "person__name",
    "area",
    "kind",
    "room_id",
    "room__number",
    "begun_at",
    "planned_end",
    "ended_at",
)


@dataclass(frozen=True, slots=True)
class Observed:
    """One stay of the ledger. `name` is None where the session may not see who."""

    id: UUID
    person: UUID
    name: str | None
    area: str
    kind: str
    room: UUID | None
    number: str | None
    begun: datetime
    planned_end: datetime
    ended: datetime | None

    @property
    def cursor(self) -> str:
        return f"{self.planned_end.isoformat()}~{self.id}"

    @property
    def days(self) -> int:
        """How long the grounds reach, in days as plans count them."""
        return (local_date(self.planned_end, SHANGHAI) - local_date(self.begun, SHANGHAI)).days


@dataclass(frozen=True, slots=True)
class Said:
    """What was last recorded of a person: who answers for them, who saw them as a medic, why an isolation ended."""

    manager: str = ""
    medic: str = ""
    reason: str = ""


_SAID = """
SELECT DISTINCT ON (f.subject, f.kind) f.subject, f.kind,
    CASE f.kind WHEN 'manager.named' THEN f.data ->> 'manager' WHEN 'isolation.ended' THEN f.data ->> 'reason'
        ELSE COALESCE(CASE WHEN %(english)s AND u.name_en <> '' THEN u.name_en ELSE u.name END, f.by) END
FROM unnest(%(subjects)s::text[]) w (subject)
JOIN fact f ON f.subject = w.subject AND f.kind = ANY (%(kinds)s::text[]) AND f.at <= %(now)s
LEFT JOIN unit u ON f.by = 'unit:' || u.id
WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.subject, f.kind, f.at DESC, f.id DESC
"""
_KINDS = {"manager.named": "manager", "medic.assessed": "medic", "isolation.ended": "reason"}


def stays(area: str, *, now: datetime, kind: str = "", state: str = "") -> QuerySet[Stay]:
    """The stays of an area that answer, in no order yet. `state`: `over` (held past the grounds), `ended`, or open."""
    lo, hi = prefix_range(area)
    found = Stay.objects.filter(area__gte=lo, area__lt=hi, ended_at__isnull=state != "ended")
    if state == "over":
        found = found.filter(planned_end__lte=now)
    return found.filter(kind=kind) if kind else found


def observed(
    area: str, *, now: datetime, kind: str = "", state: str = "", after: str = "", limit: int = 50
) -> list[Observed]:
    """The stays of an area by when the grounds end, the earliest first. One query.

    `after` is the cursor of the last row before.
    """
    found = stays(area, now=now, kind=kind, state=state)
    if last := _cursor(after):
        found = found.filter(Q(planned_end__gt=last[0]) | Q(planned_end=last[0], id__gt=last[1]))
    rows = found.order_by("planned_end", "id").values_list(*COLUMNS)[:limit]
    return [Observed(*row) for row in rows]


def said_of(people: Iterable[UUID], now: datetime, *, english: bool = False) -> dict[UUID, Said]:
    """What was last recorded of each of some people. One query."""
    given: dict[str, Any] = {
        "subjects": [f"person:{id}" for id in people],
        "kinds": list(_KINDS),
        "now": now,
        "english": english,
    }
    found: dict[UUID, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, given)
        for subject, kind, words in cursor.fetchall():
            found.setdefault(UUID(subject.removeprefix("person:")), {})[_KINDS[kind]] = words or ""
    return {person: Said(**each) for person, each in found.items()}


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, id = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(id)) if instant.tzinfo else None
    except ValueError:
        return None
