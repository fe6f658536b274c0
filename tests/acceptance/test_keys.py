"""Everything without a mouse: the search, the sheet of keys, rows, acts, and a focus that goes on by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from web.world import World

from .conftest import PHONE, Visit
from .test_journeys import at_six, task

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]


def focused(page: Any) -> Any:
    return page.locator(":focus")


@pytest.mark.parametrize("keys", ["Control+k", "/"])
def test_somebody_is_found_and_opened_by_keys_alone(world: World, visit: Begin, keys: str) -> None:
    page = visit(world.commander).page

    page.keyboard.press(keys)
    page.keyboard.type("0002")
    expect(page.locator("#finder .found-one").first).to_contain_text("乙")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("乙")


def test_enter_opens_the_first_that_was_found(world: World, visit: Begin) -> None:
    page = visit(world.commander).page

    page.keyboard.press("Control+k")
    page.keyboard.type("甲")
    expect(page.locator("#finder .found-one").first).to_contain_text("甲")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("甲")


def test_arrows_walk_the_results_and_typing_returns_to_the_field(world: World, visit: Begin) -> None:
    page = visit(world.commander).page
    page.keyboard.press("Control+k")
    page.keyboard.type("temperature")
    page.locator("#finder .found-one").nth(1).wait_for()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#finder .found-one").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#finder-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#finder")).to_be_hidden()


def test_a_key_typed_into_a_field_stays_there(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/people/")

    page.keyboard.press("f")
    page.keyboard.type("?/jx")

    expect(page.locator("[data-key=f]")).to_have_value("?/jx")
    expect(page.locator("#keys")).to_be_hidden()


def test_the_sheet_says_every_key(world: World, visit: Begin) -> None:
    page = visit(world.commander).page

    page.keyboard.press("?")

    sheet = page.locator("#keys")
    expect(sheet).to_be_visible()
    for words in ("Search", "Next row", "Choose the row", "Today", "Command", "People"):
        expect(sheet).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize(("key", "path"), [("t", "/my/"), ("p", "/people/"), ("c", "/cases/"), ("s", "/account/")])
def test_g_and_a_letter_lead_to_a_room(world: World, visit: Begin, key: str, path: str) -> None:
    visited = visit(world.commander)

    visited.page.keyboard.press("g")
    visited.page.keyboard.press(key)

    expect(visited.page).to_have_url(visited.server + path)


def test_rows_are_chosen_previewed_recorded_and_taken_back_without_a_mouse(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/misses/?clause=GX-2.1.h")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.get_by_role("button", name="Ask for a waiver").press("Enter")
    expect(page.locator("tbody .s-met")).to_have_count(2)
    page.locator("[name='data.reason']").fill("in hospital")
    page.keyboard.press("Enter")

    expect(page.locator(".s-met .n").first).to_have_text("2")
    page.get_by_role("button", name="Take all of it back").press("Enter")
    expect(page.get_by_text("Taken back").first).to_be_visible()


def test_every_row_of_the_page_is_chosen_with_a(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/people/")

    page.keyboard.press("a")

    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.keyboard.press("a")
    expect(page.locator(".bulk-bar")).to_be_hidden()


def test_after_a_record_the_focus_is_on_the_next_task(world: World, visit: Begin) -> None:
    at_six(world)
    page = visit(world.grid_worker, size=PHONE).open("/my/")
    field = task(page, "甲", "Take temperature").get_by_label("Body temperature")

    field.fill("36.8")
    field.press("Enter")

    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.locator(".task:not(.finished) form :focus")).to_have_count(1)


def test_after_a_refusal_the_focus_is_on_the_field_that_was_refused(world: World, visit: Begin) -> None:
    at_six(world)
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.open("/my/")
    field = task(page, "乙", "Take temperature").get_by_label("Body temperature")

    field.fill("386")
    field.press("Enter")

    expect(page.get_by_role("alert").first).to_contain_text("At most 45")
    expect(focused(page)).to_have_value("386")
    visited.complaints.clear()


def test_a_chip_keeps_the_focus_where_it_was(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/misses/")

    page.locator(".chips").get_by_role("link", name="Isolation").press("Enter")

    expect(page.locator(".chip[aria-current]").last).to_have_text("Isolation")
    expect(focused(page)).to_contain_text("Isolation")


def test_a_list_prints_without_what_is_only_for_the_screen(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/people/")

    page.emulate_media(media="print")

    for hidden in (".top", ".rail", ".list-tools", "td.choose", ".bulk-bar"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".print-only")).to_contain_text("Printed by command")
