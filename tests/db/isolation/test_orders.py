"""Orders, releases and appeals as they are read back: which stands, on what it rests, what is owed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bulou.directory.scope import scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.isolation import orders
from bulou.no_miss.isolation.orders import Record

from .conftest import DAY, NOW, House


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


def record(house: House) -> Record:
    return orders.record_of(house.people[0])


def ordered(house: House, days: int = 14, **given: object) -> None:
    orders.order(house.people[0], "central", days, "GX-2.1.e, contact of TJ7", by=house.manager, **given)  # type: ignore[arg-type]


def test_an_order_says_everything_it_was_given(house: House) -> None:
    ordered(house, 10, basis="a law, article 9", number="12", counted_from=date(2020, 2, 7))

    (one,) = record(house).orders

    assert (one.kind, one.days, one.counted_from, one.grounds) == (
        "central",
        10,
        date(2020, 2, 7),
        "GX-2.1.e, contact of TJ7",
    )
    assert (one.basis, one.number, one.state) == ("a law, article 9", "12", "in_force")


def test_an_order_bounds_the_stay_it_is_for(house: House) -> None:
    house.start(0, 0, NOW - DAY)

    ordered(house, 7, counted_from=date(2020, 2, 7))

    assert house.stays(0)[0].planned_end == NOW + 4 * DAY


def test_a_later_order_takes_the_place_of_an_earlier_and_an_end_of_both(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    ordered(house)
    with clock.at(NOW + DAY):
        ordered(house, 7)
        assert [one.state for one in record(house).orders] == ["in_force", "replaced"]
    with clock.at(NOW + 2 * DAY):
        house.happen("isolation.ended", house.people[0], clock.now())
        assert [one.state for one in record(house).orders] == ["over", "over"]


def test_a_withdrawn_order_is_kept_and_said_to_be_withdrawn(house: House) -> None:
    ordered(house)
    (one,) = record(house).orders

    house.happen("fact.withdrawn", house.people[0], NOW, supersedes=str(one.fact), reason="wrong person")

    assert [one.state for one in record(house).orders] == ["withdrawn"]
    assert orders.paper(house.people[0], one.fact)


def test_a_release_says_from_when_to_when_across_rooms_and_isolations(house: House) -> None:
    house.start(0, 0, NOW - 20 * DAY)
    house.happen("isolation.ended", house.people[0], NOW - 15 * DAY, reason="transferred")
    house.start(0, 1, NOW - 10 * DAY)
    house.happen("isolation.moved", house.people[0], NOW - 8 * DAY, place=str(house.rooms[2]))
    house.happen("isolation.ended", house.people[0], NOW, reason="completed", follow_up_days=7)

    latest, earlier = record(house).releases

    assert (latest.begun, latest.ended, latest.follow_up_days) == (NOW - 10 * DAY, NOW, 7)
    assert (earlier.begun, earlier.reason) == (NOW - 20 * DAY, "transferred")


def test_an_appeal_runs_against_a_clock_until_it_is_answered(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    appeal = orders.appeal(house.people[0], "I was never there", by=house.nurse)
    (one,) = record(house).appeals
    assert one.due_at == NOW + timedelta(days=3)
    assert [one.is_late(at) for at in (one.due_at, one.due_at + timedelta(seconds=1))] == [False, True]

    with clock.at(NOW + DAY):
        orders.answer(house.people[0], appeal, "changed", "five days less", by=house.manager)
        (one,) = record(house).appeals

    assert (one.decision, one.answer, one.answered_at) == ("changed", "five days less", NOW + DAY)
    assert not one.is_late(NOW + 9 * DAY)


def test_an_appeal_is_answered_once_and_only_where_there_is_one(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    appeal = orders.appeal(house.people[0], "x", by=house.nurse)
    orders.answer(house.people[0], appeal, "upheld", "y", by=house.manager)

    for unknown in (appeal, new_id()):
        with pytest.raises(BulouError, check=lambda error: error.problems[0].code == "request.none"):
            orders.answer(house.people[0], unknown, "lifted", "z", by=house.manager)


def test_who_is_not_isolated_has_nothing_to_appeal_against(house: House) -> None:
    with pytest.raises(BulouError, check=lambda error: error.problems[0].code == "stay.none"):
        orders.appeal(house.people[0], "x", by=house.nurse)


def test_a_paper_is_found_whoever_asks_and_nothing_else_is(house: House) -> None:
    ordered(house)
    fact = record(house).orders[0].fact

    with scope("450103"):
        assert orders.paper(house.people[0], fact)
        assert orders.paper(house.people[1], fact) is None
        assert orders.paper(house.people[0], new_id()) is None
