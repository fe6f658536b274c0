"""Layering: plans in force together that ask for the same, the stricter first."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bulou.plan.layering import asked, coincide, coinciding, shared, strictness
from bulou.plan.load import load
from bulou.plan.rules import Rule, rules
from bulou.plan.standing import standing
from unit.plan.conftest import CLAUSES, KINDS, PARAMETERS, PLAN

DAY = date(2020, 2, 10)
MORNING = '"06:00/12:00", "16:00/22:00"'
Layered = Callable[..., list[Rule]]


@pytest.fixture
def layered(folder: Callable[..., Path]) -> Layered:
    """The rules of the little plan and of a county's copy of it in which pieces are replaced."""

    def rules_of(*changes: tuple[str, str]) -> list[Rule]:
        files = {"plan.yaml": PLAN, "parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSES}
        for old, new in (("plan: little", "plan: county"), *changes):
            files = {file: text.replace(old, new) for file, text in files.items()}
        both = load(folder(), kinds=KINDS), load(folder(files, name="county"), kinds=KINDS)
        return [standing(rule, DAY) for plan in both for rule in rules(plan)]

    return rules_of


def governed(found: list[Rule]) -> dict[str, list[str]]:
    return {need.strictest.id: [rule.id for rule in need.others] for need in shared(found)}


def test_the_shorter_deadline_governs(layered: Layered) -> None:
    found = layered(("within: PT2H", "within: PT1H"))

    assert governed(found)["county/fever-seen"] == ["little/fever-seen"]


def test_what_comes_more_often_governs(layered: Layered) -> None:
    found = layered((MORNING, '"06:00/12:00"'))

    assert governed(found)["little/twice-daily"] == ["county/twice-daily"]


def test_of_two_alike_one_governs_and_always_the_same(layered: Layered) -> None:
    found = layered()

    assert governed(found) == governed(found[::-1])
    assert governed(found)["county/twice-daily"] == ["little/twice-daily"]


def test_of_two_as_long_what_recurs_is_stricter_than_what_is_once(layered: Layered) -> None:
    once = layered(("every: {day: [" + MORNING + "]}", "within: PT12H"))
    by_name = {rule.id: rule for rule in once}

    assert strictness(by_name["little/twice-daily"]) < strictness(by_name["county/twice-daily"])


def test_a_plan_does_not_share_a_need_with_itself(layered: Layered) -> None:
    found = [rule for rule in layered() if rule.plan == "little"]

    assert shared(found) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("must: temperature.read", "must: symptoms.reported"),
        ("must: temperature.read", "must: {fact: temperature.read, where: {fine: true}}"),
        ("when: isolation.started", "when: temperature.read"),
    ],
)
def test_another_opening_or_another_must_is_another_need(layered: Layered, old: str, new: str) -> None:
    assert "county/twice-daily" not in str(governed(layered((old, new))))


def test_openings_that_exclude_each_other_never_meet(layered: Layered) -> None:
    lower = layered(("where: {celsius: {gte: $fever_threshold}}", "where: {celsius: {lt: 36}}"))
    higher = layered(("where: {celsius: {gte: $fever_threshold}}", "where: {celsius: {gte: 39}}"))

    assert "county/fever-seen" not in str(governed(lower))
    assert "county/fever-seen" in str(governed(higher))


def test_other_values_of_one_field_exclude_each_other(layered: Layered) -> None:
    at_home = layered(("when: isolation.started", "when: {fact: isolation.started, where: {kind: home}}"))
    home, *_ = [rule for rule in at_home if rule.id == "county/twice-daily"]
    central = layered(("when: isolation.started", "when: {fact: isolation.started, where: {kind: central}}"))
    (central_only,) = [rule for rule in central if rule.id == "county/twice-daily"]
    (any_kind,) = [rule for rule in central if rule.id == "little/twice-daily"]

    assert coincide(any_kind, home)
    assert coincide(any_kind, central_only)
    assert not coincide(home, central_only)


def test_the_order_of_values_does_not_matter(layered: Layered) -> None:
    one = layered(("must: medic.assessed", "must: {fact: medic.assessed, where: {finding: [refer, suspect]}}"))
    other = layered(("must: medic.assessed", "must: {fact: medic.assessed, where: {finding: [suspect, refer]}}"))

    assert asked(one[-1]) == asked(other[-1])


def test_those_that_coincide_come_strictest_first(layered: Layered) -> None:
    little, *_ = [rule for rule in layered() if rule.id == "little/fever-seen"]
    county = [rule for rule in layered(("within: PT2H", "within: PT1H")) if rule.plan == "county"]
    town = [rule for rule in layered(("plan: county", "plan: town"), ("PT2H", "PT5M")) if rule.plan == "town"]

    assert [rule.id for rule in coinciding(little, [*county, *town])] == ["town/fever-seen", "county/fever-seen"]


def test_plans_that_are_nowhere_in_force_together_share_nothing(layered: Layered) -> None:
    assert shared(layered(), lambda one, other: False) == []
