"""Rooms of isolation sites by their number. Scope is the session's."""

from dataclasses import dataclass

from bulou.directory.selectors.numbered import numbered

_FIND = """
SELECT r.place::text, r.number, r.building, CASE WHEN %(english)s AND u.name_en <> '' THEN u.name_en ELSE u.name END,
    r.area, CASE WHEN r.state = 'free' AND r.reserved_until > %(now)s THEN 'kept' ELSE r.state END
FROM room r JOIN unit u ON u.id = r.unit
WHERE r.number COLLATE "C" >= %(number)s AND r.number COLLATE "C" < %(end)s AND r.area >= %(lo)s AND r.area < %(hi)s
    AND (strpos(u.name, %(within)s) > 0 OR strpos(r.building, %(within)s) > 0)
ORDER BY r.number COLLATE "C", u.name, r.place LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RoomHit:
    """A room found by its number, with its site and state; never who is in it."""

    id: str
    number: str
    building: str
    site: str
    area: str
    state: str


def rooms_find(text: str, *, area: str = "", limit: int = 8) -> list[RoomHit]:
    """Rooms whose number begins so; words before it narrow by site or building (`西楼 301`). One query, or none."""
    return [RoomHit(*row) for row in numbered(_FIND, text, area=area, limit=limit)]
