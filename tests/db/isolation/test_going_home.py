"""Whoever has served their days is handed back home and followed up there; until home has confirmed, the site holds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.custody.models import Handover
from bulou.custody.selectors import holders
from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger import services, shelf
from bulou.no_miss.isolation import releasing
from bulou.plan.rules import rules

from .conftest import DAY, NOW, House

HOUR = timedelta(hours=1)
VILLAGE = "120101001001"


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def served(house: House, village: Unit) -> House:
    """A close contact in the first room whose fourteen days are over, in the site's hands."""
    person = house.people[0]
    sent(house, person, "person.enrolled", VILLAGE, house.site, NOW - 15 * DAY, category="close_contact")
    sent(house, person, "isolation.started", VILLAGE, house.site, NOW - 14 * DAY, **in_room(house))
    return house


def in_room(house: House) -> dict[str, str]:
    return {"kind": "central", "place": str(house.rooms[0])}


def sent(house: House, person: UUID, what: str, area: str, by: Unit, at: Any = NOW, /, **data: Any) -> None:
    fact = Fact(str(new_id()), what, f"person:{person}", area, at, f"unit:{by.pk}", data)
    assert services.record([fact]).refused == ()


def release(house: House, **given: Any) -> None:
    releasing.end(house.people[0], by=house.manager, **({"follow_up_days": 7} | given))


def facts(house: House, kind: str) -> list[Any]:
    return [fact for fact in ledger.facts_of(f"person:{house.people[0]}") if fact.kind == kind]


def holder(house: House) -> UUID | None:
    held = holders([house.people[0]]).get(house.people[0])
    return held.unit if held else None


def test_the_site_holds_until_home_has_confirmed(served: House, village: Unit) -> None:
    release(served)

    (handover,) = Handover.objects.filter(person=served.people[0])
    assert (handover.sender_id, handover.receiver_id, handover.stage) == (served.site.pk, village.pk, "requested")
    assert holder(served) == served.site.pk
    with clock.at(NOW + HOUR):
        for kind, by in (("accepted", village), ("departed", served.site), ("received", village)):
            sent(served, served.people[0], f"handover.{kind}", VILLAGE, by, NOW + HOUR)

    assert holder(served) == village.pk


def test_the_follow_up_is_entered_and_what_isolated_is_left(served: House) -> None:
    release(served)

    assert [fact.data["category"] for fact in facts(served, "person.withdrawn")] == ["close_contact"]
    entered = facts(served, "person.enrolled")[0]
    assert (entered.data["category"], entered.area) == ("released", VILLAGE)
    assert entered.data["ref"] == str(facts(served, "isolation.ended")[0].id)


def test_the_days_at_home_are_duties_of_the_community_and_end_with_it(served: House, village: Unit) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.when.kind == "person.enrolled"], area="12")
    served.happen("release.assessed", served.people[0], NOW - HOUR, outcome="complete")
    release(served)
    with clock.at(NOW + DAY):
        services.advance()
        owed = {row.duty.partition("/")[2]: row.owner for row in ledger.my_list(village.pk, clock.now())}
        assert {"daily-follow-up", "daily-health-noted", "home-follow-up-closed"} <= owed.keys()

    with clock.at(NOW + 9 * DAY):
        services.advance()
        missed = [row.duty for row in ledger.duties_of(f"person:{served.people[0]}") if row.state == "missed"]
        assert "guangxi-2020-9/home-follow-up-closed" in missed


def test_when_the_community_closes_the_follow_up_nobody_holds_the_person(served: House, village: Unit) -> None:
    release(served)
    at = NOW + HOUR
    with clock.at(NOW + 8 * DAY):
        for kind, by in (("accepted", village), ("received", village), ("settled", village)):
            at += HOUR
            sent(served, served.people[0], f"handover.{kind}", VILLAGE, by, at)
        assert holder(served) == village.pk
        sent(served, served.people[0], "person.withdrawn", VILLAGE, village, NOW + 7 * DAY, category="released")

    assert holder(served) is None


@pytest.mark.parametrize("given", [{"follow_up_days": None}, {"reason": "excluded"}])
def test_nobody_is_sent_home_who_is_not_followed_up(served: House, given: dict[str, Any]) -> None:
    release(served, **given)

    assert not Handover.objects.filter(person=served.people[0]).exists()
    assert holder(served) is None


def test_who_is_on_the_way_elsewhere_already_goes_there(served: House, make_unit: Callable[..., Unit]) -> None:
    hospital = make_unit("和平区医院", "120101", "designated_hospital")
    sent(served, served.people[0], "handover.requested", VILLAGE, served.site, NOW - HOUR, to=f"unit:{hospital.pk}")

    release(served)

    assert [one.receiver_id for one in Handover.objects.filter(person=served.people[0])] == [hospital.pk]


def test_the_same_release_sent_twice_is_one(served: House) -> None:
    id = new_id()
    release(served, id=id)
    with everywhere():
        before = len(ledger.facts_of(f"person:{served.people[0]}"))
        assert Person.objects.filter(id=served.people[0]).exists()

    assert before == len({fact.id for fact in ledger.facts_of(f"person:{served.people[0]}")})
    assert len(facts(served, "handover.requested")) == 1
