from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bulou.plan.diff import Diff, diff, pace
from bulou.plan.load import load
from bulou.plan.prose import names
from bulou.plan.rules import Variant
from unit.plan.conftest import CLAUSES, KINDS, PARAMETERS, PLAN

Compare = Callable[..., Diff]


@pytest.fixture
def compared(folder: Callable[..., Path]) -> Compare:
    """The little plan against a copy of it in which pieces are replaced."""

    def compare(*changes: tuple[str, str]) -> Diff:
        files = {"plan.yaml": PLAN, "parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSES}
        for old, new in (("plan: little", "plan: other"), *changes):
            files = {file: text.replace(old, new) for file, text in files.items()}
        little, other = load(folder(), kinds=KINDS), load(folder(files, name="other"), kinds=KINDS)
        return diff(little, other, names(KINDS))

    return compare


def test_a_plan_and_its_copy_do_not_differ(compared: Compare) -> None:
    assert not compared()


def test_another_term_for_the_same_must_is_a_difference(compared: Compare) -> None:
    [found] = compared(("PT2H\n      must", "PT1H\n      must")).duties

    assert found.must == "medic.assessed"
    assert [terms.duty for terms in (*found.left, *found.right)] == ["little/fever-seen", "other/fever-seen"]
    assert [terms.pace for terms in (*found.left, *found.right)] == [timedelta(hours=2), timedelta(hours=1)]
    assert ("Due", "within 1 hour") in [(label.en, text.en) for label, text in found.right[0].lines]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("06:00/12:00", "06:00/11:00"),
        (', "16:00/22:00"', ""),
        ("until: isolation.ended", "until: {fact: isolation.ended, after: P14D}"),
        ("until: isolation.ended", "until: isolation.ended\n      level: {at_least: II}"),
        ("      by: village_committee", "      late: PT1H\n      by: village_committee"),
    ],
)
def test_slots_lengths_levels_and_lateness_are_numbers(compared: Compare, old: str, new: str) -> None:
    assert [found.must for found in compared((old, new)).duties] == ["temperature.read"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("when: isolation.started", "when: {fact: isolation.started, where: {kind: home}}"),
        ("by: village_committee", "by: cdc"),
        ("en: Fever is seen", "en: Fever gets seen"),
        ("duty: fever-seen", "duty: fever-looked-at"),
    ],
)
def test_words_are_not_numbers(compared: Compare, old: str, new: str) -> None:
    assert not compared((old, new))


def test_a_parameter_with_another_value_is_a_difference_and_so_is_its_threshold(compared: Compare) -> None:
    found = compared(("value: 37.3", "value: 37.0"))

    [parameter] = found.parameters
    assert (parameter.name, parameter.left, parameter.right) == ("fever_threshold", "37.3 degC", "37.0 degC")
    assert [duty.must for duty in found.duties] == ["medic.assessed"]


def test_a_parameter_is_compared_on_each_day_either_changes(compared: Compare) -> None:
    later = ("2020-01-01: {value: 37.3, ", "2020-02-01: {value: 37.3, ")

    [parameter] = compared(later).parameters

    assert (parameter.since, parameter.left, parameter.right) == (date(2020, 1, 1), "37.3 degC", "–")


def test_what_only_one_plan_asks_is_not_a_difference(compared: Compare) -> None:
    assert not compared(("must: medic.assessed", "must: symptoms.reported"), ("fever_threshold", "heat_threshold"))


@pytest.mark.parametrize(
    ("terms", "length"),
    [
        (Variant(within=timedelta(hours=2)), timedelta(hours=2)),
        (Variant(period=timedelta(days=2)), timedelta(days=2)),
        (Variant(slots=((), ())), timedelta(hours=12)),
    ],
)
def test_the_pace_of_a_duty_is_how_long_it_leaves(terms: Variant, length: timedelta) -> None:
    assert pace(terms) == length
