"""From a person's own page to a need that they say is met; and the miss where nobody comes."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bulou.directory import services as directory
from bulou.directory.models import Person
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.operations.support import own_pages
from bulou.plan.rules import rules
from web.world import World

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
Own = Callable[[Person], Page]
PLAN = "guangxi-2020-9"


def put_in_force(*kinds: str) -> None:
    """The duties of the plan that facts of these kinds open."""
    plan = shelf.plan(PLAN)
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind in kinds], area="12")


def stand_at(day: int, hour: int) -> None:
    """The house's clock, and the ledger with it."""
    at = datetime(2020, 2, day, hour, tzinfo=SHANGHAI)
    directory.clock_set(at)
    with clock.at(at):
        ledger.advance()


@pytest.fixture
def own(chromium: Browser, world: World, live_server: Any) -> Iterator[Own]:
    """`own(person)`: the person's own page on an old phone that runs no scripts, in English."""
    contexts = []

    def opened(person: Person) -> Page:
        with world.everywhere():
            link = own_pages.give(person.pk, by=world.grid_worker).text
        context = chromium.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=False)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_server.url}/r/{link}/")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_need_asked_at_home_is_met_when_the_person_says_so_and_missed_when_nobody_comes(
    world: World, visit: Begin, own: Own
) -> None:
    put_in_force("help.requested")
    world.happen("volunteer.joined", f"person:{world.second.pk}", datetime(2020, 2, 9, tzinfo=SHANGHAI), skills="car")
    home = own(world.first)

    home.get_by_label("What do you need?").select_option("food")
    home.get_by_label("More, in your words").fill("rice for two")
    home.get_by_role("button", name="Ask for help").click()
    expect(home.locator("#needs .own-list")).to_contain_text("rice for two")
    expect(home.get_by_role("status")).to_contain_text("Your request is recorded")

    desk = visit(world.grid_worker, size=PHONE).open("/needs/")
    desk.get_by_role("link", name="food").click()
    expect(desk.locator("dl.pairs")).to_contain_text("GX-5.c")
    desk.get_by_role("button", name="Take up").click()
    desk.locator("[name=volunteer]").select_option(index=0)
    desk.get_by_role("button", name="Send", exact=True).click()
    desk.get_by_role("button", name="Record as done").click()
    expect(desk.locator("h1")).to_contain_text("Done, to be confirmed")
    expect(desk.get_by_text("You saw to this yourself")).to_be_visible()

    home.reload()
    home.get_by_role("button", name="It is not done").click()
    expect(home.locator("#needs .own-list")).to_contain_text("Not done, says the person")
    desk.reload()
    desk.get_by_role("button", name="Record as done").click()
    home.reload()
    home.get_by_role("button", name="It is done").click()
    expect(home.locator("#needs .own-list")).to_contain_text("Confirmed and closed")
    desk.reload()
    expect(desk.locator("h1")).to_contain_text("Confirmed and closed")

    left = own(world.second)
    left.get_by_label("What do you need?").select_option("medicine")
    left.get_by_role("button", name="Ask for help").click()
    stand_at(12, 12)
    left.reload()
    expect(left.locator("#needs .own-list")).to_contain_text("should have been done by")
    command = visit(world.commander)
    page = command.open("/misses/?clause=GX-5.c")
    expect(page.locator(".duty-rows tbody tr")).to_have_count(1)
    expect(page.locator(".duty-rows tbody tr")).to_contain_text("蓉芳里居委会")
    expect(command.open("/needs/").locator(".rows tbody tr.over")).to_contain_text("medicine")
