"""The search: people, cases, places, units, clauses and pages, in the account's area, on record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.web.finder import hits
from web.hospitals import build_ward

Enter = Callable[..., Client]
EPISODE = "episode:0197a000-0000-7000-8000-000000000001"


@pytest.fixture
def outbreak(world: Any) -> Any:
    """甲 is a case, TJ7, since the 7th."""
    said = {"disease": "covid-19-2020", "person": f"person:{world.first.pk}", "case_no": "TJ7"}
    world.happen("episode.confirmed", EPISODE, datetime(2020, 2, 7, 10, tzinfo=SHANGHAI), **said)
    return world


def found(page: Any) -> dict[str, list[str]]:
    return {str(group.word): [one.name for one in group.found] for group in page.context["groups"]}


def looks(act: str) -> list[AccessLog]:
    with everywhere():
        return list(AccessLog.objects.filter(act=act))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("甲", "People", "甲"),
        ("y", "People", "乙"),
        ("0002", "People", "乙"),
        ("tj7", "Cases", "TJ7"),
        ("甲", "Cases", "TJ7"),
        ("蓉芳", "Units", "蓉芳里居委会"),
        ("rfl", "Units", "蓉芳里居委会"),
        ("GX-2.1.h", "Clauses", "Take temperature every morning and evening"),
        ("temperature every", "Clauses", "Take temperature every morning and evening"),
        ("board", "Pages", "Board"),
    ],
)
def test_everything_is_found_by_what_people_know_of_it(
    outbreak: Any, enter: Enter, text: str, kind: str, name: str
) -> None:
    page = enter(outbreak.commander, "en").get("/search/", {"q": text})

    assert name in found(page)[kind]


def test_a_search_opens_the_file(outbreak: Any, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/search/", {"q": "乙"})

    assert f'href="/people/{outbreak.second.pk}/"' in page.text
    assert "female" in page.text


def test_nothing_of_another_area_is_found(outbreak: Any, enter: Enter, stranger: Any, make_account: Any) -> None:
    browser = enter(make_account("far", stranger, "county_command"), "en")

    for text in ("甲", "TJ7", "0002", "蓉芳"):
        assert set(found(browser.get("/search/", {"q": text}))) <= {"Clauses", "Pages"}


def test_a_case_of_tomorrow_is_not_found_today(outbreak: Any, enter: Enter) -> None:
    later = EPISODE[:-1] + "2"
    said = {"disease": "covid-19-2020", "person": f"person:{outbreak.second.pk}", "case_no": "TJ8"}
    outbreak.happen("episode.confirmed", later, datetime(2020, 2, 12, 10, tzinfo=SHANGHAI), **said)

    assert "Cases" not in found(enter(outbreak.commander, "en").get("/search/", {"q": "tj8"}))


def test_each_search_is_on_record_its_numbers_masked(outbreak: Any, enter: Enter) -> None:
    browser = enter(outbreak.commander)

    for text in ("甲", "19900000001", ""):
        browser.get("/search/", {"q": text})

    assert sorted(look.purpose for look in looks("search")) == ["19*******01: command", "甲: command"]
    assert {look.account for look in looks("search")} == {outbreak.commander.pk}


def test_the_overlay_asks_for_the_results_alone(outbreak: Any, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/search/", {"q": "甲"}, headers={"HX-Request": "true"})

    assert page.text.lstrip().startswith('<div id="found"')
    assert "<html" not in page.text


def test_a_search_takes_a_fixed_number_of_queries(outbreak: Any, enter: Enter, django_assert_num_queries: Any) -> None:
    browser = enter(outbreak.commander, "en")
    browser.get("/search/", {"q": "temperature"})
    with everywhere():
        for number in range(12):
            directory.person_register(directory.NewPerson(f"甲{number}", "120101001001", synthetic=True))

    with django_assert_num_queries(8):
        page = browser.get("/search/", {"q": "甲"}, headers={"HX-Request": "true"})

    assert len(found(page)["People"]) == hits.EACH
    assert "type more to narrow" in page.text


def test_what_is_not_there_says_what_to_try(outbreak: Any, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/search/", {"q": "无此人无此人"})

    assert "Nothing found in your area" in page.text


def test_signs_that_mean_something_to_the_database_find_nothing(outbreak: Any, enter: Enter) -> None:
    browser = enter(outbreak.commander, "en")

    for text in ("%", "_", "\\", "'", "甲%", "tj%"):
        assert found(browser.get("/search/", {"q": text})).get("Cases", []) == []


class TestNumbers:
    def test_a_tube_leads_to_whose_it_is(self, world: Any, enter: Enter) -> None:
        at = datetime(2020, 2, 10, 8, tzinfo=SHANGHAI)
        world.happen("specimen.collected", f"person:{world.second.pk}", at, tube="TJ-0210-7")

        page = enter(world.commander, "en").get("/search/", {"q": "tj0210"})

        (group,) = page.context["groups"]
        (tube,) = group.found
        assert (group.word, tube.name, tube.url) == ("Tubes", "TJ-0210-7", f"/people/{world.second.pk}/")
        assert "乙" in tube.about
        assert [look.purpose for look in looks("search")] == ["tj0210: command"]

    @pytest.mark.parametrize("text", ["301", "和平区集中 301", "30"])
    def test_a_room_is_found_by_its_number_and_never_who_is_in_it(self, site: Any, enter: Enter, text: str) -> None:
        page = enter(site.manager, "en").get("/search/", {"q": text})

        (group,) = [group for group in page.context["groups"] if group.word == "Rooms and beds"]
        assert group.found[0].url == site.url(0)
        assert group.found[0].about == "和平区集中隔离点 · Occupied"
        assert "丁" not in page.text

    def test_a_bed_is_found_by_its_number(self, world: Any, enter: Enter, make_unit: Any, make_account: Any) -> None:
        ward = build_ward(world, make_unit, make_account)

        page = enter(ward.doctor, "en").get("/search/", {"q": "一病区 02"})

        assert [(one.url, one.about) for one in page.context["groups"][0].found] == [
            (ward.url(1), "和平区定点医院 · 一病区 · Free")
        ]

    def test_rooms_of_another_area_are_not_found(
        self, site: Any, enter: Enter, stranger: Any, make_account: Any
    ) -> None:
        browser = enter(make_account("far", stranger, "county_command"), "en")

        assert found(browser.get("/search/", {"q": "301"})) == {}

    def test_a_number_takes_at_most_three_queries_more_than_a_name(self, site: Any, enter: Enter) -> None:
        browser = enter(site.world.commander, "en")
        browser.get("/search/", {"q": "x"})
        taken = []
        for text in ("nobody", "n0body"):
            with CaptureQueriesContext(connection) as made:
                browser.get("/search/", {"q": text}, headers={"HX-Request": "true"})
            taken.append(len(made))

        assert 0 < taken[1] - taken[0] <= 3


class TestPurpose:
    def test_a_search_that_names_people_is_for_the_purpose_of_the_role(self, outbreak: Any, enter: Enter) -> None:
        enter(outbreak.commander).get("/search/", {"q": "乙"})

        assert [look.purpose for look in looks("search")] == ["乙: command"]

    @pytest.fixture
    def clerk(self, outbreak: Any, make_unit: Any, make_account: Any) -> Any:
        office = make_unit("信息中心", "120101", "system_administrator")
        return make_account("clerk", office, "system_administrator")

    def test_a_role_without_a_duty_is_asked_what_for_first(self, clerk: Any, enter: Enter) -> None:
        browser = enter(clerk, "en")

        asked = browser.get("/search/", {"q": "乙"})
        part = browser.get("/search/", {"q": "乙"}, headers={"HX-Request": "true"})

        assert 'name="for"' in asked.text
        assert "/search/?q=%E4%B9%99" in part.text
        assert "<html" not in part.text
        assert "female" not in asked.text + part.text
        assert looks("search") == []

    def test_once_it_is_said_the_search_opens_and_the_overlay_too(self, clerk: Any, enter: Enter) -> None:
        browser = enter(clerk, "en")

        said = browser.get("/search/", {"q": "乙", "for": "answer"})
        part = browser.get("/search/", {"q": "甲"}, headers={"HX-Request": "true"})

        assert found(said)["People"] == ["乙"]
        assert found(part)["People"] == ["甲"]
        assert {look.purpose for look in looks("search")} == {"乙: answer", "甲: answer"}

    def test_a_search_that_names_nobody_needs_none(self, clerk: Any, enter: Enter) -> None:
        assert "Units" in found(enter(clerk, "en").get("/search/", {"q": "蓉芳"}))
        assert [look.purpose for look in looks("search")] == ["蓉芳"]
