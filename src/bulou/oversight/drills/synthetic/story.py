"""What is told so far: the facts, and what is known of the people they are about beyond the facts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.geography import Geography
from bulou.oversight.drills.synthetic.model import Demo, Person, Place, Unit
from bulou.oversight.drills.synthetic.people import START, Population
from bulou.oversight.drills.synthetic.units import Owners
from bulou.oversight.drills.tianjin import Case

END = datetime(2020, 2, 25, tzinfo=SHANGHAI)
"""Nothing in the demonstration is younger."""
DISEASE = "covid-19-2020"


@dataclass(frozen=True, slots=True)
class Episode:
    """One case as an illness of one person here."""

    subject: str
    person: Person
    suspected: datetime
    confirmed: datetime
    case: Case


@dataclass(slots=True)
class Story:
    """The world as it is being told. `owed`: the kinds of fact some duty asks for, which only duties bring about.

    `fevers`: when a person is feverish. `leaves`: when a person goes to hospital. `central`: who is isolated in a
    site rather than at home. `about`: the episode a person was exposed to. `origins`: an arrival as declared.
    `suspected`: whom a medic has already suspected. `needs`: what a person asked for last.
    `sites`: places by kind and area. `members`: how many live in a household.
    `isolated`, `overdue`: the start of an isolation that goes on, or went on too long. `assessed`: for discharge, when.
    """

    demo: Demo
    geography: Geography
    chance: Chance
    population: Population
    owners: Owners
    owed: Collection[str]
    plans: Sequence[str] = ()
    episodes: dict[str, Episode] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    fevers: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    leaves: dict[str, datetime] = field(default_factory=dict)
    central: set[str] = field(default_factory=set)
    about: dict[str, str] = field(default_factory=dict)
    sites: dict[tuple[str, str], Place] = field(default_factory=dict)
    members: Counter[str] = field(default_factory=Counter)
    suspected: set[str] = field(default_factory=set)
    needs: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    isolated: dict[str, Fact] = field(default_factory=dict)
    overdue: dict[str, Fact] = field(default_factory=dict)
    assessed: dict[str, datetime] = field(default_factory=dict)

    @property
    def random(self) -> Random:
        return self.chance.random

    def tell(
        self,
        kind: str,
        subject: str,
        area: str,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        *,
        by: Unit | None = None,
        supersedes: Fact | None = None,
    ) -> Fact | None:
        """Record a fact; None, and nothing recorded, where it lies outside the time of the demonstration."""
        if not START <= at < END:
            return None
        at = at.replace(microsecond=0)
        fact = Fact(
            id=str(self.chance.id(at)),
            kind=kind,
            subject=subject,
            area=area,
            at=at,
            by=f"unit:{by.id}" if by else None,
            data={key: value for key, value in (data or {}).items() if value is not None},
            supersedes=supersedes.id if supersedes else None,
        )
        self.demo.facts.append(fact)
        return fact

    def unless_owed(
        self, kind: str, subject: str, area: str, at: datetime, data: Mapping[str, Any] | None = None
    ) -> Fact | None:
        """Record a fact that no duty asks for; where one does, the duty brings it about, or it is missed."""
        return None if kind in self.owed else self.tell(kind, subject, area, at, data)

    def hours(self, least: float, most: float) -> timedelta:
        return timedelta(minutes=self.random.randint(round(least * 60), round(most * 60)))

    def moment(self, day: date, least: int = 8, most: int = 21) -> datetime:
        """A time of the day between two full hours."""
        start = datetime.combine(day, time(least), SHANGHAI)
        return start + timedelta(seconds=self.random.randrange((most - least) * 3600))

    def add(self, person: Person) -> Person:
        self.people[person.subject] = person
        self.members[str(person.household)] += 1
        return person

    def feverish(self, subject: str, at: datetime) -> bool:
        start, end = self.fevers.get(subject, (END, END))
        return start <= at < end


def celsius(random: Random, *, fever: bool) -> Decimal:
    """An axillary temperature, °C to one decimal."""
    value = random.gauss(38.3, 0.45) if fever else random.gauss(36.5, 0.22)
    return Decimal(str(round(min(max(value, 37.4), 40.5) if fever else min(max(value, 35.8), 37.1), 1)))
