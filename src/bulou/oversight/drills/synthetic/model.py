"""What a demonstration consists of. Everything here but the cases is invented, and marked so."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from bulou.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class Grid:
    """An area below a village, made for the demonstration: 15 digits."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation with its area and the roles it answers for."""

    id: UUID
    name: str
    name_en: str
    area: str
    roles: tuple[str, ...]
    parent: UUID | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A way in, for one role of one unit. The password is made where it is installed."""

    id: UUID
    username: str
    name: str
    unit: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Household:
    """People under one roof, in a grid. It is also a place of kind `household` with the same id."""

    id: UUID
    area: str
    address: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person. `sex` is `male` or `female`; the numbers are valid in form and belong to nobody."""

    id: UUID
    area: str
    household: UUID
    name: str
    sex: str
    birth_date: date
    id_number: str
    phone: str

    @property
    def subject(self) -> str:
        return f"person:{self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that can be controlled."""

    id: UUID
    area: str
    name: str
    kind: str
    unit: UUID | None = None
    parent: UUID | None = None

    @property
    def subject(self) -> str:
        return f"place:{self.id}"


@dataclass(frozen=True, slots=True)
class Room:
    """A room of an isolation site; `place` is the place it is."""

    place: UUID
    unit: UUID
    area: str
    floor: int
    number: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward or another part of a hospital, with its zone; `place` is the place it is."""

    place: UUID
    unit: UUID
    area: str
    name: str
    floor: int
    zone: str


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed of a ward; `place` is the place it is, `ward` that of the ward."""

    place: UUID
    ward: UUID
    unit: UUID
    area: str
    number: str
    kind: str

    @property
    def subject(self) -> str:
        return f"place:{self.place}"


@dataclass(frozen=True, slots=True)
class Device:
    """A device of a hospital, kept in a ward or in none; `place` is the place it is."""

    place: UUID
    ward: UUID | None
    unit: UUID
    area: str
    kind: str
    number: str

    @property
    def subject(self) -> str:
        return f"place:{self.place}"


@dataclass(slots=True)
class Demo:
    """Everything to load: `facts` in order of time, some of them after any clock the demonstration is set to."""

    grids: list[Grid] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    wards: list[Ward] = field(default_factory=list)
    beds: list[Bed] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
