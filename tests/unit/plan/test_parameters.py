from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.plan.parameters import NotInForceError, Parameter, Reader, period, references, spans

TITLE = {"zh": "甲", "en": "A"}


def parameter(values: dict[str, Any], unit: str = "day") -> Parameter:
    dated = {day: {"value": value, "reference": "试"} for day, value in values.items()}
    return Parameter.model_validate({"title": TITLE, "unit": unit, "values": dated, "last_verified": "2026-11-21"})


DAYS = parameter({"2020-06-01": 21, "2020-01-10": 14})


@pytest.mark.parametrize(
    ("day", "value"), [("2020-01-10", 14), ("2020-05-31", 14), ("2020-06-01", 21), ("2030-01-01", 21)]
)
def test_a_value_holds_from_its_day_until_the_next(day: str, value: int) -> None:
    assert DAYS.at(date.fromisoformat(day)) == value


def test_before_the_first_there_is_none() -> None:
    with pytest.raises(NotInForceError):
        DAYS.at(date(2020, 1, 9))


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("$a", {"a"}),
        ("a", set()),
        (["$a", "b", ["$c"]], {"a", "c"}),
        ({"x": "$a", "y": {"z": "$b"}}, {"a", "b"}),
        (7, set()),
    ],
)
def test_the_parameters_of_an_expression_are_found_wherever_they_are(expression: Any, names: set[str]) -> None:
    assert references(expression) == names


@pytest.mark.parametrize(
    ("value", "unit", "length"),
    [
        ("PT2H", "", timedelta(hours=2)),
        (14, "day", timedelta(days=14)),
        (2, "h", timedelta(hours=2)),
        (Decimal("1.5"), "hours", timedelta(minutes=90)),
        (3, "weeks", timedelta(days=21)),
        (0, "min", timedelta()),
    ],
)
def test_a_period_is_iso_text_or_a_number_of_a_time_unit(value: Any, unit: str, length: timedelta) -> None:
    assert period(value, unit) == length


@pytest.mark.parametrize(
    ("value", "unit"),
    [(14, ""), (14, "degC"), (True, "day"), (-1, "day"), (99999, "day"), ("14", "day"), (None, "day")],
)
def test_anything_else_is_not_a_period(value: Any, unit: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period(value, unit)


def test_an_expression_is_read_with_the_values_of_its_day() -> None:
    reader = Reader({"d": DAYS}, date(2020, 2, 1))

    assert reader.value(["a", "$d", ["b"]]) == ["a", 14, "b"]
    assert reader.period("$d") == timedelta(days=14)
    assert reader.period(None) is None
    assert reader.days([7, "$d", 1]) == (1, 7, 14)


def test_an_expression_without_parameters_holds_for_ever() -> None:
    assert list(spans("PT2H", {}, lambda reader: reader.period("PT2H"))) == [(None, None, timedelta(hours=2))]


def test_an_expression_of_two_parameters_changes_with_either() -> None:
    scope = {"d": DAYS, "e": parameter({"2020-03-01": 1, "2020-06-01": 2})}

    found = list(spans(["$d", "$e"], scope, lambda reader: reader.value(["$d", "$e"])))

    assert found == [(date(2020, 3, 1), date(2020, 6, 1), [14, 1]), (date(2020, 6, 1), None, [21, 2])]


@given(
    st.lists(st.dates(date(2019, 1, 1), date(2022, 1, 1)), min_size=1, max_size=5, unique=True),
    st.dates(date(2018, 1, 1), date(2023, 1, 1)),
)
def test_the_spans_of_a_parameter_say_what_it_says_itself(days: list[date], asked: date) -> None:
    made = parameter({day.isoformat(): number for number, day in enumerate(days)})

    inside = [
        value
        for start, end, value in spans("$p", {"p": made}, lambda reader: reader.value("$p"))
        if (start is None or start <= asked) and (end is None or asked < end)
    ]

    assert inside == ([made.at(asked)] if asked >= min(days) else [])
