"""Rooms onto the books: a site's buildings, floors and rooms, as places of the directory and as rooms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from bulou.directory.models import Account, Place, Unit
from bulou.directory.services.refusals import refusals
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger.acts import places_told
from bulou.no_miss.isolation.models import Room

SITE, BUILDING, FLOOR, ROOM = "isolation_site", "isolation_building", "isolation_floor", "isolation_room"
BATCH = 2000
"""Rows of one statement, which takes no more than 65,535 values."""


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to be put on the books: its building (empty where there is one), floor and number."""

    number: str
    floor: int = 1
    building: str = ""
    negative: bool = False


@transaction.atomic
def rooms_register(unit: Unit, new: Iterable[NewRoom], *, by: Account | None = None) -> list[Room]:
    """The rooms of a site with the places above them, each told to the ledger; nothing where one is refused.

    BulouError where the unit is no isolation site, lies outside the account's area, or has a room of that number.
    """
    if not unit.roles.filter(role="isolation_site").exists():
        raise BulouError.of(
            "site.role",
            f"{unit.name}不是隔离点，没有登记。请先给它“隔离点”这项职责。",
            f"{unit.name_en or unit.name} is no isolation site; nothing was recorded. Give it that role first.",
        )
    wanted = list(new)
    with refusals(unit.name):
        places = _Places(unit)
        rooms = [
            Room(
                place=places.of(one),
                area_id=unit.area_id,
                unit=unit,
                building=one.building,
                floor=one.floor,
                number=one.number,
                negative=one.negative,
            )
            for one in wanted
        ]
        Place.objects.bulk_create(places.made, batch_size=BATCH)
        Room.objects.bulk_create(rooms, batch_size=BATCH)
    places_told(unit, places.made, by)
    return rooms


class _Places:
    """A site's places by what they are called, and those to be made."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.made: list[Place] = []
        self._above = list(Place.objects.filter(unit=unit, kind__in=(SITE, BUILDING, FLOOR)))

    def of(self, room: NewRoom) -> Place:
        place = self._once(self.unit.name, SITE, None)
        if room.building:
            place = self._once(room.building, BUILDING, place)
        place = self._once(f"{room.floor}F", FLOOR, place)
        return self._make(f"{self.unit.name} {room.building}{room.number}", ROOM, place)

    def _once(self, name: str, kind: str, parent: Place | None) -> Place:
        above = parent.pk if parent else None
        here = (p for p in self._above if p.kind == kind and (kind == SITE or (p.name, p.parent_id) == (name, above)))
        found = next(here, None)
        if found is None:
            found = self._make(name, kind, parent)
            self._above.append(found)
        return found

    def _make(self, name: str, kind: str, parent: Place | None) -> Place:
        unit = self.unit
        place = Place(
            id=new_id(),
            area_id=unit.area_id,
            name=name,
            kind=kind,
            parent=parent,
            unit=unit,
            synthetic=unit.synthetic,
        )
        self.made.append(place)
        return place
