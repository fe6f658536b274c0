"""Arrivals handed out to the wrong community go to another; what communities owe of them; doors nobody opened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest

from bulou.directory import services as directory
from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as reading
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.no_miss.screening import receiving
from bulou.no_miss.screening.models import Arrival
from bulou.plan.rules import rules

from .conftest import COUNTY, DAY, HERE, HOUR, NEXT, NOW, Village

Scope = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def commander(county: Unit, make_account: Callable[..., Account]) -> Account:
    return make_account("commander", county, "county_command")


@pytest.fixture
def neighbours(make_unit: Callable[..., Unit]) -> Unit:
    return make_unit("邻社区居委会", NEXT, "village_committee")


@pytest.fixture
def in_force() -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    names = ("arrival-confirmed", "arrival-handed-out-confirmed", "household-visited-again")
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.id.partition("/")[2] in names], area="12")


def came(home: Village, who: int = 0, said: str = "not_here") -> Arrival:
    home.happen("arrival.declared", who, NOW - 5 * HOUR, risk="low", from_area="450103")
    if said:
        home.happen("arrival.received", who, NOW - HOUR, outcome=said)
    return arrival(home, who)


def arrival(home: Village, who: int = 0) -> Arrival:
    with everywhere():
        return Arrival.objects.get(person=home.people[who].pk)


def owed(subject: str) -> dict[str, tuple[UUID | None, str]]:
    with everywhere():
        return {row.duty.partition("/")[2]: (row.owner, row.state) for row in reading.duties_of(subject)}


def test_handed_out_anew_it_waits_for_the_other_community(
    home: Village, commander: Account, neighbours: Unit, in_force: None, scope: Scope
) -> None:
    found = came(home)

    with everywhere():
        receiving.hand_out(found.pk, NEXT, by=commander, id=new_id(), note="the street is theirs")

    after = arrival(home)
    assert (after.pk, after.area, after.state, after.answered_at) == (found.pk, NEXT, "waiting", None)
    subject = f"person:{home.people[0].pk}"
    assert owed(subject)["arrival-handed-out-confirmed"] == (neighbours.pk, "open")
    with scope(NEXT):
        assert Arrival.objects.count() == 1
    with scope(HERE):
        assert Arrival.objects.count() == 0

    home.happen("arrival.received", 0, NOW, area=NEXT, outcome="here")
    assert arrival(home).state == "here"
    assert owed(subject)["arrival-handed-out-confirmed"][1] == "met"


@pytest.mark.parametrize("area", [HERE, "450103001001", COUNTY, "120101001999"])
def test_it_goes_to_another_community_of_the_area_and_nowhere_else(
    home: Village, commander: Account, area: str
) -> None:
    found = came(home)

    with everywhere(), pytest.raises(BulouError, match="Choose another community"):
        receiving.hand_out(found.pk, area, by=commander, id=new_id())

    assert arrival(home).area == HERE


def test_who_is_confirmed_or_out_of_sight_is_not_handed_out(home: Village, commander: Account, scope: Scope) -> None:
    found = came(home, said="here")

    with everywhere(), pytest.raises(BulouError, match="who is confirmed"):
        receiving.hand_out(found.pk, NEXT, by=commander, id=new_id())
    with scope("45"), pytest.raises(BulouError):
        receiving.hand_out(found.pk, NEXT, by=commander, id=new_id())


def test_sent_twice_it_is_handed_out_once(home: Village, commander: Account) -> None:
    found, id = came(home), new_id()
    with everywhere():
        for _ in range(2):
            receiving.hand_out(found.pk, NEXT, by=commander, id=id)

    assert arrival(home).area == NEXT
    with everywhere():
        told = [fact for fact in reading.facts_of(f"person:{home.people[0].pk}") if fact.kind == "arrival.handed_out"]
    assert len(told) == 1


def test_an_arrival_of_low_risk_nobody_confirms_is_a_miss_of_the_community(home: Village, in_force: None) -> None:
    came(home, said="")
    subject = f"person:{home.people[0].pk}"
    assert owed(subject) == {"arrival-confirmed": (home.unit.pk, "open")}

    with everywhere(), clock.at(NOW + DAY):
        ledger.advance()
    assert owed(subject) == {"arrival-confirmed": (home.unit.pk, "missed")}


def test_not_here_is_an_answer_too(home: Village, in_force: None) -> None:
    came(home)

    assert owed(f"person:{home.people[0].pk}")["arrival-confirmed"][1] == "met"


def test_a_door_nobody_opened_is_owed_again_until_somebody_is_met(home: Village, in_force: None) -> None:
    with everywhere():
        place = f"place:{directory.place_register('滨江道88号', 'household', HERE).pk}"
    home.happen("household.visited", place, NOW - 3 * HOUR, present=0)
    assert owed(place) == {"household-visited-again": (home.unit.pk, "open")}

    home.happen("household.visited", place, NOW - HOUR, present=2)
    assert owed(place) == {"household-visited-again": (home.unit.pk, "met")}
