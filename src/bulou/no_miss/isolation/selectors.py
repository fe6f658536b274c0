"""Reads of isolation. Scope is the session's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from bulou.custody.models import OPEN, Handover
from bulou.no_miss.isolation.models import Room, RoomState, Sharing, Stay


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room somebody can be moved into."""

    place: UUID
    number: str
    building: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on a site's hands who has no room yet. `name` is None where the session may not see who."""

    person: UUID
    name: str | None
    begun: datetime


@dataclass(frozen=True, slots=True)
class Located:
    """Somebody a site holds, and the number of their room; empty where they have none."""

    person: UUID
    name: str | None
    room: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody on the way to a site: how far the handover is, since when, in which vehicle."""

    person: UUID
    name: str | None
    stage: str
    since: datetime
    vehicle: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that somebody may share the room of another, not yet agreed to. `account` is who asked."""

    request: UUID
    person: UUID
    name: str | None
    reason: str
    account: UUID | None


def site_of(room: UUID) -> UUID | None:
    """The site a room belongs to; None where there is none in scope. One query."""
    return Room.objects.filter(place=room).values_list("unit_id", flat=True).first()


def free_rooms(unit: UUID, now: datetime) -> list[FreeRoom]:
    """A site's rooms that are free and not kept for anybody. One query."""
    kept = Q(reserved_for__isnull=False, reserved_until__gt=now)
    found = Room.objects.filter(unit=unit, state=RoomState.FREE).exclude(kept).order_by("building", "floor", "number")
    return [FreeRoom(room.pk, room.number, room.building, room.negative) for room in found]


def waiting(unit: UUID) -> list[Waiting]:
    """Those a site holds without a room, who came first first. One query."""
    found = Stay.objects.filter(unit=unit, ended_at__isnull=True, trouble="no_room").order_by("begun_at", "id")
    rows = found.values_list("person_id", "person__name", "begun_at")
    return [Waiting(*row) for row in rows]


def here(unit: UUID) -> QuerySet[Stay, Any]:
    """Everybody a site holds, as the subjects of their facts: to be asked for within another query."""
    held = Stay.objects.filter(unit=unit, ended_at__isnull=True)
    return held.values(subject=Concat(Value("person:"), Cast("person_id", TextField()), output_field=TextField()))


def located(unit: UUID, people: Iterable[UUID]) -> dict[UUID, Located]:
    """Where some of those a site holds are to be found. One query."""
    found = Stay.objects.filter(unit=unit, ended_at__isnull=True, person__in=list(people))
    rows = found.values_list("person_id", "person__name", "room__building", "room__number")
    return {person: Located(person, name, f"{building or ''}{number or ''}") for person, name, building, number in rows}


def expected(unit: UUID) -> list[Expected]:
    """Those being handed over to a site who are not in a room yet, the longest on the way first. One query."""
    found = Handover.objects.filter(receiver=unit, stage__in=OPEN).order_by("requested_at", "id")
    rows = found.values_list("person_id", "person__name", "stage", "stage_at", "vehicle")
    return [Expected(*row) for row in rows]


def is_here(person: UUID, room: UUID) -> bool:
    """True where the person is held by the site of a room already, in another room or none. One query."""
    unit = Room.objects.filter(place=room).values("unit_id")
    here = Stay.objects.filter(person=person, ended_at__isnull=True, kind="central", unit__in=unit)
    return here.exclude(claimed=room).exists()


def asked_to_share(people: Iterable[UUID]) -> list[Asked]:
    """Requests to share the rooms of some people that nobody has agreed to. One query."""
    found = Sharing.objects.filter(host__in=list(people), approval__isnull=True).order_by("asked_at")
    return [Asked(*row) for row in found.values_list("id", "person_id", "person__name", "reason", "account")]
