"""Rules: every duty literal, its parameters resolved by date."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bulou.kernel.periods import parse_slot
from bulou.plan.models import Plan
from bulou.plan.rules import Condition, Rule, Tell, Trigger, Variant, rules

PARAMETERS = """
threshold:
  title: {zh: 甲, en: A}
  unit: degC
  values: {2020-01-01: {value: 37.3, reference: 一}, 2020-03-01: {value: 37.0, reference: 二}}
  last_verified: 2026-11-21
stay:
  title: {zh: 甲, en: A}
  unit: day
  values: {2020-01-10: {value: 14, reference: 一}, 2020-06-01: {value: 21, reference: 二}}
  last_verified: 2026-11-21
times:
  title: {zh: 甲, en: A}
  unit: slots
  values:
    2020-01-01: {value: ["06:00/12:00"], reference: 一}
    2020-06-01: {value: ["06:00/12:00", "16:00/22:00"], reference: 二}
  last_verified: 2026-11-21
kinds:
  title: {zh: 甲, en: A}
  unit: choice
  values: {2020-01-01: {value: [home], reference: 一}}
  last_verified: 2026-11-21
"""
CLAUSE = """
- clause: R-1
  cites: 试 一
  title: {{zh: 条款, en: Clause}}
  no_miss: monitoring
  duties:
    - {{duty: d, when: isolation.started, must: temperature.read, by: cdc, {0}}}
"""


@pytest.fixture
def rule(loaded: Callable[..., Plan]) -> Callable[[str], Rule]:
    def compile(terms: str) -> Rule:
        files = {"parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSE.format(terms)}
        return rules(loaded(files))[0]

    return compile


def test_a_rule_carries_its_citation(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H, level: {at_least: II}")

    assert (made.id, made.plan, made.clause, made.cites, made.title.en) == (
        "little/d",
        "little",
        "R-1",
        "试 一",
        "Clause",
    )
    assert (made.no_miss, made.level, made.role, made.zone.key) == ("monitoring", "II", "cdc", "Asia/Shanghai")


def test_a_duty_may_have_a_title_of_its_own(rule: Callable[[str], Rule]) -> None:
    assert rule("within: PT2H, title: {zh: 责任, en: Duty}").title.en == "Duty"


def test_a_literal_duty_has_one_variant_for_ever(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H, until: isolation.ended")

    assert made.variants == (Variant(within=timedelta(hours=2)),)
    assert (made.until, made.has_until) == (Trigger("isolation.ended"), True)


def test_without_until_nothing_ends_an_interval(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H")

    assert (made.until, made.has_until) == (None, False)


def test_a_length_of_time_alone_also_ends_intervals(rule: Callable[[str], Rule]) -> None:
    made = rule("every: {period: P1D}, until: {after: P14D}")

    assert (made.until, made.has_until) == (None, True)
    assert made.variants == (Variant(after=timedelta(days=14), period=timedelta(days=1)),)


def test_terms_change_on_the_day_their_parameters_do(rule: Callable[[str], Rule]) -> None:
    made = rule("every: {day: $times, on: [1, 3]}, until: {after: $stay}, late: PT1H")

    first, second = parse_slot("06:00/12:00"), parse_slot("16:00/22:00")
    hour = timedelta(hours=1)
    assert made.variants == (
        Variant(date(2020, 1, 10), date(2020, 6, 1), None, timedelta(days=14), hour, None, (first,), (1, 3)),
        Variant(date(2020, 6, 1), None, None, timedelta(days=21), hour, None, (first, second), (1, 3)),
    )


def test_before_a_parameter_has_a_value_there_are_no_terms(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H, until: {after: $stay}")

    assert [variant.valid_from for variant in made.variants] == [date(2020, 1, 10), date(2020, 6, 1)]


def test_conditions_are_dated_like_their_parameters(rule: Callable[[str], Rule]) -> None:
    made = rule(
        "within: PT2H, until: {fact: temperature.read, where: {celsius: {gte: $threshold, ne: 42}, fine: true}}"
    )

    assert made.until == Trigger(
        "temperature.read",
        (
            Condition("celsius", "gte", date(2020, 1, 1), date(2020, 3, 1), Decimal("37.3")),
            Condition("celsius", "gte", date(2020, 3, 1), None, Decimal("37.0")),
            Condition("celsius", "ne", None, None, 42),
            Condition("fine", "in", None, None, (True,)),
        ),
    )


def test_a_list_with_a_parameter_in_it_is_spread(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H, until: {fact: isolation.started, where: {kind: [$kinds, central]}}")

    assert made.until is not None
    assert made.until.where == (Condition("kind", "in", date(2020, 1, 1), None, ("home", "central")),)


def test_slots_may_be_partly_a_parameter(rule: Callable[[str], Rule]) -> None:
    made = rule('every: {day: [$times, "22:00/24:00"]}, until: isolation.ended')

    assert [len(variant.slots) for variant in made.variants] == [2, 3]


def test_who_is_told_is_dated_too(rule: Callable[[str], Rule]) -> None:
    made = rule("within: PT2H, tell: [{after: PT2H, role: cdc}, {after: $stay, role: town_command}]")

    assert made.tell == (
        Tell(timedelta(hours=2), "cdc"),
        Tell(timedelta(days=14), "town_command", date(2020, 1, 10), date(2020, 6, 1)),
        Tell(timedelta(days=21), "town_command", date(2020, 6, 1), None),
    )
