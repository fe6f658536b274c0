"""Where the work is: the household of each person, or the place, unit or area itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bulou.directory.crypto import vault

_RESIDENTS = """
SELECT p.id, p.name, h.id, h.address
FROM person p LEFT JOIN household h ON h.id = p.household WHERE p.id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Home:
    """A door to knock at. `id` is the household's as a place; `address` is empty where none is on file."""

    id: str
    address: str


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody's name, and their home where they have one."""

    name: str
    home: Home | None


def residents(subjects: Iterable[str]) -> dict[str, Resident]:
    """Subject to who it is and where they live, for people in scope. One query, none where there are no people."""
    ids = [subject.partition(":")[2] for subject in set(subjects) if subject.startswith("person:")]
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_RESIDENTS, [ids])
        rows = cursor.fetchall()
    addresses = {household: sealed for _, _, household, sealed in rows}
    doors = {
        household: Home(f"place:{household}", _address(household, sealed)) for household, sealed in addresses.items()
    }
    return {f"person:{id}": Resident(name, doors[home] if home else None) for id, name, home, _ in rows}


def _address(household: UUID | None, sealed: bytes | memoryview | None) -> str:
    return vault().unseal(bytes(sealed), household, "address") if household and sealed else ""
