"""Who is isolated at home in an area, with today's readings: what the round from door to door goes by."""

from collections.abc import Sequence
from datetime import datetime

from bulou.kernel.areas import prefix_range
from bulou.no_miss.isolation.room_board import Guest, guest_of, with_today
from bulou.no_miss.isolation.site_parts import query

MOST = 600
"""People of one round: more than a village has at home, and what a page can still hold. One more says: not all."""
_AT_HOME = """
SELECT s.id, s.person, p.name, p.sex, p.birth_date, s.area, s.begun_at, s.planned_end, s.slot, s.trouble, s.kind
FROM stay s LEFT JOIN person p ON p.id = s.person
WHERE s.kind = 'home' AND s.ended_at IS NULL AND s.area >= %(lo)s AND s.area < %(hi)s
ORDER BY s.area, s.begun_at, s.id LIMIT %(limit)s
"""


def at_home(area: str, now: datetime) -> Sequence[Guest]:
    """Everybody isolated at home there, village by village, and up to one more than `MOST`.

    Three queries, the numbers of the plans in force aside.
    """
    lo, hi = prefix_range(area)
    found = [guest_of(row, now) for row in query(_AT_HOME, lo=lo, hi=hi, limit=MOST + 1)]
    known = with_today(found, now)
    return [known[one.stay] for one in found]
