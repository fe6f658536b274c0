"""Notices of the ledger become alerts: one for all that one rule tells one unit at one time."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from bulou.alerts.escalation import LADDERS, minutes_of
from bulou.alerts.models import Alert
from bulou.directory.scope import everywhere
from bulou.kernel.areas import ancestry
from bulou.ledger.selectors import key_of

CHUNK = 20_000


class Group(NamedTuple):
    """Notices that are one alert. `unit_area`: where the unit is; `places`: the least and the greatest area."""

    unit: UUID
    unit_area: str
    role: str
    step: int
    rule: str
    plan: str
    clause: str
    body: str
    number: int
    least: str
    greatest: str
    subject: str
    opens_at: datetime
    at: datetime


def gather() -> int:
    """Notices nobody was alerted of yet become alerts; how many alerts. Chunk by chunk, each in one transaction."""
    made = 0
    while True:
        with transaction.atomic(), everywhere():
            groups, count = _take()
            made += len(Alert.objects.bulk_create([_alert(group) for group in groups]))
        if count < CHUNK:
            return made


def _take() -> tuple[list[Group], int]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"limit": CHUNK, "commands": list(LADDERS["miss"])})
        rows = cursor.fetchall()
    return [Group._make(row[:-1]) for row in rows if row[0] is not None], rows[0][-1] if rows else 0


def _alert(group: Group) -> Alert:
    title = json.loads(group.body)["title"]
    urgent = group.step > 0
    return Alert(
        kind="miss",
        urgent=urgent,
        unit=group.unit,
        role=group.role,
        area=group.unit_area,
        place=_common(group.least, group.greatest),
        zh=f"漏：{title['zh']}" + (f"（{group.number} 项）" if group.number > 1 else ""),
        en=f"Missed: {title['en']}" + (f" ({group.number})" if group.number > 1 else ""),
        count=group.number,
        data=_leads_to(group),
        step=group.step,
        at=group.at,
        escalate_at=timezone.now() + timedelta(minutes=minutes_of(urgent=urgent)),
    )


def _leads_to(group: Group) -> dict[str, Any]:
    if group.number == 1:
        return {"duty": key_of(group.rule, group.subject, group.opens_at)}
    return {"plan": group.plan, "clause": group.clause}


def _common(least: str, greatest: str) -> str:
    """The smallest area that holds both."""
    shared = (code for code in reversed(ancestry(least)) if greatest.startswith(code))
    return next(shared, "")


_TAKE = """
WITH taken AS (
    UPDATE notice n SET alerted_at = clock_timestamp()
    FROM (SELECT subject, rule, opens_at, step FROM notice WHERE alerted_at IS NULL
        ORDER BY at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) t
    WHERE n.subject = t.subject AND n.rule = t.rule AND n.opens_at = t.opens_at AND n.step = t.step
    RETURNING n.rule, n.subject, n.opens_at, n.step, n.area, n.role, n.unit, n.at
), led AS (
    SELECT t.*, COALESCE(t.unit, (SELECT u.unit FROM unit_role u
        WHERE u.role = ANY (%(commands)s) AND u.area = ANY (ARRAY[left(t.area, 2), left(t.area, 4), left(t.area, 6),
            left(t.area, 9), left(t.area, 12), t.area])
        ORDER BY length(u.area) DESC, u.unit LIMIT 1)) AS whom
    FROM taken t
)
SELECT l.whom, u.area, l.role, l.step, r.name, r.plan, r.clause, r.body, count(*), min(l.area), max(l.area),
    min(l.subject), min(l.opens_at), max(l.at), (SELECT count(*) FROM taken)
FROM led l JOIN rule r ON r.id = l.rule LEFT JOIN unit u ON u.id = l.whom
GROUP BY l.whom, u.area, l.role, l.step, r.id, r.name, r.plan, r.clause, r.body
"""
