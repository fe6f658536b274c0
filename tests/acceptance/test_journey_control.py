"""Control, from a case's circle to its lifting: set by the command post, its households from a spreadsheet, each
visited, measures at work; what nobody does stands on the board as missed, and whose job it was.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bulou.directory import services as directory
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.rules import rules
from web.world import VILLAGE, World

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
HOUSES = ("滨江道90号1门101", "滨江道90号1门102")


@pytest.fixture
def circle(world: World) -> World:
    """The Haibei plan's duties about circles in force, and two households on the books."""
    plan = shelf.plan("haibei-2020-74")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind in ("zone.set", "place.zoned")], area="12")
        for address in HOUSES:
            directory.place_register(address, "household", VILLAGE, synthetic=True)
    return world


def later(day: int, hour: int) -> None:
    """The business clock moves on, and the ledger with it."""
    instant = datetime(2020, 2, day, hour, tzinfo=SHANGHAI)
    directory.clock_set(instant)
    with clock.at(instant):
        ledger.advance()


def set_zone(page: Any) -> str:
    """A building is sealed in the village; gives the address of its page."""
    page.locator("#unit_kind").select_option("building")
    page.locator("label", has_text="sealed").click()
    page.get_by_label("Grounds").fill("case 7 lives there")
    page.get_by_role("button", name="Set it in force").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sealed: building")
    return str(page.url)


def bring_households(page: Any, path: Path) -> None:
    """The list of households inside, as the police station sends it."""
    path.write_text(
        "场所名称,场所类型,时间\n" + "".join(f"{one},household,2020-02-10 12:00\n" for one in HOUSES), "utf-8-sig"
    )
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Match headings").click()
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("button", name="Import: 2 new or changed rows").click()
    expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()


def test_a_circle_is_set_filled_from_a_spreadsheet_kept_and_lifted(circle: World, visit: Begin, tmp_path: Path) -> None:
    desk = visit(circle.commander)
    address = set_zone(desk.open(f"/zones/new/?area={VILLAGE}"))
    bring_households(desk.open("/imports/new/?kind=place.zoned"), tmp_path / "circle.csv")

    phone = visit(circle.grid_worker, size=PHONE)
    page = phone.open("/my/")
    for house in HOUSES:
        door = page.locator(".household", has_text=house[-3:])
        expect(door.locator(".task", has_text="Each household in a circle is visited")).to_be_visible()
    inside = page.locator(".household", has_text="Sealed: building")
    expect(inside.locator(".task", has_text="Gatherings in a circle are stopped")).to_be_visible()
    assert not phone.is_wider_than_its_window()

    later(13, 9)
    missed = desk.open("/misses/?no_miss=control")
    row = missed.locator(".duty-rows tr", has_text="Gatherings in a circle are stopped")
    expect(row).to_contain_text("蓉芳里居委会")
    expect(row).to_contain_text("QH-6.r")
    expect(missed.locator(".duty-rows tr", has_text=HOUSES[0])).to_be_visible()

    page = phone.open("/my/")
    page.locator(".task", has_text="Gatherings in a circle are stopped").get_by_role("button").first.click()
    expect(page.locator(".settled .task", has_text="Gatherings in a circle are stopped")).to_contain_text("Late")

    desk.open("/zones/")
    desk.page.get_by_role("link", name="Sealed: building").click()
    expect(desk.page).to_have_url(address)
    expect(desk.page.get_by_text("Measure applied").first).to_be_visible()
    listed = desk.open("/zones/")
    listed.keyboard.press("j")
    listed.keyboard.press("x")
    listed.get_by_role("button", name="Lift").click()
    listed.get_by_label("What allows it").fill("no case in 14 days")
    listed.get_by_role("button", name="Record for 1 row").click()
    expect(listed.get_by_role("button", name="Take all of it back")).to_be_visible()

    expect(desk.open("/zones/").get_by_text("No zone is in force here")).to_be_visible()
    expect(desk.open("/zones/?state=lifted").get_by_role("link", name="Sealed: building")).to_be_visible()
    closed = desk.open(address.removeprefix(desk.server))
    expect(closed.get_by_text("Nothing is open or missed").or_(closed.get_by_text("Missed")).first).to_be_visible()
    expect(phone.open("/my/").locator(".task:not(.finished)", has_text="A circle is held")).to_have_count(0)
