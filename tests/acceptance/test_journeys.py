"""What people do here, from the first page to the last tap."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from bulou.directory import services as directory
from bulou.directory.models import Area
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from web.world import World

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
EVENING = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)


def at_six(world: World) -> None:
    """The evening's temperatures are due."""
    directory.clock_set(EVENING)
    with clock.at(EVENING):
        ledger.advance()


def task(page: Any, person: str, title: str) -> Any:
    """The row of one duty on my list."""
    return page.locator(".task", has_text=title).filter(has_text=person)


def test_a_duty_officer_goes_from_the_board_to_a_miss_its_owner_and_its_why(world: World, visit: Begin) -> None:
    page = visit(world.commander).page

    expect(page.locator(".answer-number")).to_be_visible()
    missed = int(page.locator(".answer-number span").inner_text())
    page.locator(".answer-number").click()
    expect(page.locator(".duty-rows tbody tr")).to_have_count(missed)

    row = page.locator(".duty-rows tr", has_text="Take temperature every morning and evening").filter(has_text="乙")
    expect(row).to_contain_text("蓉芳里居委会")
    expect(row).to_contain_text("GX-2.1.h")
    row.get_by_role("link", name="Take temperature").click()

    expect(page.locator(".verdict")).to_contain_text("Missed")
    expect(page.locator(".why-steps li").first).to_contain_text("桂新冠防指〔2020〕9号")
    page.locator(".verdict").get_by_role("link", name="乙").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("乙")


def test_a_grid_worker_records_a_temperature_sees_it_done_and_takes_it_back(world: World, visit: Begin) -> None:
    at_six(world)
    page = visit(world.grid_worker, size=PHONE).open("/my/")
    row = task(page, "甲", "Take temperature")

    row.get_by_label("Body temperature").fill("36.8")
    row.get_by_role("button", name="Temperature read").click()

    done = page.locator(".settled .task", has_text="Take temperature").filter(has_text="甲").first
    expect(done).to_contain_text("Done")
    page.get_by_role("button", name="Undo").click()
    expect(task(page, "甲", "Take temperature").get_by_label("Body temperature")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_count_of_what_is_done_follows_each_tap(world: World, visit: Begin) -> None:
    at_six(world)
    page = visit(world.grid_worker, size=PHONE).open("/my/")
    before = page.locator("#progress text").text_content() or ""

    row = task(page, "甲", "Take temperature")
    row.get_by_label("Body temperature").fill("36.8")
    row.get_by_label("Body temperature").press("Enter")

    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    done, total = map(int, before.split("/"))
    expect(page.locator("#progress text")).to_have_text(f"{done + 1}/{total}")


def test_a_number_that_cannot_be_is_refused_beside_the_field_and_stays_there(world: World, visit: Begin) -> None:
    at_six(world)
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.open("/my/")
    row = task(page, "乙", "Take temperature")

    row.get_by_label("Body temperature").fill("386")
    row.get_by_role("button", name="Temperature read").click()

    expect(row.get_by_role("alert").first).to_contain_text("At most 45")
    expect(row.get_by_label("Body temperature")).to_have_value("386")
    visited.complaints.clear()


def test_when_the_server_is_away_the_worker_is_told_that_nothing_was_kept(world: World, visit: Begin) -> None:
    at_six(world)
    visited = visit(world.grid_worker, size=PHONE)
    visited.page.route("**/my/sync/list/**", lambda route: route.abort())
    visited.page.route("**/my/record/", lambda route: route.abort())
    page = visited.open("/my/")
    row = task(page, "甲", "Take temperature")

    row.get_by_label("Body temperature").fill("36.8")
    row.get_by_role("button", name="Temperature read").click()

    expect(row.get_by_text("Not kept: the server did not answer")).to_be_visible()
    expect(row.get_by_label("Body temperature")).to_have_value("36.8")
    visited.complaints.clear()


def test_one_tap_answers_and_records(world: World, visit: Begin) -> None:
    page = visit(world.grid_worker, size=PHONE).open("/my/")
    row = page.locator(".task", has_text="A personal file is opened").filter(has_text="甲")

    row.get_by_role("button").click()

    expect(page.locator(".settled .task", has_text="A personal file is opened").filter(has_text="甲")).to_be_visible()


def test_the_commander_moves_the_clock_and_the_board_follows(world: World, visit: Begin) -> None:
    page = visit(world.commander).page
    since_the_start = page.locator(".answer-rest a").first
    before = since_the_start.inner_text()

    page.get_by_role("button", name="Next morning").click()

    expect(page.locator(".clock-now")).to_have_text("2020-02-11 08:00")
    expect(since_the_start).not_to_have_text(before)


def test_the_board_refreshes_by_itself(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.page
    page.clock.install()
    visited.open("/")
    expect(page.locator(".answer-words")).to_contain_text("missed")

    with world.everywhere():
        for person in (world.first, world.second):
            world.measure(person, 10, 12)
    page.clock.fast_forward(61_000)

    expect(page.locator(".answer-words")).to_have_text("No duty due today has been missed")


def test_a_board_that_cannot_refresh_says_as_of_when_it_is(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.page
    page.clock.install()
    visited.open("/")
    page.route(visited.server + "/", lambda route: route.abort())

    page.clock.fast_forward(61_000)

    expect(page.get_by_text("The server does not answer. These numbers are as of 12:30")).to_be_visible()
    visited.complaints.clear()


def test_the_language_is_switched_on_the_page_one_is_on(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/misses/")

    page.get_by_role("button", name="中文").click()

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("漏项")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("漏项")


def test_an_area_is_chosen_in_the_path_and_the_way_back_is_there(world: World, visit: Begin) -> None:
    Area.objects.filter(code="120101001").update(parent="120101")
    page = visit(world.commander).page

    page.locator(".path summary").click()
    page.get_by_role("link", name="劝业场街道").first.click()

    expect(page.locator("[aria-current=location]")).to_have_text("劝业场街道")
    page.locator(".path").get_by_role("link", name="和平区").click()
    expect(page.locator("[aria-current=location]")).to_have_text("和平区")


def test_a_menu_closes_on_escape_and_gives_the_focus_back(world: World, visit: Begin) -> None:
    page = visit(world.commander).page
    menu = page.locator("details.drop-end")

    menu.locator("summary").click()
    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_signing_out_ends_it(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.page

    page.locator("details.drop-end summary").click()
    page.get_by_role("button", name="Sign out").click()
    visited.open("/my/")

    expect(page).to_have_url(visited.server + "/sign-in/?next=/my/")


def test_a_list_is_narrowed_without_leaving_the_page_and_the_way_back_works(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.open("/misses/")
    page.evaluate("window.here = true")

    page.locator(".chips").get_by_role("link", name="No owner").click()

    expect(page).to_have_url(visited.server + "/misses/?area=120101&unowned=1")
    expect(page.locator(".chip[aria-current]").last).to_have_text("No owner")
    assert page.evaluate("window.here")
    page.go_back()
    expect(page.locator(".chip[aria-current]").last).to_have_text("All")
