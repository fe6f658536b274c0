"""Counts, requests and deliveries keep the holdings right, also when they come late or are withdrawn."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.operations.resources import follower, selectors, services
from bulou.operations.resources.models import Holding

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def unit(make_unit: Callable[..., Unit]) -> Unit:
    return make_unit("和平区医院", "120101", "hospital")


@pytest.fixture
def tell(unit: Unit) -> Callable[..., str]:
    def told(kind: str, at: datetime = NOW, /, supersedes: str | None = None, **data: Any) -> str:
        fact = Fact(str(new_id()), kind, f"unit:{unit.pk}", "120101", at, f"unit:{unit.pk}", data, supersedes)
        assert ledger.record([fact]).refused == ()
        return fact.id

    return told


def one() -> Holding:
    with everywhere():
        return Holding.objects.get()


def test_a_count_that_comes_late_is_not_the_last(tell: Callable[..., str]) -> None:
    tell("stock.counted", NOW - DAY, item="mask", quantity=10)
    tell("stock.counted", NOW - 3 * DAY, item="mask", quantity=99)

    assert (one().quantity, one().counted_at) == (10, NOW - DAY)


def test_a_withdrawn_count_never_was(tell: Callable[..., str]) -> None:
    tell("stock.counted", NOW - DAY, item="mask", quantity=10)
    wrong = tell("stock.counted", NOW, item="mask", quantity=1000)

    tell("fact.withdrawn", NOW, supersedes=wrong, reason="typing error")

    assert one().quantity == 10


def test_derived_anew_it_is_the_same(tell: Callable[..., str]) -> None:
    tell("stock.counted", NOW - DAY, item="mask", quantity=10)
    tell("supply.requested", NOW, item="mask", quantity=500)
    with everywhere():
        before = list(Holding.objects.values_list())
        follower.follow(None, NOW)

        assert list(Holding.objects.values_list()) == before


def test_an_act_tells_of_ones_own_unit(unit: Unit, make_account: Callable[..., Account]) -> None:
    account = make_account("nurse", unit, "hospital")
    with scope("120101"):
        services.tell("stock.counted", {"item": "mask", "quantity": 7}, by=account)

    assert (one().subject, one().quantity) == (f"unit:{unit.pk}", 7)


def test_is_listed_by_item_and_area_page_by_page_and_by_what_is_wrong(tell: Callable[..., str]) -> None:
    tell("stock.counted", NOW - 9 * DAY, item="goggles", quantity=3)
    tell("stock.counted", NOW, item="mask", quantity=3)
    tell("supply.requested", NOW, item="mask", quantity=500)
    tell("supply.delivered", NOW, item="mask", quantity=100)
    tell("capacity.reported", NOW, item="ventilator", quantity=4, in_use=4)

    with scope("120101"):
        rows, after = selectors.page("stock", "all", "", 1)
        assert ([row.item for row in rows], after is not None) == (["goggles"], True)
        assert [row.item for row in selectors.stream("stock", "all")] == ["goggles", "mask"]
        assert [(row.item, row.short) for row in selectors.page("stock", "short", "", 9)[0]] == [("mask", 400)]
        assert [row.item for row in selectors.page("stock", "stale", "", 9)[0]] == ["goggles"]
        assert [row.item for row in selectors.page("capacity", "full", "", 9)[0]] == ["ventilator"]
        totals = {total.item: total for total in selectors.totals("stock")}
        assert (totals["mask"].short, totals["goggles"].stale) == (400, 1)
        assert selectors.page("stock", "all", "a|b|c", 9)[0] == selectors.page("stock", "all", "", 9)[0]
    with scope("450103"):
        assert selectors.page("stock", "all", "", 9)[0] == []


def test_a_fact_that_bears_on_no_stock_asks_nothing_of_it(unit: Unit) -> None:
    fact = Fact(str(new_id()), "report.filed", f"unit:{unit.pk}", "120101", NOW, None, {"report": "x"})
    with everywhere(), CaptureQueriesContext(connection) as queries:
        ledger.record([fact])

    assert [q["sql"] for q in queries if "holding" in q["sql"]] == []
