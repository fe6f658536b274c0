from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.plan.matching import holds, matches, waives
from bulou.plan.rules import Condition, Op, Trigger
from unit.plan.conftest import Happened

MARCH = date(2020, 3, 1)


def condition(op: Op, value: Any, start: date | None = None, end: date | None = None, field: str = "x") -> Condition:
    return Condition(field, op, start, end, value)


@pytest.mark.parametrize(
    ("op", "value", "fact", "expected"),
    [
        ("in", ("a",), "a", True),
        ("in", ("a", "b"), "b", True),
        ("in", ("a",), "A", False),
        ("in", ("a",), None, False),
        ("in", ("a",), ["b", "a"], True),
        ("in", ("a",), ["b", ["a"]], False),
        ("in", ("a",), [], False),
        ("in", ("a",), {"a": 1}, False),
        ("in", (1,), Decimal("1.0"), True),
        ("in", (Decimal("37.3"),), 37.3, True),
        ("in", (1,), True, False),
        ("in", (True,), 1, False),
        ("in", (True,), True, True),
        ("in", (1,), "1", False),
        ("ne", "a", "b", True),
        ("ne", "a", "a", False),
        ("ne", "a", None, False),
        ("ne", "a", ["b", "a"], False),
        ("ne", "a", ["b"], True),
        ("ne", "a", [], True),
        ("ne", 1, "1", True),
        ("ne", 1, Decimal("1.00"), False),
        ("gt", Decimal("37.3"), Decimal("37.3"), False),
        ("gte", Decimal("37.3"), Decimal("37.3"), True),
        ("gte", Decimal("37.3"), 37.3, True),
        ("lt", Decimal("37.3"), 37, True),
        ("lte", 37, Decimal("37.0"), True),
        ("gte", 0, True, False),
        ("gte", 0, "38", False),
        ("gte", 0, [38], False),
        ("gte", 0, None, False),
        ("gte", 0, float("nan"), False),
        ("lt", 0, float("-inf"), False),
    ],
)
def test_a_condition_holds_or_does_not(op: Op, value: Any, fact: Any, expected: bool) -> None:
    assert holds(condition(op, value), fact) is expected


def test_a_trigger_needs_its_kind_and_every_condition(happened: Happened) -> None:
    warm = Trigger(
        "temperature.read", (condition("gte", 37, field="celsius"), condition("in", ("ear",), field="method"))
    )

    assert matches(warm, happened("f", "temperature.read", "2020-02-03T08:00", celsius=37.5, method="ear"), SHANGHAI)
    assert not matches(warm, happened("f", "temperature.read", "2020-02-03T08:00", celsius=37.5), SHANGHAI)
    assert not matches(warm, happened("f", "medic.assessed", "2020-02-03T08:00", celsius=37.5, method="ear"), SHANGHAI)


@pytest.mark.parametrize(
    ("at", "celsius", "expected"),
    [
        ("2019-12-31T23:59", 39.0, False),
        ("2020-02-29T23:59", 37.2, False),
        ("2020-02-29T23:59", 37.3, True),
        ("2020-03-01T00:00", 37.0, True),
    ],
)
def test_the_condition_in_force_on_the_local_date_counts(
    happened: Happened, at: str, celsius: float, expected: bool
) -> None:
    warm = Trigger(
        "temperature.read",
        (
            condition("gte", Decimal("37.3"), date(2020, 1, 1), MARCH, "celsius"),
            condition("gte", Decimal("37.0"), MARCH, None, "celsius"),
        ),
    )

    assert matches(warm, happened("f", "temperature.read", at, celsius=celsius), SHANGHAI) is expected


def test_the_local_date_is_that_of_the_plans_zone(happened: Happened) -> None:
    fact = happened("f", "temperature.read", "2020-03-01T08:00", celsius=37.0)
    warm = Trigger("temperature.read", (condition("gte", 37, MARCH, None, "celsius"),))

    assert matches(warm, fact, SHANGHAI)
    assert not matches(warm, fact, ZoneInfo("America/New_York"))


WAIVER: dict[str, Any] = {
    "duty": "p/d",
    "opens_at": "2020-02-03T08:00:00+08:00",
    "reason": "moved",
    "approved_by": "u2",
}


def waived(happened: Happened, kind: str = "duty.waived", by: str | None = "u1", **changes: Any) -> bool:
    fact: Fact = happened("w", kind, "2020-02-03T10:00", by=by, **(WAIVER | changes))
    return waives(fact, "p/d", happened("x", "x", "2020-02-03T08:00").at)


def test_two_people_with_a_reason_waive_a_duty(happened: Happened) -> None:
    assert waived(happened)


@pytest.mark.parametrize(
    "changes",
    [
        {"duty": "p/other"},
        {"opens_at": "2020-02-03T08:00:00"},
        {"opens_at": "2020-02-03T08:00:01+08:00"},
        {"opens_at": "soon"},
        {"opens_at": None},
        {"reason": " "},
        {"reason": 7},
        {"approved_by": "u1"},
        {"approved_by": ""},
        {"approved_by": None},
        {"by": None},
        {"kind": "temperature.read"},
    ],
)
def test_anything_less_does_not(happened: Happened, changes: dict[str, Any]) -> None:
    assert not waived(happened, **changes)
