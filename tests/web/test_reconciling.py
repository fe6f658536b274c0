"""Lists of other departments beside the register, on their pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.directory.services import NewPerson, person_register
from bulou.kernel.ids import new_id
from bulou.no_miss.screening.models import Enrolment, Listing
from web.world import NOON, World

Enter = Callable[..., Client]
RAIL, HERE = "铁路名单0209", "120101001001"
PAGE = f"/registers/received/list/?list={RAIL}&category=arrival"


@pytest.fixture
def third(world: World) -> Any:
    with everywhere():
        return person_register(NewPerson("丙", HERE, synthetic=True))


@pytest.fixture
def sides(world: World, third: Any) -> None:
    """甲 on both, 乙 only on theirs, 丙 only on ours."""
    start = NOON - timedelta(hours=5)
    for person in (world.first, world.second):
        world.happen("person.listed", f"person:{person.pk}", start, list=RAIL, category="arrival", source="department")
    for person in (world.first, third):
        world.happen("person.enrolled", f"person:{person.pk}", NOON, category="arrival")
    world.happen("listing.scoped", f"area:{HERE}", NOON, list=RAIL, category="arrival", scope="register")


def names(page: Any) -> list[str]:
    return [line.name for line in page.context["lines"]]


def settle(browser: Client, **given: str) -> Any:
    form = {"id": str(new_id()), "list": RAIL, "category": "arrival", "area": HERE, **given}
    return browser.post("/registers/received/settle/", form, follow=True)


def test_the_lists_received_lead_to_their_comparison(world: World, enter: Enter, sides: None) -> None:
    browser = enter(world.commander, "en")

    page = browser.get("/registers/received/")

    ((one, _word, url, unstated),) = page.context["lists"]
    assert (one.name, one.people, one.open, unstated) == (RAIL, 2, 2, False)
    assert browser.get(url).status_code == 200


def test_an_area_that_received_none_says_how_they_come(world: World, enter: Enter) -> None:
    assert "No list has been received" in enter(world.commander, "en").get("/registers/received/").text


def test_both_differences_stand_there_and_everybody_on_one_side(world: World, enter: Enter, sides: None) -> None:
    browser = enter(world.commander, "en")
    pages = {side: browser.get(f"{PAGE}&side={side}") for side in ("theirs", "ours", "both")}

    assert {side: names(page) for side, page in pages.items()} == {"theirs": ["乙"], "ours": ["丙"], "both": ["甲"]}
    assert {sign.name: n for sign, n, *_ in pages["both"].context["tiles"]} == dict.fromkeys(
        ("theirs", "ours", "both"), 1
    )
    assert pages["theirs"].context["lines"][0].owner.name == "蓉芳里居委会"
    with everywhere():
        assert AccessLog.objects.filter(purpose__startswith=f"list {RAIL}: ").count() == 3


def test_each_is_settled_with_a_fact(world: World, enter: Enter, sides: None) -> None:
    browser = enter(world.grid_worker, "en")
    with everywhere():
        listing = Listing.objects.get(person=world.second.pk)

    answer = settle(browser, listing=str(listing.pk), outcome="found", side="theirs")

    assert "1 person settled." in answer.text
    assert names(answer) == []
    with everywhere():
        assert Enrolment.objects.filter(person=world.second.pk, until=None).exists()


def test_all_that_agree_are_settled_with_one_touch(world: World, enter: Enter, sides: None) -> None:
    browser = enter(world.grid_worker, "en")
    assert "Settle 1 on which both agree" in browser.get(f"{PAGE}&side=both").text

    settle(browser, all="1", side="both")

    assert "on which both agree" not in browser.get(f"{PAGE}&side=both").text


def test_the_department_is_told_of_whom_it_does_not_name(world: World, enter: Enter, sides: None, third: Any) -> None:
    browser = enter(world.grid_worker, "en")
    with everywhere():
        enrolment = Enrolment.objects.get(person=third.pk)

    answer = settle(browser, enrolment=str(enrolment.pk), side="ours")

    assert answer.context["lines"][0].settled
    assert "Tell the department" not in answer.text


def test_what_cannot_be_settled_is_said(world: World, enter: Enter, sides: None) -> None:
    assert "nothing was recorded" in settle(enter(world.grid_worker, "en"), listing="x", outcome="found").text


def test_a_person_in_another_village_than_the_list_says_is_marked(world: World, enter: Enter, third: Any) -> None:
    person = f"person:{third.pk}"
    world.happen("person.listed", person, NOON, list=RAIL, category="arrival")
    world.happen("person.enrolled", person, NOON, area="120101001002", category="arrival")

    page = enter(world.commander, "en").get(f"{PAGE}&side=both")

    assert "another place" in page.text
    assert page.context["agreeing"] == 0


def test_there_is_no_comparison_with_a_list_that_is_none(world: World, enter: Enter) -> None:
    assert enter(world.commander).get(PAGE).status_code == 404


def test_costs_the_same_however_many_are_on_it(world: World, enter: Enter, sides: None) -> None:
    browser = enter(world.commander, "en")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        return len(queries)

    browser.get(PAGE)
    before = cost()
    for number in range(4):
        with everywhere():
            one = person_register(NewPerson(f"丁{number}", HERE, synthetic=True))
        world.happen("person.listed", f"person:{one.pk}", NOON, list=RAIL, category="arrival")

    assert cost() == before <= 21


def test_a_list_says_what_it_holds_before_anybody_is_told_as_missing_from_it(
    world: World, enter: Enter, third: Any
) -> None:
    world.happen("person.listed", f"person:{world.first.pk}", NOON - timedelta(hours=5), list=RAIL, category="arrival")
    world.happen("person.enrolled", f"person:{third.pk}", NOON, category="arrival")
    browser = enter(world.commander, "en")
    assert "Nobody has said what it holds" in browser.get("/registers/received/").text
    before = browser.get(f"{PAGE}&side=ours")
    assert names(before) == []
    assert "nobody is told as missing from it" in before.text

    stated = browser.post(
        "/registers/received/scope/",
        {"id": str(new_id()), "list": RAIL, "category": "arrival", "area": HERE, "scope": "register"},
        follow=True,
    )

    assert names(stated) == ["丙"]
    assert "Everybody of this category there" in stated.text
    assert "Nobody has said what it holds" not in browser.get("/registers/received/").text


def test_a_list_of_one_day_says_which(world: World, enter: Enter, sides: None) -> None:
    given = {"id": str(new_id()), "list": RAIL, "category": "arrival", "area": HERE, "scope": "day", "day": "x"}

    answer = enter(world.commander, "en").post("/registers/received/scope/", given, follow=True)

    assert "of a single day, which" in answer.text
