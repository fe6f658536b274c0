"""The room board of a site: its rooms, who is in them, what is due for them, and who leaves when. Seven queries.

A site of hundreds of rooms is shown a part at a time (`site_parts.py`); what must be put right, the numbers and the
days to come are those of the whole site.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.ledger import limits
from bulou.no_miss.isolation.site_parts import ORDER, Ahead, Part, ahead, parts, query

SOON = timedelta(days=1)
"""How long before the grounds end the board says so: one day, to assess, clean and find the way home."""
MOST_PRESSING = 200
"""People to put right that one board names, beside all who have no room; of more it says how many."""

_ROOMS = f"""
SELECT r.place, r.building, r.floor, r.number, r.negative, r.state, r.since, r.reserved_for, k.name, r.reserved_until,
    s.id, s.person, p.name, p.sex, p.birth_date, s.area, s.begun_at, s.planned_end, s.slot, s.trouble, s.kind
FROM (SELECT * FROM room WHERE unit = %(unit)s AND (%(room)s::uuid IS NULL OR place = %(room)s)
    ORDER BY {ORDER} OFFSET %(first)s LIMIT %(rooms)s) r
LEFT JOIN stay s ON s.claimed = r.place AND s.ended_at IS NULL
LEFT JOIN person p ON p.id = s.person
LEFT JOIN person k ON k.id = r.reserved_for
"""
_PRESSING = """
SELECT id, person, name, sex, birth_date, area, begun_at, planned_end, slot, trouble, kind, pressing
FROM (
    SELECT s.id, s.person, p.name, p.sex, p.birth_date, s.area, s.begun_at, s.planned_end, s.slot, s.trouble, s.kind,
        count(*) OVER () AS pressing,
        row_number() OVER (ORDER BY s.trouble = '', s.trouble = 'no_room', s.planned_end, s.begun_at, s.id) AS n
    FROM stay s LEFT JOIN person p ON p.id = s.person
    WHERE s.unit = %(unit)s AND s.ended_at IS NULL AND (s.planned_end <= %(soon)s OR s.trouble <> '')) x
WHERE n <= %(most)s OR trouble = 'no_room' ORDER BY n
"""
_READINGS = """
SELECT w.subject, f.at, f.data FROM unnest(%(subjects)s::text[]) w (subject)
JOIN fact f ON f.subject = w.subject AND f.kind = 'temperature.read' AND f.at >= %(since)s AND f.at <= %(now)s
WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) ORDER BY f.at
"""
EVENING = time(20)
"""Until when somebody may be let go on the last day: the hour at which what plans count in days is due. The grounds end
at the hour they began, and the assessment of that morning may come after it."""
_TESTS = """
SELECT DISTINCT c.subject, 'test' FROM unnest(%(subjects)s::text[]) w (subject)
JOIN course c ON c.subject = w.subject
JOIN rule_trigger g ON g.rule = c.rule AND g.part = 'must' AND g.kind = 'specimen.collected'
WHERE c.opened & ~(c.met | c.late | c.waived | c.void | c.missed) <> 0
UNION ALL
SELECT DISTINCT f.subject, 'assessed' FROM unnest(%(subjects)s::text[]) w (subject)
JOIN fact f ON f.subject = w.subject AND f.kind = 'release.assessed' AND f.at > %(lately)s AND f.at <= %(now)s
WHERE f.data ->> 'outcome' = 'complete' AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One temperature, ℃; `is_fever` by the threshold of the plans in force."""

    at: datetime
    celsius: float
    is_fever: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody isolated here. `name` is None where the session may not see who; `trouble` why they have no bed."""

    stay: UUID
    person: UUID
    name: str | None
    sex: str
    age: int | None
    area: str
    begun: datetime
    planned_end: datetime
    slot: int | None
    trouble: str
    kind: str
    now: datetime
    morning: Reading | None = None
    evening: Reading | None = None
    is_test_due: bool = False
    is_assessed: bool = False

    @property
    def day(self) -> int:
        """The day of the isolation, as plans count: the day of its start is 0."""
        return (local_date(self.now, SHANGHAI) - local_date(self.begun, SHANGHAI)).days

    @property
    def days(self) -> int:
        return (local_date(self.planned_end, SHANGHAI) - local_date(self.begun, SHANGHAI)).days

    @property
    def let_go_by(self) -> datetime:
        return let_go_by(self.planned_end)

    @property
    def is_over(self) -> bool:
        """Held longer than the grounds allow, and than their last day."""
        return self.now >= self.let_go_by

    @property
    def is_due(self) -> bool:
        """The grounds have ended today: to be let go before the evening."""
        return self.planned_end <= self.now < self.let_go_by

    @property
    def is_soon(self) -> bool:
        return self.planned_end - SOON <= self.now < self.planned_end


@dataclass(frozen=True, slots=True)
class RoomTile:
    """One room. `kept_for` is the name of whom it is kept for, None where it is not kept or the name is not shown."""

    place: UUID
    building: str
    floor: int
    number: str
    negative: bool
    state: str
    since: datetime | None
    kept: UUID | None
    kept_for: str | None
    kept_until: datetime | None
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """The rooms of a floor, by number."""

    building: str
    floor: int
    rooms: Sequence[RoomTile]


@dataclass(frozen=True, slots=True)
class Board:
    """A site at an instant: the rooms of one of its parts, and of all of it the rest.

    `pressing` are those to put right, not all of `to_put_right` where these are very many; `came`: how many last week.
    """

    parts: Sequence[Part]
    part: int
    floors: Sequence[Floor]
    pressing: Sequence[Guest]
    to_put_right: int
    counts: Mapping[str, int]
    ahead: Sequence[Ahead]
    came: int

    @property
    def rooms(self) -> list[RoomTile]:
        return [room for floor in self.floors for room in floor.rooms]

    @property
    def guests(self) -> list[Guest]:
        """Everybody shown, room by room; in the first part those without one follow."""
        return [*(guest for room in self.rooms for guest in room.guests), *([] if self.part else self.waiting)]

    @property
    def waiting(self) -> list[Guest]:
        return [guest for guest in self.pressing if guest.trouble == "no_room"]

    @property
    def troubled(self) -> list[Guest]:
        return [guest for guest in self.pressing if guest.trouble]

    @property
    def over(self) -> list[Guest]:
        return [guest for guest in self.pressing if guest.is_over]

    @property
    def due(self) -> list[Guest]:
        return [guest for guest in self.pressing if guest.is_due]

    @property
    def soon(self) -> list[Guest]:
        return [guest for guest in self.pressing if guest.is_soon]

    @property
    def unnamed(self) -> int:
        """How many more must be put right than are named."""
        return self.to_put_right - len(self.pressing)


def let_go_by(planned_end: datetime) -> datetime:
    """The evening of the day the grounds end, or their end where that is later."""
    return max(planned_end, datetime.combine(local_date(planned_end, SHANGHAI), EVENING, SHANGHAI))


def board(unit: UUID, now: datetime, part: int = 0) -> Board:
    """A part of a site by floor, with everybody in it. One that is not there is the last."""
    known = parts(unit, now)
    part = max(0, min(part, len(known) - 1))
    first, most = (known[part].first, known[part].rooms) if known else (0, 0)
    tiles = _tiles(query(_ROOMS, unit=unit, room=None, first=first, rooms=most), now)
    found = query(_PRESSING, unit=unit, soon=now + SOON, most=MOST_PRESSING)
    pressing = [guest_of(row[:-1], now) for row in found]
    more = with_today([*(guest for tile in tiles for guest in tile.guests), *pressing], now)
    floors: dict[tuple[str, int], list[RoomTile]] = {}
    for tile in sorted(tiles, key=_place_in_site):
        own = replace(tile, guests=tuple(more[guest.stay] for guest in tile.guests))
        floors.setdefault((tile.building, tile.floor), []).append(own)
    counts = {state: sum(one.states.get(state, 0) for one in known) for state in STATES}
    days, came = ahead(unit, counts["free"] + counts["cleaning"], now)
    return Board(
        known,
        part,
        [Floor(*key, own) for key, own in floors.items()],
        [more[guest.stay] for guest in pressing],
        found[0][-1] if found else 0,
        counts,
        days,
        came,
    )


STATES = ("occupied", "free", "kept", "cleaning", "broken")


def room(place: UUID, unit: UUID, now: datetime) -> RoomTile | None:
    """One room of a site, with everybody in it; None where there is none in scope. Four queries."""
    found = _tiles(query(_ROOMS, unit=unit, room=place, first=0, rooms=1), now)
    if not found:
        return None
    more = with_today(found[0].guests, now)
    return replace(found[0], guests=tuple(more[guest.stay] for guest in found[0].guests))


def _tiles(rows: Iterable[tuple[Any, ...]], now: datetime) -> list[RoomTile]:
    found: dict[UUID, RoomTile] = {}
    for row in rows:
        tile = found.get(row[0]) or _tile(row[:10], now)
        guests = [*tile.guests, guest_of(row[10:], now)] if row[10] is not None else tile.guests
        in_order = sorted(guests, key=lambda guest: (guest.slot is None, guest.slot, guest.begun))
        found[row[0]] = replace(tile, guests=tuple(in_order))
    return list(found.values())


def _tile(row: Sequence[Any], now: datetime) -> RoomTile:
    place, building, floor, number, negative, state, since, kept, kept_for, kept_until = row
    if kept_until is None or kept_until <= now:
        kept = kept_for = kept_until = None
    return RoomTile(place, building, floor, number, negative, state, since, kept, kept_for, kept_until, ())


def guest_of(row: Sequence[Any], now: datetime) -> Guest:
    stay, person, name, sex, birth, area, begun, planned_end, slot, trouble, kind = row
    age = None if birth is None else (local_date(now, SHANGHAI) - birth).days * 4 // 1461
    return Guest(stay, person, name, sex or "", age, area, begun, planned_end, slot, trouble, kind, now)


def with_today(guests: Iterable[Guest], now: datetime) -> dict[UUID, Guest]:
    """The guests with today's readings, and whether a test is due."""
    by_subject = {f"person:{guest.person}": guest for guest in guests}
    given: dict[str, Any] = {"subjects": list(by_subject), "now": now}
    midnight = datetime.combine(local_date(now, SHANGHAI), time(), SHANGHAI)
    if by_subject:
        known = limits.readings(next(iter(by_subject.values())).area, now)
        for subject, at, data in query(_READINGS, **given, since=midnight):
            guest, celsius = by_subject[subject], float(json.loads(data)["celsius"])
            reading, is_morning = Reading(at, celsius, known.is_fever(celsius)), known.half(at) == "morning"
            morning, evening = (reading, guest.evening) if is_morning else (guest.morning, reading)
            by_subject[subject] = replace(guest, morning=morning, evening=evening)
        for subject, what in query(_TESTS, **given, lately=now - SOON):
            guest, is_test = by_subject[subject], what == "test"
            by_subject[subject] = replace(
                guest, is_test_due=guest.is_test_due or is_test, is_assessed=guest.is_assessed or not is_test
            )
    return {guest.stay: guest for guest in by_subject.values()}


def _place_in_site(room: RoomTile) -> tuple[Any, ...]:
    """Building, floor, and the number as people count: 9 before 10."""
    parts = re.split(r"(\d+)", room.number)
    return room.building, room.floor, [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
