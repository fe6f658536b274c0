"""A small world for the pages: one village and its county, two people in isolation, the Guangxi plan in force.

The clock stands at noon of 10 February 2020. Each person was to be measured in the morning and the evening of every
day since the 8th; 甲 was, except this morning, and 乙 never was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.rules import rules

VILLAGE, COUNTY = "120101001001", "120101"
NOON = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)
OPENINGS = ("isolation.started", "temperature.read")
"""The facts that open the duties in force here: enough for every state, and quick."""
MakeAccount = Callable[[str, Unit, str], Account]


@dataclass
class World:
    """Who and what there is, and short ways to let things happen."""

    village: Unit
    county: Unit
    grid_worker: Account
    commander: Account
    first: Person
    second: Person

    everywhere = staticmethod(everywhere)

    def happen(self, what: str, subject: str, at: datetime, /, area: str = VILLAGE, **data: Any) -> str:
        """Record a fact in the village's name; gives its id."""
        fact = Fact(str(new_id()), what, subject, area, at, f"unit:{self.village.pk}", data)
        receipt = ledger.record([fact], allow_future=True)
        assert receipt.refused == ()
        return fact.id

    def measure(self, person: Person, day: int, hour: int, celsius: float = 36.6) -> str:
        at = datetime(2020, 2, day, hour, tzinfo=SHANGHAI)
        return self.happen("temperature.read", f"person:{person.pk}", at, celsius=celsius)


def build(village: Unit, county: Unit, make_account: MakeAccount) -> World:
    """See above. The clock must stand at noon."""
    with everywhere():
        household = directory.household_register(VILLAGE, "滨江道88号3门201", synthetic=True)
        people = [
            directory.person_register(
                directory.NewPerson(name, VILLAGE, household.pk, sex, phone=phone, synthetic=True)
            )
            for name, sex, phone in (("甲", "male", "19900000001"), ("乙", "female", "19900000002"))
        ]
        grid_worker = make_account("grid", village, "village_committee")
        world = World(village, county, grid_worker, make_account("command", county, "county_command"), *people)
        plan = shelf.plan("guangxi-2020-9")
        assert plan
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind in OPENINGS], area="12")
        for person in people:
            start = datetime(2020, 2, 8, 5, tzinfo=SHANGHAI)
            world.happen("isolation.started", f"person:{person.pk}", start, kind="home")
        for day, hour in ((8, 8), (8, 18), (9, 8), (9, 18)):
            world.measure(world.first, day, hour)
        ledger.advance()
    return world
