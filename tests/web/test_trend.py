"""Trends: what is counted, what stands out, and a line for each register."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.no_miss.monitoring.models import Entry
from web.world import COUNTY, NOON, World

Enter = Callable[..., Client]


@pytest.fixture
def hospital(world: World, make_unit: Callable[..., Unit], make_account: Any) -> Account:
    account: Account = make_account("hospital", make_unit("和平区人民医院", COUNTY, "hospital"), "hospital")
    return account


def count(world: World, unit: Unit, days: int, cases: int) -> None:
    data = {"syndrome": "influenza_like_illness", "cases": cases, "seen": 200}
    world.happen("syndrome.counted", f"unit:{unit.pk}", NOON - timedelta(days=days), COUNTY, **data)


def test_a_day_that_stands_out_is_red_in_the_picture_and_in_the_table(
    world: World, hospital: Account, enter: Enter
) -> None:
    for n in range(1, 20):
        count(world, hospital.unit, n, 5)
    count(world, hospital.unit, 0, 20)

    page = enter(hospital, "en").get("/trend/")

    (curve,) = page.context["curves"]
    assert [level.n for level in curve.above] == [20]
    assert "1 day above its limit" in page.text
    assert 'class="above"' in page.text
    assert "8 days without a report" in page.text


def test_where_nothing_is_counted_the_page_says_what_to_do(world: World, enter: Enter) -> None:
    assert "Nothing is counted here yet" in enter(world.commander, "en").get("/trend/").text


def test_a_line_is_recorded_for_one_s_own_unit(world: World, hospital: Account, enter: Enter) -> None:
    browser = enter(hospital, "en")
    form = {"kind": "fever_medicine.sold", "id": str(new_id()), "item": "antipyretic", "quantity": "12"}

    page = browser.post("/trend/add/", form, follow=True)

    assert "On the register" in page.text
    with everywhere():
        (entry,) = Entry.objects.all()
    assert (entry.subject, entry.data) == (f"unit:{hospital.unit_id}", {"item": "antipyretic", "quantity": 12})
    assert "和平区人民医院" in page.text


@pytest.mark.parametrize(("given", "status"), [({"quantity": "many"}, 422), ({"item": ""}, 422), ({"kind": "x"}, 404), ({"id": "x"}, 404)])  # fmt: skip # noqa: E501
def test_what_cannot_be_is_said_and_stays(
    world: World, hospital: Account, enter: Enter, given: dict[str, str], status: int
) -> None:
    form = {"kind": "fever_medicine.sold", "id": str(new_id()), "item": "cough", "quantity": "7"} | given

    answer = enter(hospital, "en").post("/trend/add/", form)

    assert answer.status_code == status
    assert status == 404 or f'value="{form["quantity"]}"' in answer.text
    with everywhere():
        assert Entry.objects.count() == 0


def test_an_area_sees_its_own_and_no_other(
    world: World, hospital: Account, enter: Enter, stranger: Unit, make_account: Any
) -> None:
    count(world, hospital.unit, 0, 20)
    far = enter(make_account("far", stranger, "county_command"), "en")

    assert far.get("/trend/").context["curves"] == []
    assert far.get(f"/trend/?area={COUNTY}").status_code == 403
    assert enter(world.commander).get("/trend/?area=x").status_code == 404


def test_a_month_costs_no_query_more_than_a_day(world: World, hospital: Account, enter: Enter) -> None:
    browser = enter(hospital)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/trend/")
        return len(queries)

    count(world, hospital.unit, 0, 5)
    browser.get("/trend/")
    before = cost()
    for n in range(1, 20):
        count(world, hospital.unit, n, 5)

    assert cost() == before <= 12
