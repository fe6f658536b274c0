"""How full a site will be: who leaves, who is on the way, and as many newcomers as last week."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bulou.directory.scope import scope
from bulou.kernel import clock
from bulou.no_miss.isolation import room_board
from bulou.no_miss.isolation.forecast import Forecast, forecast

from .conftest import DAY, NOW, House


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


def ahead(house: House, expected: int = 0) -> Forecast:
    return forecast(room_board.board(house.site.pk, clock.now()), expected)


def test_with_nobody_coming_the_rooms_left_are_those_that_are_free(house: House) -> None:
    house.start(0, 0, NOW - 12 * DAY)

    found = ahead(house)

    assert len(found.days) == 14
    assert found.a_day == 0
    assert [day.left for day in found.days] == [day.free for day in found.days] == [5, 5] + [6] * 12
    assert (found.short, found.least.left) == (None, 5)


def test_who_is_on_the_way_takes_a_room_today(house: House) -> None:
    found = ahead(house, expected=2)

    assert [day.coming for day in found.days] == [2] + [0] * 13
    assert {day.left for day in found.days} == {4}


def test_as_many_come_as_came_in_the_last_week_rounded_up(house: House) -> None:
    for person in range(3):
        house.start(person, person, NOW - DAY)

    found = ahead(house)

    assert round(found.a_day, 2) == 0.43
    assert [day.coming for day in found.days] == [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0]
    assert sum(day.coming for day in found.days) == 6


def test_the_day_on_which_rooms_run_out_is_named(house: House) -> None:
    for person in range(3):
        house.start(person, person, NOW - DAY)

    found = ahead(house, expected=1)

    assert found.short
    assert (found.short.day, found.short.left) == ((NOW + 5 * DAY).date(), -1)


def test_who_came_before_last_week_says_nothing_of_the_next(house: House) -> None:
    house.start(0, 0, NOW - 8 * DAY + timedelta(hours=1))

    assert ahead(house).a_day == 0
