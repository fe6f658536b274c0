"""Screening from the public page and a department's sheet to a closed register entry, and what is missed between."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bulou.directory import services as directory
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.oversight.drills.synthetic.people import id_number
from bulou.plan.rules import rules
from web.world import World

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
TOMORROW = datetime(2020, 2, 11, 14, tzinfo=SHANGHAI)
SELF, LISTED = (id_number("120101", date(2000, 1, 1), sequence) for sequence in (997, 995))
HEADINGS = "姓名,身份证号,手机,属地,时间,来源地,来源地风险,信息来源"
SHEET = f"{HEADINGS}\n演示丁,{LISTED},19900000124,蓉芳里社区,2020-02-10 10:00,450103,高风险,其他部门\n"


@pytest.fixture
def in_force(world: World) -> None:
    """The clause that has arrivals registered, in force here."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "arrival.declared"], area="12")


@pytest.fixture
def stranger(chromium: Browser, in_force: None, live_server: Any) -> Iterator[Page]:
    """Somebody without an account, on a phone."""
    context = chromium.new_context(viewport=PHONE, locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/arrive/")
    yield page
    context.close()


def declare(page: Page) -> None:
    """Three small pages, and the receipt."""
    page.get_by_label("Name of the community").fill("蓉芳里")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("list", name="Found").get_by_role("link").first.click()
    page.get_by_label("Name of the city").fill("青秀")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("list", name="Found").get_by_role("link").first.click()
    page.get_by_label("Name", exact=True).fill("演示丙")
    page.get_by_label("Number of the document").fill(SELF)
    page.get_by_label("Telephone").fill("19900000123")
    page.get_by_role("button", name="Declare").click()


def test_who_declares_themselves_and_who_a_department_lists_end_on_a_register_or_among_the_missed(
    world: World, stranger: Page, visit: Begin, tmp_path: Path
) -> None:
    world.happen("risk.graded", "area:45", datetime(2020, 2, 1, tzinfo=SHANGHAI), area="45", risk="high")
    declare(stranger)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Waiting for the community")
    expect(stranger.get_by_text("演示丙")).to_have_count(0)

    path = tmp_path / "trains.csv"
    path.write_text(SHEET, "utf-8")
    desk = visit(world.commander).open("/imports/new/?kind=arrival.declared")
    desk.set_input_files("#file", path)
    desk.get_by_role("button", name="Match headings").click()
    desk.get_by_role("button", name="Rehearse").click()
    desk.get_by_role("button", name="Import: 1 new or changed row").click()
    expect(desk.get_by_role("button", name="Undo the whole import")).to_be_visible()

    village = visit(world.grid_worker, size=PHONE).open("/arrivals/?state=waiting")
    expect(village.locator("tbody tr")).to_have_count(2)
    village.locator("tr", has_text="演示丙").get_by_role("button", name="Here", exact=True).click()
    expect(village.get_by_text("Confirmed: here.")).to_be_visible()
    expect(village.locator("tbody tr")).to_have_count(1)

    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Confirmed: here")

    directory.clock_set(TOMORROW)
    with clock.at(TOMORROW):
        ledger.catch_up()
    desk.goto(f"{desk.url.split('/imports')[0]}/misses/")
    missed = desk.locator(".duty-rows tr", has_text="An arrival from an affected area is registered")
    expect(missed).to_have_count(1)
    expect(missed).to_contain_text("演示丁")
    expect(missed).to_contain_text("蓉芳里居委会")

    village.goto(f"{village.url.split('/arrivals')[0]}/registers/people/")
    row = village.locator("tbody tr", has_text="演示丙")
    row.locator("[name=row]").check()
    village.get_by_role("button", name="Take off the register").click()
    village.locator("fieldset", has_text="Reason").get_by_text("completed").click()
    village.get_by_role("button", name="Record for 1 row").click()
    expect(village.get_by_text("演示丙")).to_be_visible()
    village.goto(f"{village.url.split('/acts')[0]}/registers/people/?state=ended")
    expect(village.locator("tbody tr", has_text="演示丙")).to_have_count(1)
