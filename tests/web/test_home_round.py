"""The round at home: door by door in the order of the addresses, by whoever visits, recorded in one submit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Person
from bulou.directory.scope import everywhere
from bulou.ledger import selectors as ledger
from bulou.no_miss.isolation import at_home
from bulou.web.field import home_round
from web.world import NOON, VILLAGE, World

Enter = Callable[..., Client]
URL = "/round/"


def live(world: World, address: str, name: str) -> Person:
    with everywhere():
        home = directory.household_register(VILLAGE, address, synthetic=True)
        person = directory.person_register(directory.NewPerson(name, VILLAGE, home.pk, synthetic=True))
    world.happen("isolation.started", f"person:{person.pk}", NOON - timedelta(days=2), kind="home")
    return person


def shown(page: Any) -> list[tuple[str, list[str]]]:
    return [(door.address, [line.guest.name for line in door.lines]) for door in page.context["doors"]]


def facts(person: Person, kind: str) -> list[Any]:
    with everywhere():
        return [fact.data for fact in ledger.facts_of(f"person:{person.pk}") if fact.kind == kind]


def test_doors_stand_in_the_order_people_walk(world: World, enter: Enter) -> None:
    live(world, "滨江道100号", "丁")
    live(world, "滨江道9号", "丙")

    page = enter(world.grid_worker, "en").get(URL)

    assert page.context["beginning"] == "滨江道"
    assert shown(page) == [("9号", ["丙"]), ("88号3门201", ["甲", "乙"]), ("100号", ["丁"])]
    assert "Evening round at home" in page.text or "Morning round at home" in page.text
    assert page.context["people"] == 4


def test_a_round_too_long_for_one_page_says_that_it_is_not_all(
    world: World, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(world.grid_worker, "en")
    assert "Only the first" not in browser.get(URL).text

    for module in (at_home, home_round):
        monkeypatch.setattr(module, "MOST", 1)
    page = browser.get(URL)

    assert page.context["people"] == 1
    assert "Only the first 1 people are here" in page.text


def test_a_whole_street_is_recorded_in_one_submit(world: World, enter: Enter) -> None:
    other = live(world, "滨江道9号", "丙")
    browser = enter(world.grid_worker, "en")
    lines = {line.key: line.id for door in browser.get(URL).context["doors"] for line in door.lines}
    form = {f"i-{key}": id for key, id in lines.items()}
    form |= {f"c-{other.pk}": "36.4", f"n-{other.pk}": "food", f"c-{world.second.pk}": "36,9"}

    for _ in range(2):
        assert browser.post(URL, form).status_code == 302

    assert facts(other, "temperature.read") == [{"celsius": 36.4, "setting": "home"}]
    assert facts(other, "help.requested") == [{"need": "food"}]
    assert facts(world.second, "temperature.read")[-1]["celsius"] == 36.9


def test_a_wrong_line_keeps_what_was_entered_and_holds_up_nobody(world: World, enter: Enter) -> None:
    browser = enter(world.grid_worker, "en")
    browser.get(URL)

    answer = browser.post(URL, {f"c-{world.first.pk}": "366", f"c-{world.second.pk}": "36.6"})

    assert answer.status_code == 422
    assert 'value="366"' in answer.text
    assert len(facts(world.second, "temperature.read")) == 1


def test_each_visitor_finds_their_own_and_who_has_none_stands_apart(world: World, enter: Enter) -> None:
    world.happen("manager.named", f"person:{world.first.pk}", NOON - timedelta(hours=3), manager="李网格员")
    browser = enter(world.grid_worker, "en")

    page = browser.get(URL)

    everybody, named, nobody = page.context["chips"]
    assert (everybody.n, named.word, named.n, nobody.n) == (2, "李网格员", 1, 1)
    assert shown(browser.get(named.url)) == [("滨江道88号3门201", ["甲"])]
    assert shown(browser.get(nobody.url)) == [("滨江道88号3门201", ["乙"])]


def test_who_is_released_or_in_a_site_is_not_on_it(world: World, enter: Enter) -> None:
    world.happen("isolation.ended", f"person:{world.first.pk}", NOON - timedelta(hours=1), reason="completed")

    assert shown(enter(world.grid_worker).get(URL)) == [("滨江道88号3门201", ["乙"])]


def test_the_look_is_on_record_and_others_do_not_go_round(world: World, enter: Enter, make_account: Any) -> None:
    enter(world.grid_worker).get(URL)
    with everywhere():
        assert AccessLog.objects.filter(purpose__startswith="home round").exists()

    outsider = make_account("school", world.village, "school")
    assert enter(outsider).get(URL).status_code == 403
    assert "/round/" not in enter(outsider).get("/my/").text


@pytest.mark.parametrize("more", [0, 4])
def test_it_takes_the_same_queries_however_many_are_at_home(world: World, enter: Enter, more: int) -> None:
    browser = enter(world.grid_worker)
    browser.get(URL)
    with CaptureQueriesContext(connection) as before:
        browser.get(URL)
    for number in range(more):
        live(world, f"滨江道{number}号", f"己{number}")

    with CaptureQueriesContext(connection) as after:
        browser.get(URL)

    assert len(after) == len(before) <= 18
