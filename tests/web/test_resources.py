"""Capacity and stocks: what each unit has, with what is short, full or too old, and counts put down."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Unit
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from web.world import COUNTY, World

Enter = Callable[..., Client]


@pytest.fixture
def hospital(world: World, make_unit: Callable[..., Unit]) -> Unit:
    """A hospital whose masks are short, whose goggles were counted long ago, whose ventilators are all in use."""
    unit = make_unit("和平区医院", COUNTY, "hospital")
    for kind, day, data in (
        ("stock.counted", 10, {"item": "mask", "quantity": 40}),
        ("supply.requested", 10, {"item": "mask", "quantity": 500}),
        ("stock.counted", 1, {"item": "goggles", "quantity": 9}),
        ("capacity.reported", 10, {"item": "ventilator", "quantity": 4, "in_use": 4}),
    ):
        world.happen(kind, f"unit:{unit.pk}", datetime(2020, 2, day, 9, tzinfo=SHANGHAI), COUNTY, **data)
    return unit


@pytest.fixture
def nurse(hospital: Unit, enter: Enter, make_account: Any) -> Client:
    return enter(make_account("nurse", hospital, "hospital"), "en")


def test_stocks_say_what_is_short_and_what_is_too_old(nurse: Client) -> None:
    text = nurse.get("/stocks/").text

    assert "500 not come" in text
    assert "1 too old" in text
    assert text.count("missing-tag") == 4
    assert "ventilator" not in nurse.get("/stocks/?view=short").text


@pytest.mark.parametrize(("way", "first"), [("quantity", "mask"), ("-quantity", "goggles")])
def test_counts_are_sorted_as_asked(nurse: Client, world: World, hospital: Unit, way: str, first: str) -> None:
    at = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
    world.happen("stock.counted", f"unit:{hospital.pk}", at, COUNTY, item="goggles", quantity=900)

    shown = nurse.get("/stocks/", {"sort": way})

    assert shown.context["rows"][0].row.item == first


def test_capacity_says_what_is_all_in_use(nurse: Client) -> None:
    text = nurse.get("/capacity/?view=full").text

    assert "和平区医院" in text
    assert "4 in use" in text


@pytest.mark.parametrize(
    ("act", "data", "where"),
    [
        ("count", {"data.item": "mask", "data.quantity": "77"}, "/stocks/"),
        ("came", {"data.item": "mask", "data.quantity": "500"}, "/stocks/"),
        ("report", {"data.item": "ventilator", "data.quantity": "6", "data.in_use": "2"}, "/capacity/"),
    ],
)
def test_ones_own_unit_is_counted(nurse: Client, act: str, data: dict[str, str], where: str) -> None:
    answer = nurse.post("/resources/act/", {"act": act, "id": str(new_id()), **data}, follow=True)

    assert answer.request["PATH_INFO"] == where
    assert "Recorded." in answer.text
    assert {"count": "77", "came": "40", "report": "6"}[act] in answer.text


@pytest.mark.parametrize("wrong", [{"data.quantity": "many"}, {"data.quantity": ""}, {"data.in_use": "some"}])
def test_what_is_no_number_is_told_and_nothing_is_kept(nurse: Client, wrong: dict[str, str]) -> None:
    form = {"act": "report", "id": str(new_id()), "data.item": "ventilator", "data.quantity": "6"} | wrong

    assert "nothing was recorded" in nurse.post("/resources/act/", form, follow=True).text


def test_a_grid_worker_counts_nothing_and_an_act_that_is_none_is_not_there(
    world: World, hospital: Unit, enter: Enter, make_account: Any
) -> None:
    browser = enter(make_account("walker", world.village, "grid_worker"), "en")

    assert browser.post("/resources/act/", {"act": "count", "id": str(new_id())}).status_code == 403
    assert browser.post("/resources/act/", {"act": "burn"}).status_code == 404
    assert "My unit" not in browser.get("/stocks/").text


@pytest.mark.parametrize("page", ["/stocks/", "/capacity/"])
def test_costs_the_same_however_much_is_counted(world: World, hospital: Unit, nurse: Client, page: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert nurse.get(page).status_code == 200
        return len(queries)

    before = cost()
    for n in range(5):
        at = datetime(2020, 2, 9, n, tzinfo=SHANGHAI)
        for kind in ("stock.counted", "capacity.reported"):
            world.happen(kind, f"unit:{hospital.pk}", at, COUNTY, item=f"thing_{'abcde'[n]}", quantity=n)

    assert cost() == before <= 14
