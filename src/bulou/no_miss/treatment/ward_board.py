"""A hospital's wards with their numbers, one ward bed by bed, and who has no bed. A fixed number of queries each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.custody.models import OPEN, Handover
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.no_miss.treatment.models import Bed, BedKind, Episode, Ward

STATES = ("occupied", "free", "kept", "cleaning", "broken")

_WARDS = """
SELECT w.place, w.name, w.building, w.floor, w.zone, b.kind,
    CASE WHEN b.state = 'free' AND b.reserved_until > %(now)s THEN 'kept' ELSE b.state END AS state, count(b.place)
FROM ward w LEFT JOIN bed b ON b.unit = w.unit AND b.ward = w.place
WHERE w.unit = %(unit)s GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
BREATHING = ("ventilator", "high_flow", "ecmo")
"""Devices a critical patient must be on one of: a course is critical where breathing, or another organ, fails."""
_MINE = "u.who = COALESCE(s.person, s.episode) AND u.ended_at IS NULL"
BARE = f"""
(e.severity = 'critical' AND EXISTS (SELECT FROM device d WHERE d.unit = s.unit AND d.kind IN {BREATHING})
    AND NOT EXISTS (SELECT FROM device_use u WHERE {_MINE} AND u.device IS NOT NULL AND u.kind IN {BREATHING}))
"""
"""Whose hospital keeps such devices, and who is on none."""
_PATIENT = f"""
s.id, s.episode, s.person, p.name, p.sex, p.birth_date, e.number, e.status, e.severity, e.graver_at, e.told_at,
    e.planned_at, s.started_at, s.trouble, {BARE},
    (SELECT array_agg(ARRAY[d.kind, d.number] ORDER BY d.kind, d.number)
        FROM device_use u JOIN device d ON d.place = u.device WHERE {_MINE})
"""
_FROM_STAY = """
FROM bed_stay s LEFT JOIN episode e ON e.id = s.episode LEFT JOIN person p ON p.id = s.person
"""
_TROUBLED = f"""
SELECT {_PATIENT}, b.number, w.name {_FROM_STAY}
LEFT JOIN bed b ON b.place = s.claimed LEFT JOIN ward w ON w.place = b.ward
WHERE s.unit = %(unit)s AND s.ended_at IS NULL AND (s.trouble <> '' OR e.graver_at IS NOT NULL
    AND (e.told_at IS NULL OR e.told_at < e.graver_at OR e.planned_at IS NULL OR {BARE}))
ORDER BY e.graver_at, s.started_at, s.id
"""
_BEDS = f"""
SELECT b.place, b.number, b.kind, b.state, b.since, b.reserved_for, k.name, b.reserved_until, {_PATIENT}
FROM bed b LEFT JOIN bed_stay s ON s.claimed = b.place AND s.ended_at IS NULL
LEFT JOIN episode e ON e.id = s.episode LEFT JOIN person p ON p.id = s.person
LEFT JOIN person k ON k.id = b.reserved_for
WHERE b.ward = %(ward)s AND (%(bed)s::uuid IS NULL OR b.place = %(bed)s)
"""
_WITHOUT = """
SELECT e.id, e.person, p.name, e.number, e.status, e.severity, e.begun_at
FROM episode e LEFT JOIN person p ON p.id = e.person
WHERE e.ended_at IS NULL AND e.area >= %(lo)s AND e.area < %(hi)s
    AND NOT EXISTS (SELECT FROM bed_stay s WHERE s.episode = e.id AND s.ended_at IS NULL AND s.bed IS NOT NULL)
    AND NOT EXISTS (SELECT FROM bed_stay s WHERE s.person = e.person AND s.ended_at IS NULL AND s.bed IS NOT NULL)
ORDER BY e.begun_at DESC, e.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody in a hospital. `name` is None where the session may not see who; `trouble` why they have no bed."""

    stay: UUID
    episode: UUID
    person: UUID | None
    name: str | None
    sex: str
    age: int | None
    number: str
    status: str
    severity: str
    graver_at: datetime | None
    told_at: datetime | None
    planned_at: datetime | None
    since: datetime
    trouble: str
    day: int
    is_bare: bool
    """Critical, and on no device that helps to breathe."""
    devices: Sequence[tuple[str, str]]
    """Kind and number of each device the patient is on."""
    where: str = ""

    @property
    def is_untold(self) -> bool:
        """Severe or critical, and nobody has reported that it is."""
        return self.graver_at is not None and (self.told_at is None or self.told_at < self.graver_at)

    @property
    def is_unplanned(self) -> bool:
        """Severe or critical without a plan of treatment of their own."""
        return self.graver_at is not None and self.planned_at is None


@dataclass(frozen=True, slots=True)
class WardRow:
    """A ward or another part of a hospital, with its beds counted by state and by kind."""

    place: UUID
    name: str
    building: str
    floor: int
    zone: str
    states: Mapping[str, int]
    kinds: Mapping[str, tuple[int, int]]
    """Free and all, by kind of bed."""

    @property
    def beds(self) -> int:
        return sum(self.states.values())

    @property
    def free(self) -> int:
        return self.states.get("free", 0)


@dataclass(frozen=True, slots=True)
class HospitalBoard:
    """A hospital at an instant."""

    wards: Sequence[WardRow]
    kinds: Sequence[tuple[str, int, int]]
    states: Mapping[str, int]
    troubled: Sequence[Patient]
    expected: Sequence[tuple[UUID, str | None, str, datetime, str]]

    @property
    def beds(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class BedTile:
    """One bed. `kept_for` is the name of whom it is kept for, None where it is not kept or the name is not shown."""

    place: UUID
    number: str
    kind: str
    state: str
    since: datetime | None
    kept: UUID | None
    kept_for: str | None
    kept_until: datetime | None
    patients: tuple[Patient, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody ill who lies in no bed."""

    episode: UUID
    person: UUID | None
    name: str | None
    number: str
    status: str
    severity: str
    begun: datetime


def hospital(unit: UUID, now: datetime) -> HospitalBoard:
    """A hospital's wards by building and floor, and whoever has no bed or is on the way. Three queries."""
    wards: dict[UUID, WardRow] = {}
    for place, name, building, floor, zone, kind, state, n in _query(_WARDS, unit=unit, now=now):
        row = wards.get(place) or WardRow(place, name, building, floor, zone, {}, {})
        if n:
            free, all_ = row.kinds.get(kind, (0, 0))
            counted = {**row.kinds, kind: (free + n * (state == "free"), all_ + n)}
            row = replace(row, states={**row.states, state: row.states.get(state, 0) + n}, kinds=counted)
        wards[place] = row
    found = sorted(wards.values(), key=lambda row: (row.building, row.floor, as_counted(row.name)))
    kinds = [
        (
            kind,
            sum(row.kinds.get(kind, (0, 0))[0] for row in found),
            sum(row.kinds.get(kind, (0, 0))[1] for row in found),
        )
        for kind in BedKind.values
    ]
    states = {state: sum(row.states.get(state, 0) for row in found) for state in STATES}
    return HospitalBoard(found, [one for one in kinds if one[2]], states, troubled(unit, now), expected(unit))


def troubled(unit: UUID, now: datetime) -> list[Patient]:
    """Whoever a hospital has without a bed, or grave with something left undone, the longest so first. One query."""
    rows = _query(_TROUBLED, unit=unit)
    return [replace(_patient(row[:16], now), where=" ".join(filter(None, (row[17], row[16])))) for row in rows]


def expected(unit: UUID) -> list[tuple[UUID, str | None, str, datetime, str]]:
    """Those being handed over to a hospital, the longest on the way first. One query."""
    found = Handover.objects.filter(receiver=unit, stage__in=OPEN).order_by("requested_at", "id")
    return list(found.values_list("person_id", "person__name", "stage", "stage_at", "vehicle"))


def beds(ward: UUID, now: datetime, bed: UUID | None = None) -> list[BedTile]:
    """The beds of a ward (or one of them) with whoever is in them, by number. One query."""
    found: dict[UUID, BedTile] = {}
    for row in _query(_BEDS, ward=ward, bed=bed):
        tile = found.get(row[0]) or _tile(row[:8], now)
        patients = [*tile.patients, _patient(row[8:], now)] if row[8] is not None else tile.patients
        in_order = sorted(patients, key=lambda one: (bool(one.trouble), one.since))
        found[row[0]] = replace(tile, patients=tuple(in_order))
    return sorted(found.values(), key=lambda tile: as_counted(tile.number))


def free_beds(unit: UUID, now: datetime, limit: int = 200) -> list[tuple[UUID, str, str, str]]:
    """Beds of a hospital somebody can be moved into: id, ward, number, kind; the best equipped first. One query."""
    open_ = Bed.objects.filter(unit=unit, state="free").exclude(reserved_until__gt=now)
    rows = open_.order_by("ward__name", "number").values_list("place_id", "ward__name", "number", "kind")[:limit]
    rank = {kind: n for n, kind in enumerate(reversed(BedKind.values))}
    return sorted(rows, key=lambda row: (rank[row[3]], row[1], as_counted(row[2])))


def waiting(bounds: tuple[str, str], limit: int = 50) -> list[Waiting]:
    """Those ill in an area who lie in no bed anywhere, the latest first. One query."""
    return [Waiting(*row) for row in _query(_WITHOUT, lo=bounds[0], hi=bounds[1], limit=limit)]


def hospitals() -> list[UUID]:
    """The units in scope that have wards on the books. One query."""
    return list(Ward.objects.order_by("unit").values_list("unit_id", flat=True).distinct())


def ward_of(bed: UUID) -> tuple[UUID, UUID] | None:
    """The ward and the hospital of a bed; None where there is none in scope. One query."""
    return Bed.objects.filter(place=bed).values_list("ward_id", "unit_id").first()


def ward(place: UUID) -> Ward | None:
    """A ward by its place. One query."""
    return Ward.objects.filter(place=place).first()


def open_episodes(people: Iterable[UUID]) -> dict[UUID, UUID]:
    """The illness each of some people has now. One query."""
    found = Episode.objects.filter(person__in=list(people), ended_at__isnull=True).order_by("begun_at")
    return {person: id for person, id in found.values_list("person", "id") if person}


def _query(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _tile(row: Sequence[Any], now: datetime) -> BedTile:
    place, number, kind, state, since, kept, kept_for, kept_until = row
    if kept_until is None or kept_until <= now:
        kept = kept_for = kept_until = None
    return BedTile(place, number, kind, state, since, kept, kept_for, kept_until, ())


def _patient(row: Sequence[Any], now: datetime) -> Patient:
    (stay, episode, person, name, sex, birth, number, status, severity, graver, told, planned, since, trouble,
     is_bare, devices) = row  # fmt: skip
    today = local_date(now, SHANGHAI)
    age = None if birth is None else (today - birth).days * 4 // 1461
    return Patient(
        stay=stay,
        episode=episode,
        person=person,
        name=name,
        sex=sex or "",
        age=age,
        number=number or "",
        status=status or "",
        severity=severity or "",
        graver_at=graver,
        told_at=told,
        planned_at=planned,
        since=since,
        trouble=trouble,
        day=(today - local_date(since, SHANGHAI)).days,
        is_bare=bool(is_bare),
        devices=tuple((kind, number) for kind, number in devices or ()),
    )


def is_bare(episode: UUID) -> bool:
    """True where somebody critical lies in a hospital and is on no device that helps to breathe. One query."""
    return bool(_query(f"SELECT 1 {_FROM_STAY} WHERE s.episode = %(id)s AND s.ended_at IS NULL AND {BARE}", id=episode))


def as_counted(text: str) -> list[tuple[bool, int, str]]:
    """As people count: 9 before 10."""
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", text)]
