"""From a list of contacts to a closed file: order, transfer, room, rounds, release, home, certificate.

And who is missed where nobody does anything.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bulou.custody.selectors import holders
from bulou.directory import services as directory
from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.rules import rules
from web.sites import Site
from web.world import NOON

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
LIST = "姓名,手机,所属社区,密接级别,判定时间\n演示戊,19900000015,蓉芳里社区,密接,2020-02-10 10:00\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENED_BY = ("handover.", "isolation.", "person.", "contact.", "appeal.")
LEAVES = datetime(2020, 2, 24, 13, tzinfo=SHANGHAI)


@pytest.fixture
def house(site: Site) -> Site:
    """The small world with its site, and the Guangxi duties of handovers, isolation and follow-up in force."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind.startswith(OPENED_BY)], area="12")
    return site


def stand(at: datetime) -> None:
    """The house's clock at an instant, the ledger caught up with it."""
    directory.clock_set(at)
    with clock.at(at):
        ledger.advance()


def contact() -> Person:
    with everywhere():
        return Person.objects.get(name="演示戊")


def take_in(page: Page, server: str, path: Path) -> None:
    """The commander sends the list of contacts and takes it in."""
    path.write_text(LIST, "utf-8")
    page.goto(f"{server}/imports/new/")
    page.get_by_label("What is in it?").select_option("contacts")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Match headings").click()
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("button", name="Import: 1 new or changed row").click()
    expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()


def order(page: Page, server: str, person: Person) -> None:
    page.goto(f"{server}/people/{person.pk}/isolation/")
    page.get_by_text("A new order").click()
    page.get_by_label("Grounds").first.fill("GX-2.1.e 密接")
    page.get_by_role("button", name="Record the order").click()
    expect(page.get_by_text("The order is recorded")).to_be_visible()
    expect(page.get_by_role("link", name="PDF")).to_be_visible()


def hand_over(page: Page, server: str, person: Person, to: str) -> None:
    page.goto(f"{server}/people/?find={person.name}")
    page.get_by_label(f"Choose {person.name}").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_label(to).check()
    page.get_by_role("button", name="Record for 1 row").click()
    expect(page.get_by_text("Take all of it back")).to_be_visible()


def tap(page: Page, server: str, word: str) -> None:
    """One link on the handovers page of whoever is signed in."""
    page.goto(f"{server}/handovers/")
    page.get_by_role("button", name=word).first.click()
    expect(page.get_by_text("1 person recorded.")).to_be_visible()


def test_a_contact_is_isolated_released_handed_home_and_closed(house: Site, visit: Begin, tmp_path: Path) -> None:
    desk = visit(house.world.commander)
    command, server = desk.page, desk.server
    take_in(command, server, tmp_path / "contacts.csv")
    person = contact()
    order(command, server, person)
    hand_over(command, server, person, house.unit.name)

    manager = visit(house.manager).page
    tap(manager, server, "Accept")
    tap_left(command, server)
    manager.goto(f"{server}{house.url(1)}")
    manager.get_by_role("button", name="Received: into this room").click()
    expect(manager.get_by_role("link", name="演示戊")).to_be_visible()

    stand(NOON + HOUR)
    make_the_round(manager, server, person)

    stand(LEAVES)
    with clock.at(LEAVES):
        house.world.happen("release.assessed", f"person:{person.pk}", LEAVES - HOUR, outcome="complete", days=14)
    manager.goto(f"{server}{house.url(1)}")
    manager.get_by_role("button", name="Release", exact=True).click()
    expect(manager.get_by_text("To be disinfected").first).to_be_visible()
    assert held_by(person) == house.unit.pk

    stand(LEAVES + HOUR)
    village = visit(house.world.grid_worker, size=PHONE).page
    for word in ("Accept", "They are here", "Room and carer settled"):
        tap(village, server, word)
    assert held_by(person) == house.world.village.pk

    stand(LEAVES + 7 * DAY)
    village.goto(f"{server}/my/")
    home = village.locator(".household", has_text="演示戊")
    row = home.locator(".task", has_text="Follow-up after release is closed")
    row.get_by_role("button").first.click()
    done = home.locator(".settled .task", has_text="Follow-up after release is closed")
    expect(done).to_be_visible()
    assert held_by(person) is None

    command.goto(f"{server}/people/{person.pk}/isolation/")
    expect(command.get_by_role("heading", level=1)).to_have_text("Not in isolation now")
    paper = command.get_by_role("link", name="Certificate").get_attribute("href") or ""
    assert command.request.get(server + paper).headers["content-type"] == "application/pdf"


def tap_left(page: Page, server: str) -> None:
    """Whoever sends them says with which car they have left."""
    page.goto(f"{server}/handovers/")
    page.locator("summary", has_text="They have left").first.click()
    page.get_by_label("Vehicle").first.fill("津A12345")
    page.get_by_role("button", name="They have left").first.click()
    expect(page.get_by_text("1 person recorded.")).to_be_visible()


def make_the_round(page: Page, server: str, person: Person) -> None:
    page.goto(f"{server}/rooms/round/")
    line = page.locator(".round-line", has_text="演示戊")
    line.get_by_label("Temperature").fill("36.6")
    page.get_by_role("button", name="Record the round").click()
    expect(page.get_by_text("1 people recorded.")).to_be_visible()
    expect(page.locator(".round-line", has_text="演示戊")).to_contain_text("36.6")


def held_by(person: Person) -> Any:
    with everywhere():
        held = holders([person.pk]).get(person.pk)
    return held.unit if held else None


def test_where_nobody_does_anything_each_link_and_the_end_of_the_grounds_is_a_miss(
    house: Site, visit: Begin, tmp_path: Path
) -> None:
    desk = visit(house.world.commander)
    command, server = desk.page, desk.server
    take_in(command, server, tmp_path / "contacts.csv")
    person = contact()
    order(command, server, person)
    hand_over(command, server, person, house.unit.name)

    stand(NOON + 2 * HOUR)
    command.goto(f"{server}/misses/?clause=GX-1.1.b")
    row = command.locator(".duty-rows tbody tr", has_text="演示戊")
    expect(row).to_contain_text("A request to hand a person over is answered")
    expect(row).to_contain_text(house.unit.name)

    stand(datetime(2020, 2, 21, 10, tzinfo=SHANGHAI))
    command.goto(f"{server}/misses/?clause=GX-2.1.e")
    held = command.locator(".duty-rows tbody tr", has_text="丁").filter(has_text="Isolation in a site ends")
    expect(held).to_contain_text(house.unit.name)
    command.goto(f"{server}/isolation/?state=over")
    expect(command.locator("tbody tr", has_text="丁")).to_contain_text("may go today")

    stand(datetime(2020, 2, 21, 20, tzinfo=SHANGHAI))
    command.goto(f"{server}/isolation/?state=over")
    expect(command.locator("tbody tr", has_text="丁")).to_contain_text("past the end")
