"""Zones keep up with facts that come by any door, late or taken back, and are read a page at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.control import selectors
from bulou.no_miss.control.models import Zone

Scope = Callable[[str], AbstractContextManager[None]]
NOW = datetime(2020, 10, 2, 9, tzinfo=SHANGHAI)
HERE, NEXT, COUNTY = "120101001001", "120101001002", "120101"
HOUR = timedelta(hours=1)


@pytest.fixture
def happen(village: Unit) -> Any:
    """Records a fact about a zone; gives its id."""

    def record(kind: str, zone: str, at: datetime = NOW, /, area: str = HERE, **data: Any) -> str:
        supersedes = data.pop("supersedes", None)
        fact = Fact(str(new_id()), kind, f"zone:{zone}", area, at, f"unit:{village.pk}", data, supersedes)
        assert ledger.record([fact], allow_future=True).refused == ()
        return fact.id

    with clock.at(NOW):
        yield record


def rows() -> list[tuple[Any, ...]]:
    with everywhere():
        return list(Zone.objects.order_by("id").values_list())


def test_a_zone_comes_into_force_is_adjusted_and_lifted(happen: Any, village: Unit) -> None:
    zone = str(new_id())
    id = happen("zone.set", zone, NOW - 3 * HOUR, unit_kind="building", level="sealed", measures=["no-gatherings"])
    happen("zone.adjusted", zone, NOW - HOUR, unit_kind="stairwell", level="watched")
    with everywhere():
        row = Zone.objects.get()
    assert (str(row.id), row.zone, row.area, row.by) == (id, zone, HERE, village.pk)
    assert (row.unit_kind, row.level, row.measures, row.changed) == ("stairwell", "watched", "", NOW - HOUR)

    end = happen("zone.lifted", zone, NOW, reason="no case in 14 days")
    with everywhere():
        assert Zone.objects.get().until == NOW
    happen("fact.withdrawn", zone, NOW, reason="by mistake", supersedes=end)

    with everywhere():
        assert Zone.objects.get().until is None


def test_derived_anew_it_is_the_same(happen: Any) -> None:
    for number in range(4):
        zone = str(new_id())
        happen("zone.set", zone, NOW - 5 * HOUR, unit_kind="building")
        if number % 2:
            happen("zone.lifted", zone, NOW - HOUR)
    before = rows()

    with everywhere():
        ledger.rebuild()

    assert rows() == before
    assert len(before) == 4


def test_only_zones_of_the_area_are_seen(happen: Any, scope: Scope) -> None:
    happen("zone.set", str(new_id()), unit_kind="building")
    happen("zone.set", str(new_id()), area=NEXT, unit_kind="building")

    with scope(NEXT):
        assert [row.area for row in selectors.zones("")] == [NEXT]
    with scope(COUNTY):
        assert len(selectors.zones(COUNTY)) == 2


def test_pages_follow_each_other_without_a_gap(happen: Any, scope: Scope) -> None:
    for hours in range(7):
        happen("zone.set", str(new_id()), NOW - HOUR * (hours // 2), unit_kind="building", level="sealed")

    for oldest in (False, True):
        found: list[Any] = []
        with scope(COUNTY):
            while page := selectors.zones("", oldest=oldest, after=str(found[-1].id) if found else "", limit=3):
                found += page
            assert found == list(selectors.zones_stream("", oldest=oldest))
        assert len(found) == len({row.id for row in found}) == 7


def test_a_page_is_at_most_two_queries(happen: Any, scope: Scope) -> None:
    for _ in range(5):
        happen("zone.set", str(new_id()), unit_kind="building")

    with scope(COUNTY):
        first = selectors.zones("", limit=2)
        with CaptureQueriesContext(connection) as asked:
            selectors.zones("", state="force", level="sealed", after=str(first[-1].id))

    assert len(asked) == 2
