"""A small world for the API: a village and its county, another province, a person in each, the trial plan in force.

The clock stands at 12:30 of 10 February 2020. Both people have been isolated since the 8th; 安居仁 was measured every
morning and evening but this morning, 邵外地 never.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from bulou.api import tokens
from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from histories import TRIAL, trial_rules

VILLAGE, COUNTY, ELSEWHERE = "120101001001", "120101", "450103"
NOW = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)
DUTIES = {f"trial/{name}" for name in ("daily", "daily-late", "once", "once-until", "period-after")}
"""Those of the trial plan that are in force: enough for every state, and quick."""


@dataclass
class World:
    """Who and what there is, and short ways to say what happens."""

    worker: Account
    commander: Account
    outsider: Account
    inside: Person
    outside: Person
    episode: str
    office: Unit

    def fact(self, what: str = "temperature.read", about: Person | str | None = None, /, **changes: Any) -> dict:
        """A fact as JSON, about the person inside, this morning, unless told otherwise."""
        subject = about if isinstance(about, str) else f"person:{(about or self.inside).pk}"
        data = {"celsius": 36.6} if what == "temperature.read" else {}
        fact = {"id": str(new_id()), "kind": what, "subject": subject, "area": VILLAGE, "data": data}
        return fact | {"at": "2020-02-10T08:00:00+08:00"} | changes


@dataclass
class Caller:
    """A program that speaks to the API in an account's name."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> HttpResponse:
        purpose = {"X-Purpose": query.pop("purpose")} if "purpose" in query else {}
        return self.client.get(f"/api/v1{path}", query, headers={**self.headers, **purpose})

    def read(self, path: str, **query: Any) -> Any:
        """The JSON of an address that answers."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def send(self, body: Any, content_type: str = "application/json") -> HttpResponse:
        content = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        return self.client.post("/api/v1/facts", content, content_type=content_type, headers=self.headers)

    def record(self, body: Any, **given: Any) -> dict[str, Any]:
        """The receipt of an upload that is answered."""
        response = self.send(body, **given)
        assert response.status_code == 200, response.content.decode()
        return response.json()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the trial plan alone."""
    folder = tmp_path_factory.mktemp("plans")
    (folder / "trial").symlink_to(TRIAL)
    return folder


@pytest.fixture(autouse=True)
def few_plans(shelf: Path, settings: Any) -> None:
    """The real plans take seconds to read; where they matter, a test asks for them."""
    settings.PLANS = shelf


@pytest.fixture
def now(db: None) -> Iterator[datetime]:
    """The business clock, in the database as in the test."""
    directory.clock_set(NOW)
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def world(village: Unit, county: Unit, stranger: Unit, make_account: Callable[..., Account], now: datetime) -> World:
    """Who there is. What happened to them, and what is owed, comes with `lived`."""
    with everywhere():
        inside, outside = (
            directory.person_register(directory.NewPerson(name, area, synthetic=True))
            for name, area in (("安居仁", VILLAGE), ("邵外地", ELSEWHERE))
        )
    return World(
        make_account("worker", village, "village_committee"),
        make_account("commander", county, "county_command"),
        make_account("outsider", stranger, "county_command"),
        inside,
        outside,
        f"episode:{new_id()}",
        village,
    )


@pytest.fixture
def lived(world: World) -> None:
    """The trial plan in force, and three days of facts."""
    with everywhere():
        ledger.adopt([rule for rule in trial_rules() if rule.id in DUTIES], area="")
        receipt = ledger.record(_history(world))
        assert receipt.refused == ()
        ledger.advance()


def _history(world: World) -> Iterator[Fact]:
    def happened(what: str, subject: str, day: int, hour: int, area: str = VILLAGE, **data: Any) -> Fact:
        return Fact(str(new_id()), what, subject, area, datetime(2020, 2, day, hour, tzinfo=SHANGHAI), None, data)

    for person, area in ((world.inside, VILLAGE), (world.outside, ELSEWHERE)):
        yield happened("isolation.started", f"person:{person.pk}", 8, 5, area, kind="home")
    for day, hour in ((8, 8), (8, 18), (9, 8), (9, 18)):
        yield happened("temperature.read", f"person:{world.inside.pk}", day, hour, celsius=36.6)
    patient = f"person:{world.inside.pk}"
    yield happened("episode.suspected", world.episode, 9, 9, person=patient, disease="covid-19-2020")


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """`caller(account, language="en")`: a program with a token of that account."""

    def made(account: Account, language: str = "en") -> Caller:
        token = tokens.create(account.username, 1).text
        return Caller(Client(), {"Authorization": f"Bearer {token}", "Accept-Language": language})

    return made


@pytest.fixture
def nothing_stored(world: World) -> Iterator[None]:
    """There are as many facts after the test as before."""
    before = _count_facts()
    yield
    assert _count_facts() == before


def _count_facts() -> int:
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fact")
        found: int = cursor.fetchone()[0]
        return found


@pytest.fixture
def worker(world: World, caller: Callable[..., Caller]) -> Caller:
    return caller(world.worker)


@pytest.fixture
def commander(world: World, caller: Callable[..., Caller]) -> Caller:
    return caller(world.commander)


@pytest.fixture
def outsider(world: World, caller: Callable[..., Caller]) -> Caller:
    return caller(world.outsider)
