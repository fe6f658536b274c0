"""What a unit has, from its facts in order of time."""

from datetime import datetime, timedelta
from typing import Any

from bulou.kernel.clock import SHANGHAI
from bulou.operations.resources.follower import Told, holdings

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)


def told(kind: str, hours: int = 0, /, item: str = "mask", **data: Any) -> Told:
    return Told("unit:a", kind, NOW + timedelta(hours=hours), "1201", {"item": item, **data})


def test_the_last_count_is_what_there_is() -> None:
    (one,) = holdings([told("stock.counted", quantity=100), told("stock.counted", 5, quantity=40)])

    assert (one.what, one.item, one.quantity, one.counted_at) == ("stock", "mask", 40, NOW + timedelta(hours=5))


def test_what_is_ready_to_be_used_and_what_is_on_the_shelf_are_two_things() -> None:
    both = holdings([told("stock.counted", quantity=1), told("capacity.reported", quantity=9, in_use=4)])

    assert {(one.what, one.quantity, one.in_use) for one in both} == {("stock", 1, None), ("capacity", 9, 4)}


def test_what_came_counts_toward_the_last_request() -> None:
    (one,) = holdings(
        [
            told("supply.delivered", 0, quantity=500),
            told("supply.requested", 1, quantity=200),
            told("supply.delivered", 2, quantity=50),
            told("supply.delivered", 3, quantity=70),
        ]
    )

    assert (one.asked, one.came, one.quantity) == (200, 120, None)


def test_one_item_is_written_with_either_stroke() -> None:
    (one,) = holdings(
        [told("stock.counted", 0, "food-days", quantity=3), told("stock.counted", 1, "food_days", quantity=4)]
    )

    assert (one.item, one.quantity) == ("food_days", 4)


def test_the_same_item_of_the_same_unit_always_has_the_same_id() -> None:
    first, second = (holdings([told("stock.counted", hours, quantity=hours)])[0] for hours in (1, 2))

    assert first.pk == second.pk
