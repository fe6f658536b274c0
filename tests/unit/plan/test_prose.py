"""Rules in words, in both languages."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bulou.directory.roles import ROLES
from bulou.kernel.text import Text
from bulou.plan.models import Plan
from bulou.plan.prose import describe, due, names, number, span, trigger
from bulou.plan.rules import Variant, rules
from unit.plan.conftest import CLAUSES, KINDS
from unit.plan.examples import rule_of


def told(plan: Plan, index: int, language: str) -> list[str]:
    lines = describe(rules(plan)[index], names(KINDS, ROLES))
    return [f"{label.to(language)}: {text.to(language)}" for label, text in lines]


def test_a_recurring_duty_in_english(loaded: Callable[..., Plan]) -> None:
    assert told(loaded(), 0, "en") == [
        "When: Isolation started",
        "Until: Isolation ended",
        "Due: every day 06:00–12:00, 16:00–22:00",
        "Must: Temperature read",
        f"By: {ROLES['village_committee'].en}",
        f"Told: {ROLES['town_command'].en}, 2 hours after it is due",
    ]


def test_a_one_off_with_a_dated_condition_in_chinese(loaded: Callable[..., Plan]) -> None:
    assert told(loaded(), 1, "zh") == [
        "触发: 测体温（celsius ≥ 37.3 [2020-01-01…]）",
        "期限: 2 小时内",
        "要求: 医务人员查看",
        f"责任: {ROLES['township_clinic'].zh}",
    ]


@pytest.mark.parametrize(
    ("until", "level", "lines"),
    [
        ({"after": "P14D"}, None, ["Until: 14 days have passed"]),
        ({"fact": "isolation.ended", "after": "P14D"}, None, ["Until: isolation.ended, or 14 days have passed"]),
        ("isolation.ended", {"at_least": "III"}, ["Until: isolation.ended", "Level: at level III or graver"]),
    ],
)
def test_what_ends_a_duty_and_its_level_are_told(until: Any, level: Any, lines: list[str]) -> None:
    rule = rule_of("d", when="isolation.started", until=until, level=level, within="PT2H", must="temperature.read")

    said = [f"{label.en}: {text.en}" for label, text in describe(rule, {})]

    assert [line for line in said if line.startswith(("Until", "Level"))] == lines


@pytest.mark.parametrize(
    ("every", "late", "zh", "en"),
    [
        ({"period": "P1D"}, None, "每 1 天一次", "every 1 day"),
        ({"period": "PT12H"}, "PT1H", "每 12 小时一次，逾期 1 小时内可补", "every 12 hours, late up to 1 hour"),
        ({"day": ["22:00/02:00"]}, None, "每日 22:00–02:00+1", "every day 22:00–02:00+1"),
        ({"day": ["20:00/24:00"], "on": [1, 4]}, None, "第 1, 4 天 20:00–24:00", "on day 1, 4 20:00–24:00"),
    ],
)
def test_when_it_falls_due_is_told(every: dict[str, Any], late: str | None, zh: str, en: str) -> None:
    rule = rule_of("d", when="a.b", until="c.d", every=every, late=late, must="e.f")

    assert due(rule.variants[0]) == Text(zh=zh, en=en)


def test_terms_of_several_dates_are_told_one_after_the_other() -> None:
    rule = rule_of("d", when="a.b", within="PT2H", must="e.f")
    changing = Variant(valid_from=None, within=timedelta(hours=2)), Variant(within=timedelta(hours=6))

    assert [due(variant).en for variant in (*rule.variants, *changing)] == [
        "within 2 hours",
        "within 2 hours",
        "within 6 hours",
    ]


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(days=1, hours=12), "1 天 12 小时", "1 day 12 hours"),
        (timedelta(minutes=1, seconds=30), "1 分钟 30 秒", "1 minute 30 seconds"),
        (timedelta(), "0 秒", "no time"),
    ],
)
def test_a_length_of_time_in_words(length: timedelta, zh: str, en: str) -> None:
    assert span(length) == Text(zh=zh, en=en)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (Decimal("37.30"), "37.30"), (Decimal("1E+2"), "100"), (7, "7"), ("a", "a")]
)
def test_a_value_is_written_as_in_a_plan(value: Any, text: str) -> None:
    assert number(value) == text


def test_conditions_name_field_sign_and_values() -> None:
    where = {"kind": ["home", "central"], "days": {"gt": 7, "ne": 14}}
    rule = rule_of("d", when={"fact": "isolation.started", "where": where}, within="PT2H", must="e.f")

    assert describe(rule, names(KINDS))[0][1].en == "Isolation started (kind = home|central, days > 7, days ≠ 14)"


def test_what_is_due_at_once_and_told_at_once_is_said_so(loaded: Callable[..., Plan]) -> None:
    now = CLAUSES.replace("within: PT2H", "within: PT0S").replace("after: PT2H", "after: PT0S")
    first, second = rules(loaded({"clauses/1-all.yaml": now}))

    told = {label.en: text for label, text in describe(first, names(KINDS))}["Told"]
    due_at_once = {label.en: text for label, text in describe(second, names(KINDS))}["Due"]

    assert (told.zh, told.en) == ("一逾期就告知town_command", "town_command, as soon as it is overdue")
    assert (due_at_once.zh, due_at_once.en.partition(" [")[0]) == ("立即", "at once")


def test_a_word_in_a_condition_is_said_by_its_title(loaded: Callable[..., Plan]) -> None:
    at_home = CLAUSES.replace("when: isolation.started", "when: {fact: isolation.started, where: {kind: home}}")
    rule, _ = rules(loaded({"clauses/1-all.yaml": at_home}))

    said = trigger(rule.when, {"home": Text(zh="居家", en="at home")})

    assert (said.zh, said.en) == ("isolation.started（kind = 居家）", "isolation.started (kind = at home)")
