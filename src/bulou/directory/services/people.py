"""People, households and places come onto the books. One person, one file: an identity number is on file once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BinaryField, Q
from django.db.models.functions import Substr

from bulou.directory.crypto import Seal, vault
from bulou.directory.identity import Identity, read_id, read_phone
from bulou.directory.models import Household, IdKind, Person, Place, Sex
from bulou.directory.search_keys import person_keys
from bulou.directory.services.refusals import check_areas, refusals
from bulou.kernel.copying import copy_row
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.ids import new_id

BATCH = 2_000
PERSON = {
    "id": "id",
    "area_id": "area",
    "household_id": "household",
    "name": "name",
    "initials": "initials",
    "sex": "sex",
    "birth_date": "birth_date",
    "nationality": "nationality",
    "id_kind": "id_kind",
    "id_number": "id_number",
    "id_index": "id_index",
    "id_tail": "id_tail",
    "phone": "phone",
    "phone_index": "phone_index",
    "phone_tail": "phone_tail",
    "synthetic": "synthetic",
}
"""Attribute and column, in the order of a person's row."""
HOUSEHOLD = {"id": "id", "area_id": "area", "address": "address", "synthetic": "synthetic"}
Row = tuple[object, ...]
Sealed = TypeVar("Sealed", Person, Household)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be put on file. Sex and date of birth are taken from a resident's number where not given."""

    name: str
    area: str
    household: UUID | None = None
    sex: str = ""
    birth_date: date | None = None
    nationality: str = "CHN"
    id_kind: str = IdKind.RESIDENT
    id_number: str = ""
    phone: str = ""
    synthetic: bool = False
    id: UUID = field(default_factory=new_id)
    address: str = ""
    """Where the household lives, as a list has it."""
    stated: bool = False
    """True where `id` is one a list gives, by which they may be on file."""


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be put on file; the address is sealed."""

    area: str
    address: str = ""
    synthetic: bool = False
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Registered:
    """Rows in = created + unchanged (an id that was on file before)."""

    created: int
    unchanged: int


def person_register(new: NewPerson) -> Person:
    """One person on file. BulouError for a bad number or phone, a number on file already, an area out of scope."""
    check_areas([new.area])
    person = Person(**dict(zip(PERSON, person_values(new), strict=True)))
    with refusals(new.name):
        person.save(force_insert=True)
    return person


def phone_set(person: UUID, text: str) -> None:
    """The number somebody is reached at from now on. BulouError for one that is none, or is theirs already."""
    phone, safe = read_phone(text), vault()
    if not phone:
        raise BulouError.of(
            "person.phone", "请填写电话号码；没有更改。", "Enter the number; nothing was changed.", field="phone"
        )
    keys, index = person_keys("", "", phone), safe.index(phone, "phone")
    found = Person.objects.filter(id=person).exclude(phone_index=index)
    given = {"phone": safe.seal(phone, person, "phone"), "phone_index": index, "phone_tail": keys.phone_tail}
    if not found.update(**given):
        raise BulouError.of(
            "person.phone_known",
            "档案里已经是这个号码；没有更改。",
            "That number is on file already; nothing was changed.",
            field="phone",
        )


def people_register(people: Sequence[NewPerson]) -> Registered:
    """Many people on file, all or none; those whose id is on file already stay as they are.

    BulouError listing every bad number with its row, counted from 1.
    """
    check_areas({new.area for new in people})
    rows, problems = [], []
    for number, new in enumerate(people, 1):
        try:
            rows.append(person_values(new))
        except BulouError as error:
            problems += [Problem(p.code, p.text, p.remedy, where=f"{number}", field=p.field) for p in error.problems]
    if problems:
        raise BulouError.many(problems)
    return _insert("person", PERSON, rows)


def household_register(area: str, address: str = "", *, synthetic: bool = False) -> Household:
    """One household on file. BulouError for an area that is unknown or out of scope."""
    new = NewHousehold(area, address, synthetic)
    households_register([new])
    return Household.objects.get(id=new.id)


def households_register(households: Sequence[NewHousehold]) -> Registered:
    """Many households on file, all or none; those whose id is on file already stay as they are."""
    check_areas({new.area for new in households})
    seal = vault().sealer(len(households))
    rows = [
        (new.id, new.area, seal(new.address, new.id, "address") if new.address else None, new.synthetic)
        for new in households
    ]
    return _insert("household", HOUSEHOLD, rows)


def household_key(area: str, address: str) -> UUID:
    """The lasting id of the household at an address: the same row sent twice is one household."""
    return UUID(bytes=vault().index(f"{area}\0{address}", "household")[:16], version=5)


def place_register(
    name: str,
    kind: str,
    area: str,
    *,
    id: UUID | None = None,
    parent: UUID | None = None,
    unit: UUID | None = None,
    synthetic: bool = False,
) -> Place:
    """A place that can be controlled. BulouError for an area out of scope or a parent in another area."""
    check_areas([area])
    if parent and not Place.objects.filter(id=parent).exists():
        raise BulouError.of(
            "place.parent",
            "在您的属地范围内没有这个上级场所。",
            "There is no such place in your area for this one to lie in.",
            field="parent",
        )
    with refusals(name):
        return Place.objects.create(
            id=id or new_id(), name=name, kind=kind, area_id=area, parent_id=parent, unit_id=unit, synthetic=synthetic
        )


def reseal(limit: int = 10_000) -> int:
    """Seal anew, with the first key, up to `limit` people and as many households whose key was retired.

    How many rows were changed; run until it is zero, then drop the old key. Needs the scope of the whole country.
    """
    return _reseal(Person, ("id_number", "phone"), limit) + _reseal(Household, ("address",), limit)


def person_values(new: NewPerson) -> Row:
    """The row of a person, in the order of `PERSON`. BulouError for a bad name, number or phone."""
    return sealed_values(new, new.id, *read_numbers(new), vault().seal)


def read_numbers(new: NewPerson) -> tuple[Identity | None, str]:
    """The document and the phone of somebody, checked and normalised. BulouError for those, or a missing name."""
    if not new.name.strip():
        raise BulouError.of("person.name", "缺少姓名。", "The name is missing.", field="name")
    return read_id(new.id_kind, new.id_number) if new.id_number else None, read_phone(new.phone) if new.phone else ""


def sealed_values(new: NewPerson, id: UUID, identity: Identity | None, phone: str, seal: Seal) -> Row:
    """The row of a person under an id, in the order of `PERSON`, its numbers sealed."""
    keys = person_keys(new.name, identity.number if identity else "", phone)
    safe = vault()
    return (
        id,
        new.area,
        new.household,
        new.name.strip(),
        keys.initials,
        new.sex or (identity.sex if identity else None) or Sex.UNKNOWN,
        new.birth_date or (identity.birth_date if identity else None),
        new.nationality,
        new.id_kind,
        seal(identity.number, id, "id_number") if identity else None,
        safe.index(identity.number, identity.kind) if identity else None,
        keys.id_tail,
        seal(phone, id, "phone") if phone else None,
        safe.index(phone, "phone") if phone else None,
        keys.phone_tail,
        new.synthetic,
    )


def _insert(table: str, fields: Mapping[str, str], rows: Sequence[Row]) -> Registered:
    """Rows into a table, those whose id is there left as they are.

    By way of a temporary table: PostgreSQL does not COPY into one that row-level security holds.
    """
    columns = ", ".join(fields.values())
    with refusals(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE draft ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY draft ({columns}) FROM STDIN") as copy:
            copy.write("".join(map(copy_row, rows)))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM draft ON CONFLICT (id) DO NOTHING")
        created = cursor.rowcount
        cursor.execute("DROP TABLE draft")
    return Registered(created, len(rows) - created)


@transaction.atomic
def _reseal(model: type[Sealed], columns: Sequence[str], limit: int) -> int:
    safe = vault()
    stale = Q()
    for name in columns:
        stale |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}_header": safe.header})
    headers = {f"{name}_header": Substr(name, 1, len(safe.header), output_field=BinaryField()) for name in columns}
    rows = list(model._base_manager.annotate(**headers).filter(stale).select_for_update(skip_locked=True)[:limit])
    for row in rows:
        for name in columns:
            if (sealed := getattr(row, name)) is not None:
                setattr(row, name, safe.seal(safe.unseal(sealed, row.id, name), row.id, name))
    model._base_manager.bulk_update(rows, columns, batch_size=BATCH)
    return len(rows)
