"""A rule on one day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bulou.plan.load import load
from bulou.plan.rules import Rule, rules
from bulou.plan.standing import all_standing, standing

PLANS = Path(__file__).parents[3] / "plans"


@pytest.fixture(scope="module")
def reported() -> Rule:
    """A duty whose deadline is another from 28 January 2020 on."""
    found = {rule.id: rule for rule in rules(load(PLANS / "guangxi-2020-9"))}
    return found["guangxi-2020-9/confirmed-case-reported"]


@pytest.mark.parametrize("day", [date(2020, 1, 25), date(2020, 1, 28), date(2021, 1, 1)])
def test_a_rule_on_a_day_has_one_set_of_terms_without_dates(reported: Rule, day: date) -> None:
    (terms,) = standing(reported, day).variants

    assert (terms.valid_from, terms.valid_to, terms.within) == (None, None, timedelta(hours=2))


def test_before_its_first_day_a_rule_stands_with_its_first_terms(reported: Rule) -> None:
    (terms,) = standing(reported, date(1999, 1, 1)).variants

    assert terms.within == reported.variants[0].within


def test_conditions_and_tells_not_in_force_are_left_out() -> None:
    found = {rule.id: rule for rule in rules(load(PLANS / "guangxi-2020-9"))}
    fever = found["guangxi-2020-9/abnormal-temperature-seen-by-medic"]

    before, since = standing(fever, date(1999, 1, 1)), standing(fever, date(2020, 2, 10))

    assert before.when.where == ()
    assert [(test.op, str(test.value), test.valid_from) for test in since.when.where] == [("gte", "37.3", None)]


def test_a_rule_that_never_has_terms_does_not_stand(reported: Rule) -> None:
    assert all_standing([replace(reported, variants=())], date(2020, 2, 10)) == []
