"""Every screen on a phone and on a desk, in both languages, light and dark."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bulou.kernel.clock import SHANGHAI
from bulou.ledger import selectors
from web.world import World

from .conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]


def pages(world: World) -> list[str]:
    """One address of every kind of page."""
    with world.everywhere():
        key = selectors.misses("120101", clause="GX-2.1.h").rows[0].key
    return [
        "/",
        "/areas/120101001/",
        "/misses/",
        "/duties/",
        f"/duties/{key}/",
        "/my/",
        f"/people/{world.first.pk}/",
        f"/units/{world.village.pk}/",
        "/cases/",
        "/plans/",
        "/plans/guangxi-2020-9/",
        "/plans/guangxi-2020-9/GX-2.1.h/",
        "/plans/compare/?left=guangxi-2020-9&right=shenyang-normalised",
        "/plans/guangxi-2020-9/picture/",
        "/plans/wujin-2020-54/picture/?chapter=9",
        "/plans/guangxi-2020-9/booklet/",
        "/clock/",
        "/account/",
        "/account/security/",
        "/account/app/",
        "/alerts/",
        "/alerts/hearing/",
        "/alerts/channels/",
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_scrolls_sideways(world: World, visit: Begin, language: str, size: dict[str, int]) -> None:
    visited = visit(world.commander, language, size)
    wide = []

    for path in pages(world):
        visited.open(path)
        if visited.is_wider_than_its_window():
            wide.append(path)

    assert wide == []


def test_everything_to_touch_on_my_list_is_large_enough_for_a_thumb(world: World, visit: Begin) -> None:
    page = visit(world.grid_worker, size=PHONE).open("/my/")

    heights = page.locator(".task button, .task .input, .task summary, .tabs5 a, .settled > summary").evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
    )

    assert heights
    assert min(heights) >= 44


@pytest.mark.parametrize(("prefers", "shown"), [("dark", "dark"), ("light", "light")])
def test_the_page_is_light_or_dark_as_the_device_says(world: World, visit: Begin, prefers: str, shown: str) -> None:
    page = visit(world.commander, color_scheme=prefers).page

    expect(page.locator("html")).to_have_attribute("data-bs-theme", shown)


def test_the_choice_of_light_or_dark_is_kept(world: World, visit: Begin) -> None:
    page = visit(world.commander, color_scheme="light").page

    page.get_by_role("button", name="Light or dark").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_curve_is_drawn_and_drawn_again_in_the_dark(world: World, visit: Begin) -> None:
    at = datetime(2020, 2, 7, 10, tzinfo=SHANGHAI)
    said = {"disease": "covid-19-2020", "person": f"person:{world.first.pk}", "case_no": "TJ1"}
    world.happen("episode.confirmed", "episode:0197a000-0000-7000-8000-000000000001", at, **said)
    page = visit(world.commander, color_scheme="light").open("/cases/")

    bars = page.locator("#curve svg path")
    expect(bars.first).to_be_attached()
    page.get_by_role("button", name="Light or dark").click()

    expect(page.locator("#curve svg")).to_have_count(1)
    expect(bars.first).to_be_attached()


def test_without_scripts_every_page_still_says_everything(world: World, visit: Begin) -> None:
    visited = visit(world.grid_worker, size=PHONE, java_script_enabled=False)
    page = visited.open("/my/")

    row = page.locator(".task", has_text="A personal file is opened").filter(has_text="甲")
    row.get_by_role("button").click()

    expect(page).to_have_url(visited.server + "/my/")
    expect(row).to_have_count(0)
