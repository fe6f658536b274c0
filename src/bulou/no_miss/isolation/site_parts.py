"""A site in numbers, however many rooms it has: by part what they are used for, by day who leaves. One query each."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date

MOST = 500
"""Rooms of one part: what a page can hold, and what its board reads in the time a board has."""
AHEAD, WEEK = 14, 7
"""Days looked ahead, a whole observation; and days of which it is counted how many came."""
ORDER = 'building COLLATE "C", floor, length(number), number COLLATE "C"'
"""How rooms stand in a site. Within a floor nearly as people count, which is enough to cut a hall in pieces."""
STATE = """CASE WHEN state = 'free' AND reserved_for IS NOT NULL AND reserved_until > %(now)s
    THEN 'kept' ELSE state END"""
"""What a room is used for as boards show it: a free one that is kept for somebody is not free."""
_FLOORS = f"""
SELECT building, floor, piece, state, count(*)
FROM (
    SELECT building, floor,
        (row_number() OVER (PARTITION BY building, floor ORDER BY length(number), number COLLATE "C") - 1) / %(most)s
            AS piece,
        {STATE} AS state
    FROM room WHERE unit = %(unit)s) r
GROUP BY building, floor, piece, state ORDER BY building COLLATE "C", floor, piece
"""
_LEAVING = """
SELECT day, count(*), count(*) FILTER (WHERE is_last), NULL
FROM (
    SELECT day, row_number() OVER (PARTITION BY claimed ORDER BY day DESC) = 1 AS is_last
    FROM (
        SELECT claimed, greatest((planned_end AT TIME ZONE 'Asia/Shanghai')::date, %(today)s) AS day
        FROM stay WHERE unit = %(unit)s AND ended_at IS NULL AND trouble <> 'no_room') s) d
WHERE day < %(end)s GROUP BY day
UNION ALL
SELECT NULL, 0, 0, count(*) FROM stay WHERE unit = %(unit)s AND ended_at IS NULL AND begun_at > %(week)s
"""


Floor = tuple[str, int]
"""A building, without a name where there is only one, and a floor."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of a site at once: floors that follow each other, or a piece of one that is too large for that.

    `first` is how many rooms stand before it; `start` and `end` are its first and last floor; `passed`, how many
    rooms of a floor that is cut stand before it, None where whole floors are shown. `states`: rooms by their use.
    """

    first: int
    start: Floor
    end: Floor
    passed: int | None
    states: Mapping[str, int]

    @property
    def rooms(self) -> int:
        return sum(self.states.values())

    @property
    def free(self) -> int:
        return self.states.get("free", 0)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day to come: how many leave by their grounds, and how many rooms are free once theirs are cleaned."""

    day: date
    leaving: int
    free: int


@dataclass(slots=True)
class _Piece:
    """A floor, or a piece of one that is too large."""

    floor: Floor
    piece: int
    states: dict[str, int] = field(default_factory=dict)

    @property
    def rooms(self) -> int:
        return sum(self.states.values())


def parts(unit: UUID, now: datetime) -> list[Part]:
    """The parts of a site in the order of its rooms; none where it has no rooms."""
    found: dict[tuple[Floor, int], _Piece] = {}
    for building, floor, piece, state, rooms in query(_FLOORS, unit=unit, now=now, most=MOST):
        one = found.setdefault(((building, floor), piece), _Piece((building, floor), piece))
        one.states[state] = rooms
    cut = {one.floor for one in found.values() if one.piece}
    made: list[Part] = []
    first = 0
    for together in _together(list(found.values()), cut):
        made.append(_part(first, together, cut))
        first += made[-1].rooms
    return made


def ahead(unit: UUID, free: int, now: datetime) -> tuple[list[Ahead], int]:
    """The days to come, those already over being counted today; and how many came in the last week.

    `free`: rooms free now, or once they are cleaned.
    """
    today = local_date(now, SHANGHAI)
    days = [today + n * timedelta(days=1) for n in range(AHEAD)]
    given = {"unit": unit, "today": today, "end": days[-1] + timedelta(days=1), "week": now - timedelta(days=WEEK)}
    found = {day: numbers for day, *numbers in query(_LEAVING, **given)}
    made = []
    for day in days:
        leaving, emptied, _came = found.get(day, (0, 0, None))
        free += emptied
        made.append(Ahead(day, leaving, free))
    return made, found[None][2]


def query(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _together(found: Sequence[_Piece], cut: set[Floor]) -> Iterator[list[_Piece]]:
    """Floors that go into one part; a floor that is cut goes alone, piece by piece."""
    held: list[_Piece] = []
    for one in found:
        is_cut = one.floor in cut
        if held and (is_cut or sum(other.rooms for other in held) + one.rooms > MOST):
            yield held
            held = []
        if is_cut:
            yield [one]
        else:
            held.append(one)
    if held:
        yield held


def _part(first: int, together: Sequence[_Piece], cut: set[Floor]) -> Part:
    states: Counter[str] = Counter()
    for one in together:
        states.update(one.states)
    start, end = together[0], together[-1]
    return Part(first, start.floor, end.floor, start.piece * MOST if start.floor in cut else None, states)
