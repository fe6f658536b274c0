"""A drill's data onto the books: units, people and places into the directory, facts into the ledger.

Every act can be repeated: what is there stays as it is, so a load that was interrupted is taken up again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bulou.directory.models import Account, Area, Person, Place, Unit, UnitRole
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.scope import everywhere
from bulou.directory.services import (
    NewHousehold,
    NewPerson,
    clock_set,
    grids_ensure,
    households_register,
    people_register,
)
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.ledger import services as ledger
from bulou.no_miss.isolation.models import Room
from bulou.no_miss.treatment.models import Bed, Device, Ward
from bulou.oversight.drills.synthetic import Demo
from bulou.oversight.drills.synthetic.model import Unit as DemoUnit
from bulou.plan.rules import Rule


def refuse_real_people() -> None:
    """BulouError where somebody real is on file: invented people never join them."""
    with everywhere():
        real = Person.objects.filter(synthetic=False).exists()
    if real:
        raise BulouError.of(
            "drill.real_people",
            "这个数据库里有真实人员，演示数据不会载入。请用 --data-dir 另指一个空目录。",
            "This database holds real people, so the demonstration is not loaded into it. "
            "Name an empty directory with --data-dir.",
        )


def division_names(root: str) -> dict[str, str]:
    """Code to name of a division and everything in it but grids."""
    with everywhere():
        found = Area.objects.filter(code__startswith=root).exclude(level="grid")
        return dict(found.values_list("code", "name"))


@transaction.atomic
def units_load(demo: Demo, password: str) -> None:
    """Grids, units with their roles, and an account for each role, all of them with one password."""
    for village in sorted({grid.code[:12] for grid in demo.grids}):
        grids_ensure(village, sum(grid.code.startswith(village) for grid in demo.grids))
    Unit.objects.bulk_create(
        (
            Unit(
                id=u.id,
                name=u.name,
                name_en=u.name_en,
                area_id=u.area,
                parent_id=u.parent,
                phone=u.phone,
                synthetic=True,
            )
            for u in demo.units
        ),
        ignore_conflicts=True,
    )
    roles = [UnitRole(unit_id=unit.id, role=role, area=unit.area) for unit in demo.units for role in unit.roles]
    UnitRole.objects.bulk_create(roles, ignore_conflicts=True)
    sealed = make_password(password)
    accounts = [
        Account(id=a.id, username=a.username, name=a.name, unit_id=a.unit, role=a.role, password=sealed, synthetic=True)
        for a in demo.accounts
    ]
    Account.objects.bulk_create([*accounts, *_office(demo.units[0], sealed)], ignore_conflicts=True)


def _office(head: DemoUnit, sealed: str) -> list[Account]:
    """The information office beside the first command post, and its three administrators, who are three people."""
    office = Unit(
        id=uuid5(head.id, "office"),
        name="天津市疫情防控信息中心",
        name_en="Tianjin Information Office",
        area_id=head.area,
        parent_id=head.id,
        phone=head.phone,
        synthetic=True,
    )
    Unit.objects.bulk_create([office], ignore_conflicts=True)
    roles = [UnitRole(unit_id=office.pk, role=role, area=head.area) for role in ADMINISTRATORS]
    UnitRole.objects.bulk_create(roles, ignore_conflicts=True)
    return [
        Account(
            id=uuid5(head.id, role),
            username=role,
            name=f"管理员{number}",
            unit_id=office.pk,
            role=role,
            password=sealed,
            synthetic=True,
        )
        for number, role in enumerate(ADMINISTRATORS, 1)
    ]


def people_load(demo: Demo) -> None:
    """Households, people, places, rooms and beds, all marked synthetic."""
    with transaction.atomic(), everywhere():
        households_register([NewHousehold(h.area, h.address, synthetic=True, id=h.id) for h in demo.households])
        people_register(
            [
                NewPerson(
                    name=person.name,
                    area=person.area,
                    household=person.household,
                    sex=person.sex,
                    birth_date=person.birth_date,
                    id_number=person.id_number,
                    phone=person.phone,
                    synthetic=True,
                    id=person.id,
                )
                for person in demo.people
            ]
        )
        Place.objects.bulk_create(
            (
                Place(
                    id=p.id,
                    area_id=p.area,
                    name=p.name,
                    kind=p.kind,
                    unit_id=p.unit,
                    parent_id=p.parent,
                    synthetic=True,
                )
                for p in demo.places
            ),
            ignore_conflicts=True,
        )
        Room.objects.bulk_create(
            (
                Room(
                    place_id=room.place,
                    unit_id=room.unit,
                    area_id=room.area,
                    floor=room.floor,
                    number=room.number,
                    negative=room.negative,
                )
                for room in demo.rooms
            ),
            ignore_conflicts=True,
        )
        _wards_load(demo)


def _wards_load(demo: Demo) -> None:
    """Wards, beds and devices of the hospitals."""
    Ward.objects.bulk_create(
        (
            Ward(place_id=w.place, unit_id=w.unit, area_id=w.area, name=w.name, floor=w.floor, zone=w.zone)
            for w in demo.wards
        ),
        ignore_conflicts=True,
    )
    Bed.objects.bulk_create(
        (
            Bed(place_id=b.place, ward_id=b.ward, unit_id=b.unit, area_id=b.area, number=b.number, kind=b.kind)
            for b in demo.beds
        ),
        ignore_conflicts=True,
    )
    Device.objects.bulk_create(
        (
            Device(place_id=d.place, ward_id=d.ward, unit_id=d.unit, area_id=d.area, kind=d.kind, number=d.number)
            for d in demo.devices
        ),
        ignore_conflicts=True,
    )


def facts_load(facts: Iterable[Fact], *, at: datetime) -> int:
    """Facts into the ledger with the clock at `at`; those after it are stored and wait. How many are new.

    BulouError with the problems of facts that were refused.
    """
    created = 0
    with clock.at(at):
        for receipt in ledger.record_all(facts, allow_future=True):
            if receipt.refused:
                raise BulouError.many(refusal.problem for refusal in receipt.refused)
            created += receipt.created
    return created


def plan_adopt(rules: Collection[Rule], *, area: str, at: datetime) -> None:
    """The plan in force over `area`, its duties derived from the facts up to `at`."""
    with clock.at(at):
        ledger.adopt(rules, area=area)


def clock_move(at: datetime) -> None:
    """Stand the house at an instant and let the ledger catch up with it."""
    clock_set(at)
    ledger.catch_up()


def is_loaded() -> bool:
    """True where units and accounts of a demonstration are on the books."""
    return Account.objects.filter(synthetic=True).exists()
