"""Wujin's emergency plan: four levels that build on each other, who decides on them, who sits in which group."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.facts import Fact
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.load import load
from bulou.plan.models import Clause, Plan
from bulou.plan.rules import rules

HOUSE = Path(__file__).parents[2]
CHAPTERS = "一二三四五六七八九十"
LEVELS = {"1": "IV", "2": "III", "3": "II", "4": "I"}
REVIEWS = {"1": ["county"], "2": ["county", "city"], "3": ["county", "city", "province"]}
REVIEWS["4"] = [*REVIEWS["3"], "nation"]
MEMBERS = {1: 4, 2: 4, 3: 12, 4: 10, 5: 6, 6: 16, 7: 6, 8: 9, 9: 6, 10: 20, 11: 3, 12: 8}
HEADS = {1: 3, 2: 2, 3: 2, 4: 2, 5: 3, 6: 3, 7: 2, 8: 6, 9: 2, 10: 2, 11: 4, 12: 3}


@cache
def wujin() -> Plan:
    return load(HOUSE / "plans" / "wujin-2020-54", kinds=fact_kinds(), roles=ROLES)


def clause(name: str) -> Clause:
    return next(clause for clause in wujin().clauses if clause.clause == f"WJ-{name}")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2020, 10, day, hour, tzinfo=wujin().zone)


def fact(name: str, kind: str, when: datetime, data: dict[str, object], subject: str = "area:320412") -> Fact:
    return Fact(name, kind, subject, "320412", when, None, data, None)


def level(name: str, grade: str, when: datetime) -> Fact:
    return fact(name, "response.level_set", when, {"level": grade})


def activated() -> Fact:
    return fact("plan", "plan.activated", at(1), {"plan": "wujin-2020-54", "tier": "county"})


def owed(facts: list[Fact], now: datetime) -> list[DutyLine]:
    """The duties of chapter 9 that these facts open."""
    chosen = [rule for rule in rules(wujin()) if rule.clause.startswith("WJ-9.")]
    return ledger(chosen, facts, now, wujin().zone)


def grades(lines: list[DutyLine]) -> Counter[str]:
    levels = {f"wujin-2020-54/{duty.duty}": duty.level.at_least for _, duty in wujin().duties if duty.level}
    return Counter(levels[line.duty] for line in lines if line.opens_at == max(one.opens_at for one in lines))


def test_each_clause_cites_the_article_it_stands_in() -> None:
    for one in wujin().clauses:
        chapter = int(one.clause.removeprefix("WJ-").split(".")[0])
        document, _, article = one.cites.partition(" ")

        assert document == "武肺炎防控指〔2020〕54号"
        assert article.startswith(CHAPTERS[chapter - 1] if chapter <= 10 else "十一"), one.clause


def test_every_action_of_a_level_is_a_duty_at_that_level() -> None:
    actions = [one for one in wujin().clauses if one.clause.startswith("WJ-9.") and not one.clause.endswith(".0")]

    for one in actions:
        assert one.duties, one.clause
        assert {duty.level.at_least if duty.level else None for duty in one.duties} == {LEVELS[one.clause[5]]}, (
            one.clause
        )
    assert len(actions) == 17 + 8 + 8 + 10
    assert sum(len(one.duties) for one in actions) >= 27


def test_the_actions_fall_on_areas_units_places_zones_cases_and_persons() -> None:
    about = {
        subject
        for one in wujin().clauses
        if one.clause.startswith("WJ-9.")
        for duty in one.duties
        for subject in fact_kinds()[duty.must.fact].on & fact_kinds()[duty.when.fact].on
    }

    assert about >= {"area", "unit", "place", "zone", "episode", "person"}


@pytest.mark.parametrize("number", LEVELS)
def test_a_level_is_entered_by_its_situation_or_by_experts_reviewed_one_tier_more_each_time(number: str) -> None:
    situation, other = clause(f"4.{number}.1").criterion, clause(f"4.{number}.2")

    assert situation and situation.requires[0].where["level"] == LEVELS[number]
    assert other.criterion
    assert [need.where["experts"] for need in other.criterion.requires] == REVIEWS[number]
    assert [duty.must.where["experts"] for duty in other.duties] == REVIEWS[number][1:]


def test_a_response_that_skips_from_four_to_two_owes_three_and_two_at_once() -> None:
    lines = owed([activated(), level("a", "IV", at(2)), level("b", "II", at(3))], at(3))

    assert grades(lines) == Counter(III=3, II=2)


def test_a_response_started_at_level_one_owes_all_four_levels() -> None:
    assert set(grades(owed([activated(), level("a", "I", at(2))], at(2)))) == {"IV", "III", "II", "I"}


def test_a_response_that_falls_from_one_to_three_lets_go_of_two_and_one_only() -> None:
    lines = owed([activated(), level("a", "I", at(2)), level("b", "III", at(2, 10))], at(2, 11))
    open_still = {line.duty.partition("/")[2].partition("-")[0] for line in lines if line.state == "open"}
    let_go = {line.duty.partition("/")[2].partition("-")[0] for line in lines if line.state == "void"}

    assert open_still == {"four", "three"}
    assert let_go == {"two", "one"}


def test_a_response_that_ends_lets_go_of_everything_not_yet_due() -> None:
    lines = owed([activated(), level("a", "I", at(2)), level("b", "none", at(2, 10))], at(2, 11))

    assert {line.state for line in lines} == {"void"}


def test_the_end_waits_two_longest_incubation_periods_of_the_disease() -> None:
    profile = yaml.safe_load((HOUSE / "diseases" / f"{wujin().disease}.yaml").read_text("utf-8"))
    longest = [entry["value"] for entry in profile["periods"]["incubation_longest"]["values"].values()]
    days = [dated.value for dated in wujin().parameters["ending_days"].values.values()]

    assert days == [Decimal(2 * longest[-1])]


def test_the_end_needs_both_conditions() -> None:
    first, second, both = (clause(name) for name in ("8.3.1.1", "8.3.1.2", "8.3.2"))

    assert first.criterion and second.criterion and both.criterion
    conditions = {**first.criterion.requires[0].where, **second.criterion.requires[0].where}
    assert conditions.items() <= both.criterion.requires[0].where.items()
    assert all(conditions.items() <= duty.when.where.items() for duty in both.duties)


def test_no_level_is_set_without_experts_and_approval() -> None:
    guard = clause("8.0.1").guard

    assert guard and guard.act == "response.level_set"
    assert {need.fact for need in guard.requires} == {"response.assessed", "response.approved"}


@pytest.mark.parametrize("number", MEMBERS)
def test_a_work_group_has_its_leader_heads_members_and_functions(number: int) -> None:
    one = clause(f"6.1.{number}")
    (group,) = one.groups

    assert group.lead == "government_leader"
    assert len(group.deputies) == HEADS[number]
    assert len(group.members) == MEMBERS[number]
    assert group.functions
    assert [duty.must.where["group"] for duty in one.duties] == [group.group]


def test_the_three_expert_groups_are_formed_and_owe_their_own_duties() -> None:
    for name in ("6.2.1", "6.2.2", "6.2.3"):
        assert [group.group for group in clause(name).groups] == [
            duty.must.where["group"] for duty in clause(name).duties
        ]
        assert clause(f"{name}.1").duties


def test_what_was_done_before_a_level_began_is_not_asked_for_again() -> None:
    case = fact("case", "episode.confirmed", at(2), {"disease": "covid-19-2020", "person": "person:a"}, "episode:x")
    done = fact("done", "investigation.started", at(2) + timedelta(minutes=20), {}, "episode:x")
    name = "wujin-2020-54/four-confirmed-investigated"

    asked = [line.duty for line in owed([case, level("a", "IV", at(2, 12))], at(2, 12))]
    spared = [line.duty for line in owed([case, done, level("a", "IV", at(2, 12))], at(2, 12))]

    assert name in asked
    assert name not in spared


def test_whatever_a_self_check_finds_wanting_is_put_right() -> None:
    lists = [one.checklist for one in wujin().clauses if one.checklist]
    weighed = [
        found for found in lists if found.checklist.startswith("level-") or found.checklist == "overall-inspection"
    ]
    items = {item.item for found in lists if found not in weighed for item in found.items}
    (listed,) = wujin().parameters["self_check_items"].values.values()

    assert isinstance(listed.value, list)
    assert set(listed.value) == items
