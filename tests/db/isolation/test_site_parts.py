"""A large site in parts: every room in exactly one of them, and the numbers those of the whole site."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory.models import Unit, UnitRole
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.no_miss.isolation import forecast, room_board, services, site_parts, sites
from bulou.no_miss.isolation.room_board import Board

from .conftest import DAY, NOW, House

Few = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def small(monkeypatch: Few) -> None:
    """Parts of three rooms, as if three were five hundred."""
    monkeypatch.setattr(site_parts, "MOST", 3)


def whole(house: House) -> list[Board]:
    """A site part by part."""
    first = room_board.board(house.site.pk, clock.now())
    return [first, *(room_board.board(house.site.pk, clock.now(), part=n) for n in range(1, len(first.parts)))]


def numbers(board: Board) -> list[str]:
    return [room.number for room in board.rooms]


def test_a_site_of_hundreds_of_rooms_is_one_part(house: House) -> None:
    assert [(part.first, part.rooms, part.passed) for part in whole(house)[0].parts] == [(0, 6, None)]


def test_floors_stay_together_and_a_floor_too_large_is_cut(house: House, small: None) -> None:
    new = [("401", 4), ("501", 5), ("502", 5), ("601", 6), ("602", 6)]
    sites.rooms_register(house.site, [sites.NewRoom(number, floor) for number, floor in new])

    boards = whole(house)

    assert [numbers(board) for board in boards] == [
        ["301", "302", "303"],
        ["304", "305", "306"],
        ["401", "501", "502"],
        ["601", "602"],
    ]
    assert [(part.start, part.end, part.passed) for part in boards[0].parts] == [
        (("", 3), ("", 3), 0),
        (("", 3), ("", 3), 3),
        (("", 4), ("", 5), None),
        (("", 6), ("", 6), None),
    ]


def test_a_part_that_is_not_there_is_the_last(house: House, small: None) -> None:
    assert numbers(room_board.board(house.site.pk, NOW, part=40)) == ["304", "305", "306"]
    assert numbers(room_board.board(house.site.pk, NOW, part=-3)) == ["301", "302", "303"]


def test_who_must_be_put_right_is_named_in_every_part_and_who_waits_in_the_first_round(
    house: House, small: None
) -> None:
    house.start(0, 5, NOW - 20 * DAY)
    house.start(1, 5, NOW)

    boards = whole(house)

    assert [[one.name for one in board.over] for board in boards] == [["甲"], ["甲"]]
    assert [[one.trouble for one in board.troubled] for board in boards] == [["taken"], ["taken"]]
    assert [[one.name for one in board.guests] for board in boards] == [[], ["甲", "乙"]]


def test_of_more_than_a_board_names_it_says_how_many(house: House, monkeypatch: Few) -> None:
    monkeypatch.setattr(room_board, "MOST_PRESSING", 1)
    house.start(0, 0, NOW - 20 * DAY)
    house.start(1, 1, NOW - 21 * DAY)

    board = room_board.board(house.site.pk, NOW)

    assert ([one.name for one in board.pressing], board.to_put_right, board.unnamed) == (["乙"], 2, 1)


def test_the_numbers_of_every_part_are_those_of_the_whole_site(house: House, monkeypatch: Few) -> None:
    house.start(0, 0, NOW - 20 * DAY)
    house.start(1, 4, NOW - 3 * DAY)
    services.reserve(house.rooms[2], house.people[2], by=house.manager)
    as_one = whole(house)[0]
    monkeypatch.setattr(site_parts, "MOST", 2)

    boards = whole(house)

    assert len(boards) == 3
    for board in boards:
        assert (board.counts, board.ahead, board.came) == (as_one.counts, as_one.ahead, as_one.came)
        assert forecast.forecast(board, 1) == forecast.forecast(as_one, 1)
    assert [room for board in boards for room in board.rooms] == as_one.rooms


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rooms=st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 4)), max_size=25),
    most=st.integers(1, 9),
)
def test_every_room_stands_in_exactly_one_part_whatever_the_site(
    house: House, rooms: list[tuple[str, int]], most: int
) -> None:
    with everywhere():
        site = Unit.objects.create(name="site", area_id=house.site.area_id, synthetic=True)
        UnitRole.objects.create(unit=site, role="isolation_site", area=site.area_id)
    new = [sites.NewRoom(f"{n}", floor, building) for n, (building, floor) in enumerate(rooms)]
    sites.rooms_register(site, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_parts, "MOST", most)
        known = room_board.board(site.pk, NOW).parts
        boards = [room_board.board(site.pk, NOW, part=n) for n in range(len(known))]

    shown = [room.place for board in boards for room in board.rooms]
    assert len(shown) == len(set(shown)) == len(rooms)
    assert [len(board.rooms) for board in boards] == [part.rooms for part in known]
    assert max((part.rooms for part in known), default=0) <= most


def test_newcomers_of_the_week_and_the_days_of_leaving_count_those_in_other_parts_too(
    house: House, small: None
) -> None:
    house.start(0, 5, NOW - 2 * DAY)

    board = room_board.board(house.site.pk, NOW)

    assert board.rooms[-1].number == "303"
    assert (board.came, [day.leaving for day in board.ahead][12]) == (1, 1)
    with clock.at(NOW + 6 * DAY + timedelta(hours=1)):
        assert room_board.board(house.site.pk, clock.now()).came == 0
