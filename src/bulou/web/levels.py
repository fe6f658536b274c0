"""The response level at an area: the gravest in force on it or on any area that contains it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bulou.directory.selectors.areas import in_english
from bulou.kernel.areas import ancestry
from bulou.plan.evaluate import GRADES

_NAMES = {grade: level for level, grade in GRADES.items()}
_LEVEL = """
SELECT s.grade, lower(s.span), CASE WHEN %(english)s AND a.name_en <> '' THEN a.name_en ELSE a.name END
FROM level_span s JOIN area a ON a.code = s.area
WHERE s.area = ANY(%(areas)s) AND s.span @> %(now)s::timestamptz AND s.grade > 0
ORDER BY s.grade DESC, s.area LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Level:
    """A level in force: I to IV, the area it was set for, and since when."""

    level: str
    area_name: str
    at: datetime


def level_at(area: str, now: datetime) -> Level | None:
    """The level in force at an area; None where there is none. One query."""
    given: dict[str, Any] = {"areas": ancestry(area), "now": now, "english": in_english()}
    with connection.cursor() as cursor:
        cursor.execute(_LEVEL, given)
        row = cursor.fetchone()
    return Level(_NAMES[row[0]], row[2], row[1]) if row else None
