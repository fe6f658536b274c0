"""Where the work is: the household of each person, or the place, unit or area itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bulou.directory.crypto import vault
from bulou.directory.models import Person


@dataclass(frozen=True, slots=True)
class Home:
    """A door to knock at. `id` is the household's as a place; `address` is empty where none is on file."""

    id: str
    address: str


def homes(subjects: Iterable[str]) -> dict[str, Home]:
    """Subject to the household it lives in, for people in scope who have one. One query."""
    ids = [UUID(subject.partition(":")[2]) for subject in set(subjects) if subject.startswith("person:")]
    people = Person.objects.filter(id__in=ids, household__isnull=False)
    rows = list(people.values_list("id", "household", "household__address"))
    doors = {household: Home(f"place:{household}", _address(household, sealed)) for _id, household, sealed in rows}
    return {f"person:{id}": doors[household] for id, household, _sealed in rows}


def _address(household: UUID, sealed: bytes | memoryview | None) -> str:
    return vault().unseal(bytes(sealed), household, "address") if sealed else ""
