"""Wards, beds and devices onto the books, as places of the directory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from bulou.directory.models import Account, Place, Unit
from bulou.directory.services.refusals import refusals
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger.acts import places_told
from bulou.no_miss.treatment.models import Bed, Device, DeviceKind, Ward

ROLES = ("designated_hospital", "temporary_hospital", "reserve_hospital", "hospital", "fever_clinic")
"""Units that may have beds here: whoever admits, prepares to, or keeps the suspected until they are moved."""
BATCH = 2000
"""Rows of one statement, which takes no more than 65,535 values."""


@dataclass(frozen=True, slots=True)
class NewWard:
    """A ward to be put on the books, with its beds: (number, kind) each; a part without beds has a zone alone."""

    name: str
    floor: int = 1
    building: str = ""
    zone: str = "contaminated"
    beds: Sequence[tuple[str, str]] = ()


@transaction.atomic
def wards_register(unit: Unit, new: Iterable[NewWard], *, by: Account | None = None) -> list[Ward]:
    """Wards of a hospital with their beds, each told to the ledger; beds of a ward on the books are added to it.

    BulouError where the unit is no hospital, lies outside the account's area, or has a bed of that number.
    """
    _is_hospital(unit)
    known = {ward.name: ward for ward in Ward.objects.filter(unit=unit)}
    places: list[Place] = []
    wards: list[Ward] = []
    beds: list[Bed] = []
    with refusals(unit.name):
        for one in new:
            ward = known.get(one.name)
            if ward is None:
                place = _place(unit, one.name, "ward", None)
                ward = Ward(
                    place=place,
                    area_id=unit.area_id,
                    unit=unit,
                    name=one.name,
                    building=one.building,
                    floor=one.floor,
                    zone=one.zone,
                )
                known[one.name] = ward
                places.append(place)
                wards.append(ward)
            for number, kind in one.beds:
                place = _place(unit, f"{one.name} {number}", "bed", ward.place)
                places.append(place)
                beds.append(Bed(place=place, area_id=unit.area_id, unit=unit, ward=ward, number=number, kind=kind))
        Place.objects.bulk_create(places, batch_size=BATCH)
        Ward.objects.bulk_create(wards, batch_size=BATCH)
        Bed.objects.bulk_create(beds, batch_size=BATCH)
    places_told(unit, places, by)
    return wards


@transaction.atomic
def devices_register(
    unit: Unit, kind: str, numbers: Sequence[str], *, ward: Ward | None = None, by: Account | None = None
) -> list[Device]:
    """Devices of one kind, each told to the ledger; kept in a ward, or in the hospital's pool.

    BulouError where the unit is no hospital, lies outside the account's area, or has a device of that number.
    """
    _is_hospital(unit)
    above = ward.place if ward else None
    places = [_place(unit, f"{DeviceKind(kind).label} {number}", "device", above) for number in numbers]
    devices = [
        Device(place=place, area_id=unit.area_id, unit=unit, ward=ward, kind=kind, number=number)
        for place, number in zip(places, numbers, strict=True)
    ]
    with refusals(unit.name):
        Place.objects.bulk_create(places, batch_size=BATCH)
        Device.objects.bulk_create(devices, batch_size=BATCH)
    places_told(unit, places, by)
    return devices


def _is_hospital(unit: Unit) -> None:
    if not unit.roles.filter(role__in=ROLES).exists():
        raise BulouError.of(
            "hospital.role",
            f"{unit.name}不是医疗机构，没有登记。请先给它“定点医院”等职责。",
            f"{unit.name_en or unit.name} is no hospital; nothing was recorded. Give it a hospital's role first.",
        )


def _place(unit: Unit, name: str, kind: str, parent: Place | None) -> Place:
    return Place(
        id=new_id(),
        area_id=unit.area_id,
        name=f"{unit.name} {name}",
        kind=kind,
        parent=parent,
        unit=unit,
        synthetic=unit.synthetic,
    )
