"""A hospital's devices and who is on them, and how many there are beside what was reported. One query each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.no_miss.treatment.models import Device, DeviceKind
from bulou.no_miss.treatment.ward_board import as_counted

STATES = ("occupied", "free", "cleaning", "broken")
ITEMS = {"negative": "negative_pressure_bed", "icu": "critical_bed", "general": "ordinary_bed"}
"""Kinds of bed as the items of a report of capacity; devices are called there as here."""

_DEVICES = """
SELECT d.place, d.unit, d.kind, d.number, w.name, d.ward, d.state, d.since, u.episode, p.name, e.number, u.started_at,
    COALESCE(u.trouble, '')
FROM device d LEFT JOIN ward w ON w.place = d.ward
LEFT JOIN device_use u ON u.claimed = d.place AND u.ended_at IS NULL
LEFT JOIN episode e ON e.id = u.episode LEFT JOIN person p ON p.id = u.who
WHERE (%(unit)s::uuid IS NULL OR d.unit = %(unit)s) AND (%(device)s::uuid IS NULL OR d.place = %(device)s)
    AND (%(who)s::uuid IS NULL OR u.who = %(who)s)
"""
_COUNTED = """
SELECT unit, kind, count(*), count(*) FILTER (WHERE state = 'occupied') FROM device
WHERE unit = ANY(%(units)s::uuid[]) GROUP BY 1, 2
UNION ALL
SELECT unit, kind, count(*), count(*) FILTER (WHERE state = 'occupied') FROM bed
WHERE unit = ANY(%(units)s::uuid[]) GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class On:
    """Somebody on a device. `name` is None where the session may not see who; `trouble` why it is not theirs."""

    episode: UUID
    name: str | None
    case: str
    since: datetime
    trouble: str


@dataclass(frozen=True, slots=True)
class DeviceTile:
    """One device, with whoever is on it, or is said to be."""

    place: UUID
    unit: UUID
    kind: str
    number: str
    ward: str
    ward_id: UUID | None
    state: str
    since: datetime | None
    on: tuple[On, ...]


def of_hospital(unit: UUID) -> list[DeviceTile]:
    """The devices of a hospital, kind by kind, as people count."""
    return _tiles(unit=unit)


def of_patient(who: UUID) -> list[DeviceTile]:
    """The devices somebody is on, or is said to be; `who`: the person, or the illness of somebody unknown."""
    return _tiles(who=who)


def one(device: UUID) -> DeviceTile | None:
    """A device; None where there is none in scope."""
    found = _tiles(device=device)
    return found[0] if found else None


def free(unit: UUID) -> list[tuple[UUID, str, str, str]]:
    """The devices of a hospital somebody can be put on: id, kind, number, ward."""
    rows = Device.objects.filter(unit=unit, state="free").values_list("place_id", "kind", "number", "ward__name")
    return sorted(((id, kind, number, ward or "") for id, kind, number, ward in rows), key=lambda row: _rank(*row[1:3]))


def counted(units: Collection[UUID]) -> Mapping[tuple[UUID, str], tuple[int, int]]:
    """How many beds and devices hospitals have on their books, and how many of them in use, by unit and item."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"units": list(units)})
        return {(unit, ITEMS.get(kind, kind)): (n, used) for unit, kind, n, used in cursor.fetchall()}


def _tiles(unit: UUID | None = None, who: UUID | None = None, device: UUID | None = None) -> list[DeviceTile]:
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES, {"unit": unit, "who": who, "device": device})
        rows = cursor.fetchall()
    found: dict[UUID, list[Sequence[Any]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    tiles = [_tile(own) for own in found.values()]
    return sorted(tiles, key=lambda tile: _rank(tile.kind, tile.number))


def _tile(rows: Sequence[Sequence[Any]]) -> DeviceTile:
    place, unit, kind, number, ward, ward_id, state, since = rows[0][:8]
    on = [On(row[8], row[9], row[10] or "", row[11], row[12]) for row in rows if row[8] is not None]
    in_order = sorted(on, key=lambda one: (bool(one.trouble), one.since))
    return DeviceTile(place, unit, kind, number, ward or "", ward_id, state, since, tuple(in_order))


def _rank(kind: str, number: str) -> tuple[int, list[tuple[bool, int, str]]]:
    """Kinds in their order, numbers as people count."""
    return DeviceKind.values.index(kind), as_counted(number)
