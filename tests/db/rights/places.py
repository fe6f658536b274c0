"""Where the rows of the matrix are, and who may see them."""

from dataclasses import dataclass

from bulou.directory.models import Unit

HOMES = {"here": "120101001001", "next": "120101001002", "far": "450103"}
"""A village, the village beside it in the same county, and a county of another province."""


@dataclass(frozen=True)
class Home:
    """One area with one of everything in it. `note` is a word that stands in its facts alone.

    `room` is an empty room of its isolation site.
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

    @property
    def secrets(self) -> tuple[str, ...]:
        """Words nobody outside may read: names of people and places, ids, and what facts say."""
        return (f"{self.name}的住户", f"{self.name}的小学", self.person, self.place, self.episode, self.note, self.room)
