"""Reads of testing. Scope is the session's."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bulou.directory.search_keys import LAST, folded
from bulou.kernel.areas import prefix_range

SHORTEST = 3
"""Signs of a code a search needs, one of them a digit: fewer are the beginning of a name."""
_FIND = """
SELECT s.code, s.subject, s.area, s.stage, s.result, s.at, coalesce(p.name, '')
FROM (
    SELECT * FROM specimen WHERE key >= %(key)s AND key < %(end)s AND area >= %(lo)s AND area < %(hi)s
    ORDER BY key, area, id LIMIT %(limit)s
) s LEFT JOIN person p ON p.id = s.person
ORDER BY s.key, s.area, s.id
"""


@dataclass(frozen=True, slots=True)
class TubeHit:
    """A tube found by its code. `stage`: the kind of its latest fact; `name`: whose it is, empty out of scope."""

    code: str
    subject: str
    area: str
    stage: str
    result: str
    at: datetime
    name: str


def tubes_find(text: str, *, area: str = "", limit: int = 8) -> list[TubeHit]:
    """Tubes whose code begins so, whatever its case and signs. One query; none for a text that is no code.

    The comparisons are leakproof ranges, so the index serves under row-level security.
    """
    key = folded(text)
    if len(key) < SHORTEST or not any(sign.isdigit() for sign in key):
        return []
    lo, hi = prefix_range(area)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"key": key, "end": key + LAST, "lo": lo, "hi": hi, "limit": limit})
        return [TubeHit(*row) for row in cursor.fetchall()]
