"""The registers of monitoring as a list: narrowed, counted, entered, and the lines behind each number of the trends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Unit
from bulou.kernel.ids import new_id
from web.world import COUNTY, NOON, World

Enter = Callable[..., Client]
LIST = "/monitoring/"


@pytest.fixture
def hospital(world: World, make_unit: Callable[..., Unit], make_account: Any) -> Account:
    account: Account = make_account("hospital", make_unit("和平区人民医院", COUNTY, "hospital"), "hospital")
    return account


@pytest.fixture
def market(make_unit: Callable[..., Unit]) -> Unit:
    return make_unit("南市农贸市场", COUNTY, "venue")


def tell(world: World, unit: Unit, kind: str, days: int = 0, **data: Any) -> None:
    at = NOON - timedelta(days=days)
    world.happen(kind, f"unit:{unit.pk}", at, COUNTY, **data)


@pytest.fixture
def lines(world: World, hospital: Account, market: Unit) -> None:
    """Three counts, two sales of which one was told symptoms, two samplings of which one is positive, one pending."""
    for days, cases in ((0, 9), (1, 4), (2, 0)):
        tell(world, hospital.unit, "syndrome.counted", days, syndrome="influenza_like_illness", cases=cases, seen=100)
    tell(world, market, "fever_medicine.sold", item="cough", quantity=3, symptoms=["fever"], buyer="李某 13800000000")
    tell(world, market, "fever_medicine.sold", 1, item="antipyretic", quantity=2)
    tell(world, market, "environment.sampled", samples=20, positive=2)
    tell(world, market, "environment.sampled", 1, samples=20, positive=0)
    tell(world, market, "environment.sampled", 2, samples=10)


def shown(browser: Client, **asked: str) -> list[tuple[str, int | None]]:
    page = browser.get(LIST, asked)
    assert page.status_code == 200
    return [(one.row.kind.partition(".")[0], one.n) for one in page.context["rows"]]


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"kind": "syndrome.counted"}, [0, 4, 9]),
        ({"item": "influenza_like_illness"}, [0, 4, 9]),
        ({"item": "cough"}, [3]),
        ({"kind": "environment.sampled", "found": "1"}, [2]),
        ({"found": "1"}, [2, 3, 4, 9]),
        ({"since": f"{NOON - timedelta(days=1):%Y-%m-%d}", "kind": "syndrome.counted"}, [4, 9]),
        ({"until": f"{NOON - timedelta(days=1):%Y-%m-%d}", "kind": "syndrome.counted"}, [0, 4]),
        ({"find": "农贸", "kind": "fever_medicine.sold"}, [2, 3]),
        ({"find": "nobody"}, []),
        ({"since": "x", "of": "x", "kind": "fever_medicine.sold"}, [2, 3]),
    ],
)
def test_the_list_is_narrowed_by_register_item_day_name_and_what_was_found(
    world: World, enter: Enter, asked: dict[str, str], numbers: list[int]
) -> None:
    found = shown(enter(world.commander), **asked)

    assert sorted(n for _kind, n in found if n is not None) == numbers


@pytest.mark.usefixtures("lines")
def test_the_lines_of_one_subject_are_a_touch_away_and_the_chip_names_it(
    world: World, market: Unit, enter: Enter
) -> None:
    browser = enter(world.commander, "en")
    (first,) = browser.get(LIST, {"item": "cough"}).context["rows"]

    page = browser.get(first.same_url)

    assert {one.name for one in page.context["rows"]} == {"南市农贸市场"}
    assert len(page.context["rows"]) == 2
    assert "南市农贸市场" in {str(chip.word) for chip in page.context["chips"]}


@pytest.mark.usefixtures("lines")
def test_every_number_of_the_trends_opens_exactly_the_lines_that_make_it_up(world: World, enter: Enter) -> None:
    browser = enter(world.commander)
    curves = browser.get("/trend/").context["curves"]

    assert len(curves) == 3
    for curve in curves:
        assert sum(one.n for one in browser.get(curve.url).context["rows"]) == curve.total
        for bar in curve.bars:
            if bar.level.n is not None:
                assert sum(one.n for one in browser.get(bar.url).context["rows"]) == bar.level.n


@pytest.mark.usefixtures("lines")
def test_the_head_sums_each_register_and_says_out_of_how_many_lines(world: World, enter: Enter) -> None:
    tiles = enter(world.commander).get(LIST).context["tiles"]

    assert [(n, count) for _word, n, count, _url in tiles] == [(13, 3), (5, 2), (2, 3)]


@pytest.mark.usefixtures("lines")
def test_a_positive_sample_stands_out_and_one_without_a_result_is_pending(world: World, enter: Enter) -> None:
    page = enter(world.commander, "en").get(LIST, {"kind": "environment.sampled"})

    assert [one.n for one in page.context["rows"]] == [2, 0, None]
    assert "2 positive" in page.text
    assert "pending" in page.text


@pytest.mark.usefixtures("lines")
def test_who_bought_a_medicine_is_named_neither_on_the_list_nor_on_the_trends(world: World, enter: Enter) -> None:
    browser = enter(world.commander)

    assert all("13800000000" not in browser.get(address).text for address in (LIST, "/trend/"))


def test_a_line_entered_from_the_list_is_on_the_list_of_one_s_own_unit(
    world: World, hospital: Account, market: Unit, enter: Enter
) -> None:
    tell(world, market, "environment.sampled", samples=20, positive=0)
    browser = enter(hospital, "en")
    assert 'action="/trend/add/"' in browser.get(LIST, {"ours": "1"}).text
    form = {"kind": "syndrome.counted", "id": str(new_id()), "syndrome": "fever", "cases": "7", "seen": "90"}

    page = browser.post("/trend/add/", form, follow=True)

    assert [(one.what, one.n, one.of) for one in page.context["rows"]] == [("fever", 7, 90)]


@pytest.mark.parametrize(("positive", "n"), [("1", 1), ("", None)])
def test_a_sampling_is_entered_with_its_result_or_while_it_is_pending(
    hospital: Account, enter: Enter, positive: str, n: int | None
) -> None:
    form = {"kind": "environment.sampled", "id": str(new_id()), "samples": "12", "positive": positive}

    page = enter(hospital, "en").post("/trend/add/", form, follow=True)

    assert [(one.n, one.of) for one in page.context["rows"]] == [(n, 12)]


@pytest.mark.usefixtures("lines")
def test_an_area_sees_its_own_and_no_other(world: World, enter: Enter, stranger: Unit, make_account: Any) -> None:
    far = enter(make_account("far", stranger, "county_command"))

    assert shown(far) == []
    assert far.get(LIST, {"area": COUNTY}).status_code == 403


def test_a_page_costs_no_query_more_for_fifty_lines_and_the_next_goes_on(
    world: World, hospital: Account, enter: Enter
) -> None:
    browser = enter(world.commander)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        return len(queries)

    tell(world, hospital.unit, "syndrome.counted", syndrome="fever", cases=1)
    browser.get(LIST)
    before = cost()
    for days in range(1, 60):
        tell(world, hospital.unit, "syndrome.counted", days, syndrome="fever", cases=1)

    assert cost() <= before <= 16
    page = browser.get(LIST)
    assert len(page.context["rows"]) == 50
    assert len(browser.get(page.context["next_url"]).context["rows"]) == 10
