"""From a fever on a person's own page to the medic, the clinic and an outcome; and the miss where nobody comes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from bulou.kernel.clock import SHANGHAI
from web.world import World

from .conftest import PHONE, Visit
from .test_journey_support import Own, own, put_in_force, stand_at

__all__ = ["own"]
pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]


def report(page: Any, celsius: str) -> None:
    page.get_by_label("Temperature").fill(celsius)
    page.get_by_label("cough").check()
    page.get_by_role("button", name="Record").first.click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")


def test_a_fever_reported_at_home_reaches_a_medic_a_clinic_and_an_outcome_and_is_missed_where_nobody_comes(
    world: World, visit: Begin, own: Own, make_unit: Any, make_account: Any
) -> None:
    clinic = make_unit("劝业场街道卫生院", "120101001", "township_clinic")
    hospital = make_unit("和平区人民医院", "120101", "fever_clinic", "hospital")
    put_in_force("temperature.read", "medic.assessed", "fever_clinic.visited")
    home = own(world.first)

    report(home, "38.2")
    expect(home.locator("#today table")).to_contain_text("38.2")
    expect(home.get_by_text("A person with an abnormal temperature is seen by a medic")).to_be_visible()

    medic = visit(make_account("medic", clinic, "township_clinic"), size=PHONE).open("/my/")
    task = medic.locator(".task", has_text="seen by a medic").filter(has_text="甲")
    task.get_by_role("button", name="suspect", exact=False).click()
    expect(medic.locator(".settled .task", has_text="seen by a medic").first).to_be_attached()

    desk = visit(make_account("triage", hospital, "fever_clinic")).open("/fever-clinic/?find=甲")
    desk.locator("[name=triage][value=suspect]").check(force=True)
    desk.locator("#clinic-celsius").fill("38.4")
    desk.locator("[name=history][value=yes]").check(force=True)
    desk.get_by_role("button", name="Receive").click()
    expect(desk.locator(".clinic-line")).to_contain_text("甲")
    desk.locator(".clinic-line summary").click()
    desk.locator("[name=outcome]").select_option("admitted")
    desk.get_by_role("button", name="Record the outcome").click()
    expect(desk.get_by_text("Nobody waits for an outcome")).to_be_visible()
    file = visit(world.commander).open(f"/people/{world.first.pk}/")
    expect(file.locator(".readings")).to_contain_text("37.3")
    expect(file.locator("#main")).to_contain_text("38.4")

    alone = own(world.second)
    report(alone, "38.6")
    stand_at(10, 20)
    alone.reload()
    expect(alone.get_by_text("should have been done by").first).to_be_visible()
    page = visit(world.commander).open("/misses/?clause=GX-3.a")
    row = page.locator(".duty-rows tbody tr", has_text="乙")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("劝业场街道卫生院")


def test_who_was_received_and_forgotten_stands_in_red(world: World, visit: Begin, make_unit: Any) -> None:
    make_unit("和平区人民医院", "120101", "fever_clinic", "hospital")
    put_in_force("fever_clinic.visited")
    at = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
    world.happen("fever_clinic.visited", f"person:{world.first.pk}", at, triage="fever", exposure_history=True)
    stand_at(11, 20)

    page = visit(world.commander).open("/fever-clinic/")

    expect(page.locator(".clinic-line .far.over")).to_contain_text("overdue")
    misses = page.goto(page.url.replace("/fever-clinic/", "/misses/?clause=GX-4.1.b"))
    assert misses and misses.ok
    expect(page.locator(".duty-rows tbody tr")).to_contain_text("和平区人民医院")
