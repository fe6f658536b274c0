"""When a count stands out: the rule by hand, and what must hold whatever was counted."""

from datetime import date, timedelta
from math import sqrt
from random import Random

import pytest

from bulou.oversight.analysis.thresholds import BASELINE, GAP, levels

FIRST = date(2020, 2, 1)


def series(*values: int | None) -> dict[date, tuple[int, int]]:
    return {FIRST + timedelta(days=n): (value, 0) for n, value in enumerate(values) if value is not None}


def on(day: int, *values: int | None) -> object:
    return levels(series(*values), FIRST, FIRST + timedelta(days=len(values) - 1))[day]


def test_the_limit_is_the_mean_of_a_week_that_ended_two_days_before_and_three_deviations() -> None:
    values = (2, 4, 6, 4, 2, 6, 4, 50, 60, 8)

    level = on(9, *values)

    week = values[:7]
    mean = sum(week) / 7
    deviation = sqrt(sum((value - mean) ** 2 for value in week) / 6)
    assert level.limit == round(mean + 3 * deviation, 1)  # type: ignore[attr-defined]
    assert not level.is_above  # type: ignore[attr-defined]


def test_where_nothing_ever_happened_one_case_does_not_stand_out_and_two_do() -> None:
    assert not on(9, *[0] * 9, 1).is_above  # type: ignore[attr-defined]
    assert on(9, *[0] * 9, 2).is_above  # type: ignore[attr-defined]


def test_too_few_days_before_give_no_limit_and_a_day_without_a_report_is_not_zero() -> None:
    assert on(8, *[0] * 8, 99).limit is None  # type: ignore[attr-defined]
    missing = on(9, 1, 1, None, 1, 1, 1, 1, 1, 1, 99)
    silent = on(9, *[1] * 9, None)

    assert missing.limit is None  # type: ignore[attr-defined]
    assert (silent.n, silent.is_above) == (None, False)  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(50))
def test_only_the_week_before_the_gap_bears_on_a_limit_and_more_of_it_raises_it(seed: int) -> None:
    random = Random(seed)
    values = [random.randint(0, 40) for _ in range(20)]
    day = random.randrange(BASELINE + GAP, 20)
    before = levels(series(*values), FIRST, FIRST + timedelta(days=19))

    changed = list(values)
    changed[day] = changed[day - 1] = changed[day - GAP] = 99
    after = levels(series(*changed), FIRST, FIRST + timedelta(days=19))
    higher = levels(series(*(value + 5 for value in values)), FIRST, FIRST + timedelta(days=19))

    assert after[day].limit == before[day].limit
    assert (higher[day].limit or 0) > (before[day].limit or 0)
    assert [level.n for level in before] == values
