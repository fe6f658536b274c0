"""The registers as files take them out: every row of a list, from one cursor of the server, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bulou.directory.crypto import vault
from bulou.directory.identity import mask_address, mask_id, mask_phone
from bulou.directory.selectors.people import PlaceRow, age, place_row
from bulou.directory.selectors.registers import ordered, people_found, places_found
from bulou.directory.selectors.units import UnitRow, unit_row, units_found

FETCHED = 2_000
"""Rows fetched at once."""
COLUMNS = (
    "id",
    "name",
    "sex",
    "birth_date",
    "area_id",
    "synthetic",
    "id_number",
    "phone",
    "household_id",
    "household__address",
)


@dataclass(frozen=True, slots=True)
class PersonTaken:
    """Somebody in a file. Number, phone and address are masked unless taken in full; `age` as a list shows it."""

    id: UUID
    name: str
    sex: str
    age: int | None
    area: str
    synthetic: bool
    id_number: str
    phone: str
    address: str


def people_stream(
    area: str, *, text: str = "", sex: str = "", sort: str = "name", full: bool = False
) -> Iterator[PersonTaken]:
    """Every row of `people_page`. Within a transaction."""
    unseal, ages = vault().unseal, _Ages()
    rows = ordered(people_found(area, text, sex), sort).values_list(*COLUMNS).iterator(FETCHED)
    for id, name, sex_, born, code, synthetic, number, phone, household, address in rows:
        said = unseal(number, id, "id_number") if number is not None else ""
        rung = unseal(phone, id, "phone") if phone is not None else ""
        lives = unseal(address, household, "address") if address is not None else ""
        if not full:
            said, rung = said and mask_id(said), rung and mask_phone(rung)
            lives = lives and mask_address(lives)
        yield PersonTaken(id, name, sex_, ages[born], code, synthetic, said, rung, lives)


def places_stream(area: str, *, text: str = "", kind: str = "", sort: str = "name") -> Iterator[PlaceRow]:
    """Every row of `places_page`. Within a transaction."""
    return map(place_row, ordered(places_found(area, text, kind), sort).iterator(FETCHED))


def units_stream(area: str, *, role: str = "", text: str = "") -> Iterator[UnitRow]:
    """Every row of `units`. Within a transaction."""
    return map(unit_row, units_found(area, role=role, text=text).order_by("area", "name", "id").iterator(FETCHED))


class _Ages(dict[date | None, int | None]):
    """Ages by the business clock, each day of birth reckoned once."""

    def __missing__(self, born: date | None) -> int | None:
        self[born] = found = age(born)
        return found
