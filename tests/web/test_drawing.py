"""Bars drawn by the server: zero-based, upwards or hanging, side by side; the forecast of rooms drawn with them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bulou.no_miss.isolation.forecast import Day, Forecast
from bulou.web.ahead import picture
from bulou.web.drawing import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Scale, columns, scale

FIRST = date(2020, 2, 10)


def ahead(*left: int) -> Forecast:
    days = [Day(FIRST + timedelta(days=n), 0, one + 2, 0, one) for n, one in enumerate(left)]
    return Forecast(days, 1.0, 0)


def test_the_line_at_zero_is_at_the_feet_where_nothing_is_below() -> None:
    found = scale(3, 10)

    assert (found.least, found.top) == (0, 10)
    assert (found.zero, found.y(10)) == (HEIGHT - BOTTOM, TOP)


def test_the_axis_begins_at_zero_though_every_value_is_far_above() -> None:
    assert scale(95, 100).least == 0
    assert scale(-3, -1).top == 1


def test_a_bar_stands_on_the_line_at_zero_or_hangs_from_it() -> None:
    found = Scale(10, -10)

    up, down = found.block(5), found.block(-5)

    assert round(up.y + up.height, 1) == found.zero
    assert down.y == found.zero
    assert up.height == down.height == 29.5
    assert found.block(0).height == 0


def test_broken_numbers_keep_within_the_picture() -> None:
    found = scale(2.2, -0.5)

    assert (found.top, found.least) == (3, -1)


@pytest.mark.parametrize("count", [1, 7, 14, 28])
def test_bars_stand_side_by_side_within_the_picture(count: int) -> None:
    found = list(columns(count))

    assert len(found) == count
    assert found[0].x >= LEFT
    assert round(found[-1].x + found[-1].width) <= WIDTH
    assert all(one.x + one.width <= after.x for one, after in pairwise(found))


def test_a_day_on_which_rooms_are_lacking_hangs_below_zero_with_its_number_under_it() -> None:
    found = picture(ahead(2, 0, -3))

    full, none, lacking = found.bars
    assert [bar.lacks for bar in found.bars] == [False, False, True]
    assert full.n_y < full.block.y
    assert none.block.height == 0
    assert lacking.n_y > lacking.block.y + lacking.block.height
    assert (found.scale.top, found.scale.least) == (4, -3)
    assert found.least_y > found.scale.zero > found.top_y
    assert found.says_least
    assert not picture(ahead(90, -1)).says_least


def test_the_dashed_line_says_what_is_free_if_nobody_came() -> None:
    found = picture(ahead(1, 1))

    first, second = (tuple(map(float, point.split(","))) for point in found.free.split())
    assert first[1] == second[1] == found.scale.y(3)
    assert first[0] < second[0]
