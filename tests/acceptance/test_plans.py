"""Plans in a real browser: compared, drawn, printed, and two in force at once."""

import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bulou.plan.chapters import number
from bulou.plan.load import load
from web.layers import adopt_county
from web.world import World

from .conftest import PHONE, Visit
from .test_journeys import at_six, task

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
PICTURE = "/plans/wujin-2020-54/picture/"
WUJIN = load(Path(__file__).parents[2] / "plans" / "wujin-2020-54")
ALL = len(WUJIN.duties)
OF_CHAPTER_9 = sum(number(clause) == 9 for clause, _duty in WUJIN.duties)


def boxes(page: Page) -> Any:
    """The labels of the boxes drawn."""
    return page.locator(".picture svg text")


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    streams = (_inflated(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL))
    return max(len(re.findall(rb"/Type\s*/Page\b(?!s)", text)) for text in (pdf, b"".join(streams)))


def characters_of(pdf: bytes) -> set[str]:
    """The characters a PDF's fonts say they draw."""
    text = b"".join(_inflated(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL))
    return {chr(int(code, 16)) for code in re.findall(rb"<[0-9A-Fa-f]{2,4}>\s*<([0-9A-Fa-f]{4})>", text)}


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def test_a_duty_officer_compares_two_plans_and_passes_the_address_on(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.open("/plans/")

    page.get_by_role("link", name="Compare two plans").click()
    page.get_by_label("First plan").select_option("guangxi-2020-9")
    page.get_by_label("Second plan").select_option("shenyang-normalised")
    page.get_by_role("button", name="Compare").click()

    address = visited.server + "/plans/compare/?left=guangxi-2020-9&right=shenyang-normalised"
    expect(page).to_have_url(address)
    rounds = page.locator(".pair", has_text="Every household is visited in each round")
    expect(rounds).to_contain_text("every 7 days stricter")
    rounds.get_by_role("link").last.click()
    expect(page).to_have_url(re.compile("/plans/shenyang-normalised/SY-"))


def test_a_large_plan_is_looked_into_by_chapter_and_a_duty_opens_its_clause(world: World, visit: Begin) -> None:
    page = visit(world.commander).open(PICTURE)
    expect(boxes(page).filter(has_text="9. Preparedness")).to_be_visible()

    boxes(page).filter(has_text="9. Preparedness").click(force=True)

    expect(page.get_by_role("heading", name=f"{OF_CHAPTER_9} of {ALL} duties")).to_be_visible()
    boxes(page).filter(has_text="training").first.click(force=True)
    expect(page).to_have_url(re.compile("/plans/wujin-2020-54/WJ-"))


def test_the_picture_follows_the_filters_without_leaving_the_page(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.open(PICTURE)
    page.evaluate("window.here = true")

    page.get_by_label("Whose job").select_option("cdc")

    expect(page.get_by_role("heading", name=f" of {ALL} duties")).not_to_contain_text(f"{ALL} of")
    expect(boxes(page).filter(has_text="Centre for disease control")).to_have_count(1)
    assert page.evaluate("window.here")
    assert "role=cdc" in page.url
    page.get_by_role("searchbox").fill("surveillance")
    expect(page.locator("#as-table")).to_be_visible()
    expect(page).to_have_url(re.compile("find=surveillance"))


def test_the_picture_is_enlarged_and_fits_again(world: World, visit: Begin) -> None:
    page = visit(world.commander).open(f"{PICTURE}?chapter=9")
    expect(boxes(page).first).to_be_visible()

    def width() -> float:
        return float(page.locator(".picture").evaluate("place => place.clientWidth"))

    fitting = width()
    page.get_by_role("button", name="Larger").click()
    assert width() > fitting
    page.get_by_role("button", name="Fit the width").click()
    assert width() == fitting


def test_the_picture_stays_inside_a_phone_s_window_in_the_dark(world: World, visit: Begin) -> None:
    visited = visit(world.commander, size=PHONE, color_scheme="dark")
    page = visited.open(f"{PICTURE}?chapter=9")
    expect(boxes(page).first).to_be_visible()

    assert not visited.is_wider_than_its_window()
    assert page.locator(".picture-scroll").evaluate("frame => frame.scrollWidth > frame.clientWidth")


def test_without_scripts_the_picture_s_page_is_its_table_and_its_filter(world: World, visit: Begin) -> None:
    page = visit(world.commander, java_script_enabled=False).open(PICTURE)

    page.get_by_label("Chapter").select_option("9")
    page.get_by_role("button", name="Filter").click()

    expect(page.locator("#picture tbody tr")).to_have_count(OF_CHAPTER_9)


@pytest.mark.parametrize(("plan", "least"), [("guangxi-2020-9", 20), ("wujin-2020-54", 60)])
def test_a_booklet_prints_on_many_pages_with_its_chinese(
    world: World, visit: Begin, tmp_path: Path, plan: str, least: int
) -> None:
    page = visit(world.commander, language="zh-hans").open(f"/plans/{plan}/booklet/")

    pdf = page.pdf(prefer_css_page_size=True)

    page.emulate_media(media="print")
    assert pages_of(pdf) >= least
    assert sum("一" <= character <= "龥" for character in characters_of(pdf)) > 200
    expect(page.locator(".cover h1")).to_be_visible()
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".booklet-tools")).to_be_hidden()


def test_each_chapter_of_a_booklet_begins_a_page_and_the_cover_has_one_to_itself(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/plans/guangxi-2020-9/booklet/")
    page.emulate_media(media="print")

    breaks = page.locator(".chapter").evaluate_all("all => all.map(one => getComputedStyle(one).breakBefore)")

    assert set(breaks) == {"page"}
    assert page.locator(".cover").evaluate("one => getComputedStyle(one).breakAfter") == "page"


def test_one_tap_does_what_two_plans_ask(world: World, visit: Begin, settings: Any, tmp_path: Path) -> None:
    adopt_county(settings, tmp_path / "plans")
    at_six(world)
    page = visit(world.grid_worker, size=PHONE).open("/my/")
    row = task(page, "甲", "Three temperatures a day")
    expect(row.locator(".task-also")).to_contain_text("桂新冠防指〔2020〕9号")

    row.get_by_label("Body temperature").fill("36.7")
    row.get_by_role("button", name="Temperature read").click()

    done = page.locator(".settled .task", has_text="Three temperatures a day").filter(has_text="甲").last
    expect(done.locator(".state", has_text="Done")).to_have_count(2)
    expect(task(page, "甲", "Take temperature every morning and evening").locator("form")).to_have_count(0)
