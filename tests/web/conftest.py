"""A small world for the pages: one village and its county, two people in isolation, the Guangxi plan in force.

The clock stands at noon of 10 February 2020. Each person was to be measured in the morning and the evening of every
day since the 8th; 甲 was, except this morning, and 乙 never was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.plan.rules import rules
from bulou.web import messages, shelf

VILLAGE, COUNTY = "120101001001", "120101"
NOON = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)
OPENINGS = ("isolation.started", "temperature.read")
"""The facts that open the duties in force here: enough for every state, and quick."""


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


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    """The catalogues as `make setup` compiles them."""
    messages.compile_all()


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Static files are looked up when asked for, not scanned for each test; passwords are hashed in a moment."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The business clock at noon of 10 February 2020, in the database as in the test."""
    directory.clock_set(NOON)
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def world(
    village: Unit, county: Unit, make_account: Callable[[str, Unit, str], Account], db: None, noon: datetime
) -> World:
    """See above."""
    with everywhere():
        household = directory.household_register(VILLAGE, "滨江道88号3门201", synthetic=True)
        people = [
            directory.person_register(
                directory.NewPerson(name, VILLAGE, household.pk, sex, phone=phone, synthetic=True)
            )
            for name, sex, phone in (("甲", "male", "19900000001"), ("乙", "female", "19900000002"))
        ]
        found = World(
            village,
            county,
            make_account("grid", village, "village_committee"),
            make_account("command", county, "county_command"),
            *people,
        )
        plan = shelf.plan("guangxi-2020-9")
        assert plan
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind in OPENINGS], area="12")
        start = datetime(2020, 2, 8, 5, tzinfo=SHANGHAI)
        for person in people:
            found.happen("isolation.started", f"person:{person.pk}", start, kind="home")
        for day, hour in ((8, 8), (8, 18), (9, 8), (9, 18)):
            found.measure(found.first, day, hour)
        ledger.advance()
    return found


@pytest.fixture
def enter(client: Client) -> Callable[..., Client]:
    """`enter(account, language="en")`: a browser in which the account is signed in."""

    def signed_in(account: Account, language: str = "zh-hans") -> Client:
        Account.objects.filter(pk=account.pk).update(language=language)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
