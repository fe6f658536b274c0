"""Where the rows of the matrix are, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bulou.directory.models import Unit

HOMES = {"here": "120101001001", "next": "120101001002", "far": "450103"}
"""A village, the village beside it in the same county, and a county of another province."""


@dataclass(frozen=True)
class Home:
    """One area with one of everything in it. `note` is a word that stands in its facts alone.

    `room` is a room of its isolation site, where its other person is. `order`: the fact that ordered the isolation.
    `owner`: who has its own rows (`belongings.py`), which `own` names.
    `bed` is an empty bed of a ward of its hospital, `device` a free ventilator.
    """

    name: str
    area: str
    unit: Unit
    person: str
    place: str
    episode: str
    duty: str
    note: str
    site: str
    room: str
    hospital: str
    ward: str
    bed: str
    device: str
    order: str
    owner: UUID
    own: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """How its people are called on a page."""
        return (f"{self.name}的住户", f"{self.name}的客人")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Words nobody outside may read: names of people and places, ids, and what facts say."""
        named = (*self.words, f"{self.name}的小学", f"{self.name}.csv")
        return (
            *named,
            self.person,
            self.place,
            self.episode,
            self.note,
            self.room,
            self.bed,
            self.device,
            *self.own.values(),
        )
