"""A site opens when its checks are in order and not before; nobody is taken in while it is not open."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bulou.directory import selectors as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.no_miss.isolation import opening, services, site_state, sites
from bulou.plan.rules import rules

from .conftest import NOW, House

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def hotel(make_unit: Callable[..., Unit], now: object) -> UnitRow:
    """A hotel that is to become a site: one room on the books, never opened."""
    unit = make_unit("和平区酒店", "120101", "isolation_site")
    with everywhere():
        sites.rooms_register(unit, [sites.NewRoom("201", 2)])
        found = directory.unit(unit.pk)
    assert found
    return found


@pytest.fixture
def keeper(hotel: UnitRow, make_account: Callable[..., Account]) -> Account:
    with everywhere():
        unit = Unit.objects.get(pk=hotel.id)
    return make_account("keeper", unit, "isolation_site")


@pytest.fixture
def in_force(now: object) -> None:
    """The checks of the Guangxi notice for isolation sites."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.id.endswith("site-fitness-checked")], area="12")


def tell(hotel: UnitRow, kind: str, **data: Any) -> str:
    fact = Fact(str(new_id()), kind, f"unit:{hotel.id}", "120101", clock.now(), f"unit:{hotel.id}", data)
    assert ledger.record([fact]).refused == ()
    return fact.id


def is_open(hotel: UnitRow) -> bool:
    with everywhere():
        return site_state.is_open(hotel.id, clock.now())


def test_a_site_that_was_never_opened_takes_nobody_in(house: House, hotel: UnitRow, keeper: Account) -> None:
    with everywhere():
        room = sites.Room.objects.get(unit=hotel.id).pk

    with pytest.raises(BulouError) as refused:
        services.admit(house.people[0], room, by=keeper)

    assert refused.value.problems[0].code == "site.not_open"
    assert house.stays(0) == []


def test_once_opened_it_does(house: House, hotel: UnitRow, keeper: Account) -> None:
    opening.open_site(hotel, by=keeper, note="区指挥部电话通知")
    with everywhere():
        room = sites.Room.objects.get(unit=hotel.id).pk

    assert services.admit(house.people[0], room, by=keeper).slot == 0


def test_it_does_not_open_before_its_checks_were_gone_through(hotel: UnitRow, keeper: Account, in_force: None) -> None:
    with pytest.raises(BulouError) as refused:
        opening.open_site(hotel, by=keeper)

    assert refused.value.problems[0].code == "site.not_fit"
    assert "never gone through" in refused.value.to("en")
    assert not is_open(hotel)


def test_it_does_not_open_while_one_check_fails_and_says_which(hotel: UnitRow, keeper: Account, in_force: None) -> None:
    tell(hotel, "checklist.completed", checklist="site-fitness", failed=["air"])

    with pytest.raises(BulouError) as refused:
        opening.open_site(hotel, by=keeper)

    assert "Air-conditioning of its own" in refused.value.to("en")
    assert not is_open(hotel)


def test_it_opens_when_what_was_wanting_is_put_right(hotel: UnitRow, keeper: Account, in_force: None) -> None:
    tell(hotel, "checklist.completed", checklist="site-fitness", failed=["air"])
    with clock.at(NOW + HOUR):
        for check in site_state.checklists("120101"):
            tell(hotel, "checklist.completed", checklist=check.checklist)
        opening.open_site(hotel, by=keeper)

        assert is_open(hotel)


def test_an_opening_sent_twice_is_one(hotel: UnitRow, keeper: Account) -> None:
    id = new_id()

    opening.open_site(hotel, by=keeper, id=id)
    opening.open_site(hotel, by=keeper, id=id)

    assert is_open(hotel)


def test_nobody_is_taken_in_after_it_closed_until_it_opens_again(house: House) -> None:
    with everywhere():
        site = directory.unit(house.site.pk)
    assert site
    opening.close_site(site, "改作他用", by=house.manager)

    with pytest.raises(BulouError) as refused:
        services.admit(house.people[0], house.rooms[0], by=house.manager)
    with clock.at(NOW + HOUR):
        opening.open_site(site, by=house.manager)
        stay = services.admit(house.people[0], house.rooms[0], by=house.manager)

    assert refused.value.problems[0].code == "site.not_open"
    assert stay.slot == 0


def test_it_does_not_close_over_those_who_are_in_it(house: House) -> None:
    services.admit(house.people[0], house.rooms[0], by=house.manager)
    with everywhere():
        site = directory.unit(house.site.pk)
    assert site

    with pytest.raises(BulouError) as refused:
        opening.close_site(site, "改作他用", by=house.manager)

    assert refused.value.problems[0].code == "site.inhabited"


def test_a_site_that_has_people_is_open_though_its_opening_is_not_on_record(
    hotel: UnitRow, make_account: Callable[..., Account]
) -> None:
    with everywhere():
        room = sites.Room.objects.get(unit=hotel.id).pk
        person = Person.objects.create(name="丁", area_id="120101001001", synthetic=True)
    start = {"kind": "central", "place": str(room)}
    fact = Fact(str(new_id()), "isolation.started", f"person:{person.pk}", "120101", NOW, None, start)

    assert ledger.record([fact]).created == 1

    assert is_open(hotel)


def test_an_opening_that_was_withdrawn_never_was(hotel: UnitRow) -> None:
    opened = tell(hotel, "site.opened")
    assert is_open(hotel)
    wrong = Fact(str(new_id()), "fact.withdrawn", f"unit:{hotel.id}", "120101", NOW, None, {"reason": "误记"}, opened)

    assert ledger.record([wrong]).created == 1

    assert not is_open(hotel)
