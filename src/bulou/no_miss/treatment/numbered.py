"""Beds of hospitals by their number. Scope is the session's."""

from dataclasses import dataclass

from bulou.directory.selectors.numbered import numbered

_FIND = """
SELECT b.place::text, b.number, w.name, CASE WHEN %(english)s AND u.name_en <> '' THEN u.name_en ELSE u.name END,
    b.area, CASE WHEN b.state = 'free' AND b.reserved_until > %(now)s THEN 'kept' ELSE b.state END
FROM bed b JOIN ward w ON w.place = b.ward JOIN unit u ON u.id = b.unit
WHERE b.number COLLATE "C" >= %(number)s AND b.number COLLATE "C" < %(end)s AND b.area >= %(lo)s AND b.area < %(hi)s
    AND (strpos(u.name, %(within)s) > 0 OR strpos(w.name, %(within)s) > 0)
ORDER BY b.number COLLATE "C", u.name, b.place LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class BedHit:
    """A bed found by its number, with its ward, hospital and state; never who lies in it."""

    id: str
    number: str
    ward: str
    hospital: str
    area: str
    state: str


def beds_find(text: str, *, area: str = "", limit: int = 8) -> list[BedHit]:
    """Beds whose number begins so; words before it narrow by hospital or ward (`一病区 05`). One query, or none."""
    return [BedHit(*row) for row in numbered(_FIND, text, area=area, limit=limit)]
