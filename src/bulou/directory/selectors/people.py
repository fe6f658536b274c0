"""People as a screen may show them: numbers masked, and nobody from outside the session's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bulou.directory.crypto import vault
from bulou.directory.identity import mask_address, mask_id, mask_phone, read_id, read_phone
from bulou.directory.models import Household, IdKind, Person, Place
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.periods import local_date


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in a list. `age` in whole years by the business clock."""

    id: UUID
    name: str
    sex: str
    age: int | None
    area: str
    phone: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household and who lives in it; the address masked."""

    id: UUID
    area: str
    address: str
    members: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person's file: who they are. What happened to them and what they are owed is the ledger's."""

    id: UUID
    name: str
    sex: str
    birth_date: date | None
    age: int | None
    nationality: str
    id_kind: str
    id_number: str
    phone: str
    area: str
    household: HouseholdRow | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that can be controlled."""

    id: UUID
    name: str
    kind: str
    area: str
    parent: UUID | None
    unit: UUID | None
    synthetic: bool


def person(id: UUID) -> Person | None:
    """The row itself, for services; None where there is none in scope. One query."""
    return Person.objects.filter(id=id).first()


def person_file(id: UUID) -> PersonFile | None:
    """One person's file with the household; None where there is none in scope. Two queries."""
    found = Person.objects.select_related("household").filter(id=id).first()
    if found is None:
        return None
    return _file(found, _household(found.household) if found.household else None)


def _file(found: Person, household: HouseholdRow | None) -> PersonFile:
    return PersonFile(
        id=found.id,
        name=found.name,
        sex=found.sex,
        birth_date=found.birth_date,
        age=age(found.birth_date),
        nationality=found.nationality,
        id_kind=found.id_kind,
        id_number=mask_id(_open(found, "id_number")) if found.id_number else "",
        phone=_phone(found),
        area=found.area_id,
        household=household,
        synthetic=found.synthetic,
    )


def file_of(id: UUID) -> UUID | None:
    """The file another one is part of; None where it is none's, or there is none in scope. One query."""
    return Person.everyone.filter(id=id).values_list("same_as", flat=True).first()


def parts_of(id: UUID) -> list[UUID]:
    """The files that were found to be the same person's. One query."""
    return list(Person.everyone.filter(same_as=id).order_by("id").values_list("id", flat=True))


def people_sides(ids: Iterable[UUID]) -> list[PersonFile]:
    """The files of several people on the books, without their households. One query."""
    return [_file(one, None) for one in Person.objects.filter(id__in=set(ids))]


def household_members(id: UUID) -> list[PersonRow]:
    """Who lives in a household, by name. One query."""
    return [person_row(member) for member in Person.objects.filter(household_id=id).order_by("name", "id")]


def people_find(text: str, *, area: str = "", limit: int = 20) -> list[PersonRow]:
    """People by identity number, phone, or the beginning of their name. One query.

    A number must be whole: it is found through its blind index. An empty text lists the area.
    """
    found = Person.objects.filter(area__code__startswith=area) if area else Person.objects.all()
    number, phone = as_number(text), as_phone(text)
    if number:
        found = found.filter(id_index__in=[vault().index(number, kind) for kind in IdKind.values])
    elif phone:
        found = found.filter(phone_index=vault().index(phone, "phone"))
    elif text:
        found = found.filter(name__startswith=text.strip())
    return [person_row(person) for person in found.order_by("name", "id")[:limit]]


def places(ids: Iterable[UUID]) -> dict[UUID, PlaceRow]:
    """Places by id, those in scope. One query."""
    return {place.id: place_row(place) for place in Place.objects.filter(id__in=set(ids))}


def place_row(place: Place) -> PlaceRow:
    """A place as a list shows it."""
    return PlaceRow(place.id, place.name, place.kind, place.area_id, place.parent_id, place.unit_id, place.synthetic)


def age(birth_date: date | None) -> int | None:
    """Whole years by the business clock."""
    if birth_date is None:
        return None
    today = local_date(clock.now(), clock.SHANGHAI)
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def person_row(person: Person) -> PersonRow:
    """A person as a list shows them."""
    return PersonRow(
        person.id, person.name, person.sex, age(person.birth_date), person.area_id, _phone(person), person.synthetic
    )


def _household(household: Household) -> HouseholdRow:
    address = vault().unseal(household.address, household.id, "address") if household.address else ""
    members = tuple(household_members(household.id))
    return HouseholdRow(household.id, household.area_id, mask_address(address) if address else "", members)


def _open(person: Person, column: str) -> str:
    return vault().unseal(getattr(person, column), person.id, column)


def _phone(person: Person) -> str:
    return mask_phone(_open(person, "phone")) if person.phone else ""


def as_number(text: str) -> str:
    """A resident's number, or something that can only be a document's."""
    for kind in (IdKind.RESIDENT, IdKind.HK_MACAU_PERMIT, IdKind.FOREIGN_PERMANENT, IdKind.PASSPORT):
        try:
            number = read_id(kind, text).number
        except BulouError:
            continue
        if any(character.isdigit() for character in number) and not as_phone(text):
            return number
    return ""


def as_phone(text: str) -> str:
    """A phone number as it is stored; empty where the text is none."""
    try:
        return read_phone(text)
    except BulouError:
        return ""
