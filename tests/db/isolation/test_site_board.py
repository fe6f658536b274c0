"""Sites side by side: each with the numbers of its own board, and all of them together."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory import selectors as directory
from bulou.directory.models import Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.isolation import opening, room_board, selectors, services, site_board, site_state, sites
from bulou.no_miss.isolation.site_board import SiteLine, View

from .conftest import DAY, NOW, House

MakeUnit = Callable[..., Unit]


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def empty(house: House, make_unit: MakeUnit) -> Unit:
    """A site with one room that has never been opened."""
    unit = make_unit("空隔离点", "120101", "isolation_site")
    with everywhere():
        sites.rooms_register(unit, [sites.NewRoom("1", 1)])
    return unit


def lines(view: View = "all", area: str = "120101") -> dict[str, SiteLine]:
    return {one.name: one for one in site_board.narrowed(site_board.sites(area, clock.now()), view)}


def test_a_line_says_what_the_board_of_its_site_says(house: House) -> None:
    house.start(0, 0, NOW - 20 * DAY)
    house.start(1, 1, NOW - 13 * DAY)
    house.start(2, 2, NOW - DAY)
    services.reserve(house.rooms[3], house.people[2], by=house.manager)
    services.take_out_of_use(house.rooms[4], "x", by=house.manager)

    line, board = lines()[house.site.name], room_board.board(house.site.pk, NOW)

    states = {state: getattr(line, state) for state in room_board.STATES}
    assert states == board.counts == {"occupied": 3, "free": 1, "kept": 1, "cleaning": 0, "broken": 1}
    assert (line.rooms, line.people, line.leaving, line.expected) == (6, 3, 2, 0)
    assert line.pressing == site_state.pressing([house.site.pk], NOW)[house.site.pk] == 1


def test_a_room_is_kept_no_longer_than_it_was_kept_for(house: House) -> None:
    services.reserve(house.rooms[3], house.people[2], by=house.manager)
    assert (lines()[house.site.name].free, lines()[house.site.name].kept) == (5, 1)

    with clock.at(NOW + timedelta(hours=4)):
        assert (lines()[house.site.name].free, lines()[house.site.name].kept) == (6, 0)


def test_a_site_is_open_where_its_own_page_says_so(house: House, empty: Unit) -> None:
    def said() -> dict[str, bool]:
        return {name: line.is_open for name, line in lines().items()}

    def own() -> dict[str, bool]:
        return {unit.name: site_state.is_open(unit.pk, NOW) for unit in (house.site, empty)}

    assert said() == own() == {house.site.name: True, empty.name: False}
    site = directory.unit(house.site.pk)
    assert site
    opening.close_site(site, "x", by=house.manager)
    assert said() == own() == {house.site.name: False, empty.name: False}


def test_views_narrow_to_where_something_can_or_must_be_done(house: House, empty: Unit) -> None:
    house.start(0, 0, NOW - 20 * DAY)

    views: tuple[View, ...] = ("all", "pressing", "room", "full", "closed")

    assert {view: set(lines(view)) for view in views} == {
        "all": {house.site.name, empty.name},
        "pressing": {house.site.name},
        "room": {house.site.name},
        "full": set(),
        "closed": {empty.name},
    }


def test_the_totals_are_the_sums_of_the_lines(house: House, empty: Unit) -> None:
    house.start(0, 0, NOW - 20 * DAY)
    house.start(1, 0, NOW - DAY)

    total = site_board.totals(list(lines().values()))

    assert total == dict(zip(site_board.COUNTED, (7, 1, 6, 0, 0, 0, 2, 1, 0, 2), strict=True))


def test_whoever_is_on_the_way_is_counted_where_they_are_expected(house: House, village: Unit) -> None:
    subject, data = f"person:{house.people[0]}", {"to": f"unit:{house.site.pk}"}
    asked = Fact(str(new_id()), "handover.requested", subject, "120101001001", NOW, f"unit:{village.pk}", data)
    assert ledger.record([asked]).refused == ()

    assert lines()[house.site.name].expected == len(selectors.expected(house.site.pk)) == 1


def test_of_a_site_of_another_area_nothing_is_told_but_its_name(house: House) -> None:
    house.start(0, 0, NOW - DAY)

    with scope("450103"):
        line = lines(area="120101")[house.site.name]
    assert (line.rooms, line.people, line.is_open, line.pressing) == (0, 0, False, 0)
    assert lines(area="450103") == {}


def test_all_sites_are_one_query_however_many_there_are(house: House, empty: Unit) -> None:
    with CaptureQueriesContext(connection) as queries:
        site_board.sites("120101", NOW)

    assert len(queries) == 1
