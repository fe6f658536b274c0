"""Province and county in force together: the stricter first, one fact for both."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bulou.directory import services
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.web.field.my_list import Task
from web.layers import COUNTY_PLAN, adopt_county

Enter = Callable[..., Client]
EVENING = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)
TWICE, THRICE = "guangxi-2020-9/twice-daily-temperature", f"{COUNTY_PLAN}/three-temperatures"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def layered(world: Any, settings: Any, tmp_path: Path) -> Any:
    """The small world with the county's plan over the province's."""
    adopt_county(settings, tmp_path / "plans")
    return world


@pytest.fixture
def evening(layered: Any) -> Any:
    """Six o'clock: both plans' evening temperatures are due, the county's by eight, the province's by ten."""
    services.clock_set(EVENING)
    with clock.at(EVENING):
        ledger.advance()
        yield layered


def tasks(browser: Client) -> list[Task]:
    return [task for group in browser.get("/my/").context["groups"] for task in group.tasks]


def temperature_of(browser: Client, person: Any) -> Task:
    """The open line of a person's temperatures."""
    found = [
        task
        for task in tasks(browser)
        if task.form and task.row.must == "temperature.read" and task.row.subject == f"person:{person.pk}"
    ]
    (task,) = found
    return task


def states(person: Any, at: datetime) -> dict[str, str]:
    """The states of a person's duties that are open at an instant, by duty."""
    with everywhere():
        rows = selectors.duties_of(f"person:{person.pk}")
    return {row.duty: row.state for row in rows if row.must == "temperature.read" and row.opens_at <= at <= row.due_at}


def test_two_plans_that_ask_for_the_same_are_one_line_with_the_stricter_first(evening: Any, enter: Enter) -> None:
    task = temperature_of(enter(evening.grid_worker, "en"), evening.first)

    assert (task.row.duty, [row.duty for row in task.also]) == (THRICE, [TWICE])
    assert task.row.due_at < task.also[0].due_at


def test_the_line_names_both_plans_and_their_clauses(evening: Any, enter: Enter) -> None:
    page = enter(evening.grid_worker, "en").get("/my/").text

    assert "Strictest: 区〔2020〕3号 一. The same fact also does:" in page
    assert "桂新冠防指〔2020〕9号 二(一)" in page


def test_one_tap_discharges_both(evening: Any, enter: Enter) -> None:
    browser = enter(evening.grid_worker, "en")
    task = temperature_of(browser, evening.first)
    group = next(g.key for g in browser.get("/my/").context["groups"] if task.row.key in [t.row.key for t in g.tasks])
    form = {"id": str(new_id()), "key": task.row.key, "group": group, "data.celsius": "36.7"}

    answer = browser.post("/my/record/", form, headers=HTMX)

    assert answer.status_code == 200
    assert states(evening.first, EVENING) == {TWICE: "met", THRICE: "met"}
    (done,) = [task for task in answer.context["group"].tasks if task.undo]
    assert {done.row.duty, *(row.duty for row in done.also)} == {TWICE, THRICE}


def test_taking_it_back_opens_both_again(evening: Any, enter: Enter) -> None:
    browser = enter(evening.grid_worker, "en")
    task = temperature_of(browser, evening.first)
    form = {"key": task.row.key, "group": "x", "data.celsius": "36.7"}
    fact = str(new_id())
    browser.post("/my/record/", form | {"id": fact}, headers=HTMX)

    browser.post("/my/undo/", form | {"id": str(new_id()), "fact": fact}, headers=HTMX)

    assert states(evening.first, EVENING) == {TWICE: "open", THRICE: "open"}


def test_a_need_counts_once_in_what_is_done_and_to_do(evening: Any, enter: Enter) -> None:
    browser = enter(evening.grid_worker, "en")
    before = browser.get("/my/").context["progress"]
    task = temperature_of(browser, evening.first)
    form = {"id": str(new_id()), "key": task.row.key, "group": "x", "data.celsius": "36.7"}

    browser.post("/my/record/", form, headers=HTMX)

    after = browser.get("/my/").context["progress"]
    assert (after.done, after.total) == (before.done + 1, before.total)


def test_what_was_missed_and_can_still_be_done_is_one_with_what_is_open(layered: Any, enter: Enter) -> None:
    task = temperature_of(enter(layered.grid_worker, "en"), layered.second)

    assert (task.row.duty, task.row.state) == (TWICE, "missed")
    assert [(row.duty, row.state) for row in task.also] == [(THRICE, "open")]


def test_what_was_done_at_other_times_of_the_day_stays_apart(evening: Any, enter: Enter) -> None:
    evening.measure(evening.first, 10, 8)
    evening.measure(evening.first, 10, 17)

    done = [
        task
        for task in tasks(enter(evening.grid_worker, "en"))
        if task.row.subject == f"person:{evening.first.pk}" and task.row.state == "met"
    ]

    assert [len((task.row, *task.also)) for task in done if task.row.must == "temperature.read"] == [2, 2]


def test_people_are_never_joined(evening: Any, enter: Enter) -> None:
    browser = enter(evening.grid_worker, "en")

    for person in (evening.first, evening.second):
        task = temperature_of(browser, person)
        assert {row.subject for row in task.also} == {f"person:{person.pk}"}


def test_the_plans_page_shows_what_is_in_force_the_most_specific_first(layered: Any, enter: Enter) -> None:
    page = enter(layered.commander, "en").get("/plans/")

    assert [(one.plan.id, one.area, one.whole) for one, _name in page.context["here"]] == [
        (COUNTY_PLAN, "120101", True),
        ("guangxi-2020-9", "12", True),
    ]
    assert "Adopted by 和平区" in page.text


def test_the_plans_page_says_which_duty_governs(layered: Any, enter: Enter) -> None:
    page = enter(layered.commander, "en").get("/plans/")

    asking = [[(one.plan.id, one.clause) for one in need.asking] for need in page.context["needs"]]
    (temperatures,) = [need for need in asking if (COUNTY_PLAN, "CO-1") in need]
    assert temperatures[0] == (COUNTY_PLAN, "CO-1")
    assert ("guangxi-2020-9", "GX-2.1.h") in temperatures[1:]
    assert "CO-2" not in str(asking)


def test_outside_the_county_only_the_province_s_plan_is_in_force(
    layered: Any, enter: Enter, make_unit: Any, make_account: Any
) -> None:
    elsewhere = make_unit("河东区指挥部", "120102", "county_command")

    page = enter(make_account("east", elsewhere, "county_command"), "en").get("/plans/")

    assert [one.plan.id for one, _name in page.context["here"]] == ["guangxi-2020-9"]
    assert page.context["needs"] == []


def test_a_part_that_adopted_more_is_named(layered: Any, enter: Enter, make_unit: Any, make_account: Any) -> None:
    city = make_unit("市指挥部", "12", "city_command")

    page = enter(make_account("city", city, "city_command"), "en").get("/plans/")

    assert [(one.plan.id, one.whole) for one, _name in page.context["here"]] == [
        (COUNTY_PLAN, False),
        ("guangxi-2020-9", True),
    ]
    assert "Only in 和平区" in page.text


@pytest.mark.parametrize("path", ["guangxi-2020-9/GX-2.1.h", f"{COUNTY_PLAN}/CO-1"])
def test_a_clause_says_who_else_asks_and_which_governs(layered: Any, enter: Enter, path: str) -> None:
    page = enter(layered.commander, "en").get(f"/plans/{path}/")

    (need,) = page.context["needs"]
    assert need.asking[0].plan.id == COUNTY_PLAN
    assert {one.plan.id for one in need.asking[1:]} == {"guangxi-2020-9"}
    assert [f"{one.plan.id}/{one.clause}" for one in need.asking if one.own] == [path]
    assert "governs" in page.text


def test_a_clause_only_one_plan_asks_for_says_nothing_of_others(layered: Any, enter: Enter) -> None:
    assert enter(layered.commander, "en").get(f"/plans/{COUNTY_PLAN}/CO-2/").context["needs"] == []
