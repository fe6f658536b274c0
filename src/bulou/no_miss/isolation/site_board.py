"""Every isolation site of an area in numbers: rooms by their use, how many are in them, leave, and are on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from bulou.custody.models import OPEN
from bulou.kernel.areas import prefix_range
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.no_miss.isolation.site_parts import STATE, query
from bulou.no_miss.isolation.site_state import IS_OPEN

View = Literal["all", "pressing", "room", "full", "closed"]
_OPEN = IS_OPEN.format(subject="'unit:' || u.id", unit="u.id")
_SITES = f"""
WITH house AS (
    SELECT unit, sum(n) AS rooms, sum(n) FILTER (WHERE state = 'occupied') AS occupied,
        sum(n) FILTER (WHERE state = 'free') AS free, sum(n) FILTER (WHERE state = 'kept') AS kept,
        sum(n) FILTER (WHERE state = 'cleaning') AS cleaning, sum(n) FILTER (WHERE state = 'broken') AS broken
    FROM (SELECT unit, {STATE} AS state, count(*) AS n FROM room GROUP BY 1, 2) r GROUP BY unit),
held AS (
    SELECT unit, count(*) AS people, count(*) FILTER (WHERE planned_end < %(end)s) AS leaving,
        count(*) FILTER (WHERE planned_end <= %(now)s OR trouble <> '') AS pressing
    FROM stay WHERE ended_at IS NULL AND kind = 'central' GROUP BY unit),
coming AS (
    SELECT receiver, count(*) AS expected FROM handover
    WHERE stage IN {OPEN} GROUP BY receiver)
SELECT u.id, u.name, u.area, u.phone, u.synthetic, {_OPEN}, COALESCE(h.rooms, 0)::int, COALESCE(h.occupied, 0)::int,
    COALESCE(h.free, 0)::int, COALESCE(h.kept, 0)::int, COALESCE(h.cleaning, 0)::int, COALESCE(h.broken, 0)::int,
    COALESCE(p.people, 0), COALESCE(p.leaving, 0), COALESCE(c.expected, 0), COALESCE(p.pressing, 0)
FROM unit u LEFT JOIN house h ON h.unit = u.id LEFT JOIN held p ON p.unit = u.id LEFT JOIN coming c ON c.receiver = u.id
WHERE u.area >= %(lo)s AND u.area < %(hi)s AND u.valid_to IS NULL
    AND EXISTS (SELECT FROM unit_role o WHERE o.unit = u.id AND o.role = 'isolation_site')
ORDER BY u.area, u.name, u.id
"""
COUNTED = ("rooms", "occupied", "free", "kept", "cleaning", "broken", "people", "leaving", "expected", "pressing")
"""The numbers of a site that add up over sites."""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site. `leaving`: by the end of tomorrow; `pressing`: past their grounds, or without a bed of their own."""

    id: UUID
    name: str
    area: str
    phone: str
    synthetic: bool
    is_open: bool
    rooms: int
    occupied: int
    free: int
    kept: int
    cleaning: int
    broken: int
    people: int
    leaving: int
    expected: int
    pressing: int


_VIEWS: Mapping[View, Callable[[SiteLine], bool]] = {
    "all": lambda one: True,
    "pressing": lambda one: one.pressing > 0,
    "room": lambda one: one.is_open and one.free > 0,
    "full": lambda one: one.is_open and one.free == 0,
    "closed": lambda one: not one.is_open,
}


def sites(area: str, now: datetime) -> list[SiteLine]:
    """Every site of an area, area by area: hundreds in a province. One query.

    Rooms and people are those in the session's scope, counted before sites are looked at, for nearly all are in one.
    """
    lo, hi = prefix_range(area)
    end = datetime.combine(local_date(now, SHANGHAI) + timedelta(days=2), time(), SHANGHAI)
    return [SiteLine(*row) for row in query(_SITES, lo=lo, hi=hi, now=now, end=end)]


def narrowed(found: Sequence[SiteLine], view: View) -> list[SiteLine]:
    """Those in which something can or must be done."""
    return [one for one in found if _VIEWS[view](one)]


def totals(found: Sequence[SiteLine]) -> dict[str, int]:
    """All of them together, by `COUNTED`."""
    return {name: sum(getattr(one, name) for one in found) for name in COUNTED}
