"""The response level at an area, and with it, in one query, how many alerts an account has not read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bulou.directory.models import Account
from bulou.directory.selectors.areas import in_english
from bulou.kernel.areas import ancestry
from bulou.plan.evaluate import GRADES

MOST = 100
"""Unread alerts are counted up to here."""
_NAMES = {grade: level for level, grade in GRADES.items()}
_STANDING = f"""
SELECT l.grade, l.since, l.name, (SELECT count(*) FROM (
    SELECT FROM alert a
    WHERE a.unit = %(unit)s AND a.made_at > now() - interval '30 days'
        AND NOT EXISTS (SELECT FROM alert_read r WHERE r.alert = a.id AND r.account = %(account)s)
    LIMIT {MOST}) u)
FROM (SELECT) one
LEFT JOIN LATERAL (
    SELECT s.grade, lower(s.span) AS since,
        CASE WHEN %(english)s AND a.name_en <> '' THEN a.name_en ELSE a.name END AS name
    FROM level_span s JOIN area a ON a.code = s.area
    WHERE s.area = ANY(%(areas)s) AND s.span @> %(now)s::timestamptz AND s.grade > 0
    ORDER BY s.grade DESC, s.area LIMIT 1) l ON true
"""


@dataclass(frozen=True, slots=True)
class Level:
    """A level in force: I to IV, the area it was set for, and since when."""

    level: str
    area_name: str
    at: datetime


def standing(account: Account, now: datetime) -> tuple[Level | None, int]:
    """The level in force at the account's area (the gravest on it or above; None for none), and its unread alerts.

    One query for both: the bell costs no page one more.
    """
    given: dict[str, Any] = {"areas": ancestry(account.area), "now": now, "english": in_english()}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, given | {"unit": account.unit_id, "account": account.pk})
        grade, since, name, unread = cursor.fetchone()
    return Level(_NAMES[grade], name, since) if grade else None, unread
