"""Plans that extend others: what they inherit, what they may switch off, what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bulou.kernel.errors import BulouError
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.rules import rules
from unit.plan.conftest import KINDS, ROLES

CITY = """
plan: city
title: {zh: 市预案, en: City plan}
source: 市〔2020〕2号
issued: 2020-02-05
area: "4501"
extends: [little]
"""
STRICTER = """
- clause: C-1
  cites: 市〔2020〕2号 一
  title: {zh: 发热一小时就诊, en: Fever is seen within the hour}
  duties:
    - duty: fever-seen-sooner
      when: {fact: temperature.read, where: {celsius: {gte: $fever_threshold}}}
      within: PT1H
      must: medic.assessed
      by: township_clinic
"""
Folder = Callable[..., Path]


def city(folder: Folder, clauses: str = STRICTER, header: str = CITY, **files: str | None) -> Plan:
    folder()
    path = folder({"plan.yaml": header, "parameters.yaml": None, "clauses/1-all.yaml": clauses} | files, name="city")
    return load(path, kinds=KINDS, roles=ROLES)


def complaints(folder: Folder, clauses: str = STRICTER, header: str = CITY) -> list[str]:
    with pytest.raises(BulouError) as refused:
        city(folder, clauses, header)
    return [problem.to("en") for problem in refused.value.problems]


def test_all_duties_of_the_extended_plan_apply_too(folder: Folder) -> None:
    plan = city(folder)

    assert [member.id for member in plan.family] == ["little", "city"]
    assert [rule.id for rule in rules(plan)] == ["little/twice-daily", "little/fever-seen", "city/fever-seen-sooner"]


def test_a_plan_may_name_the_parameters_of_the_plans_it_extends(folder: Folder) -> None:
    plan = city(folder)

    assert list(plan.parameters) == []
    assert list(plan.scope) == ["fever_threshold"]


def test_its_own_parameter_stands_before_theirs_but_does_not_change_their_rules(folder: Folder) -> None:
    own = (
        "fever_threshold: {title: {zh: 发热, en: Fever}, unit: degC, last_verified: 2026-11-21,"
        " values: {2020-02-05: {value: 37.0, reference: 市}}}"
    )

    plan = city(folder, **{"parameters.yaml": own})

    thresholds = {rule.id: rule.when.where[0].value for rule in rules(plan) if rule.when.where}
    assert {name: str(value) for name, value in thresholds.items()} == {
        "little/fever-seen": "37.3",
        "city/fever-seen-sooner": "37.0",
    }


def test_only_an_explicit_replaces_switches_a_duty_off(folder: Folder) -> None:
    replacing = STRICTER.replace("      by:", "      replaces: little/fever-seen\n      by:")

    plan = city(folder, replacing)

    assert [rule.id for rule in rules(plan)] == ["little/twice-daily", "city/fever-seen-sooner"]


def test_a_duty_that_is_not_there_cannot_be_replaced(folder: Folder) -> None:
    replacing = STRICTER.replace("      by:", "      replaces: little/fever-sen\n      by:")

    assert complaints(folder, replacing) == [
        "clauses/1-all.yaml:9: replaces: No plan this one extends has the duty little/fever-sen. "
        "Did you mean little/fever-seen?"
    ]


def test_a_plan_cannot_replace_its_own_duty(folder: Folder) -> None:
    replacing = STRICTER.replace("      by:", "      replaces: city/fever-seen-sooner\n      by:")

    [said] = complaints(folder, replacing)

    assert "No plan this one extends has the duty city/fever-seen-sooner." in said


def test_a_plan_that_is_not_there_cannot_be_extended(folder: Folder) -> None:
    said = complaints(folder, header=CITY.replace("[little]", "[litle, little]"))

    assert said == ["plan.yaml:6: extends: The plan litle it extends is not there. Did you mean little?"]


def test_plans_may_not_extend_each_other_in_a_ring(folder: Folder) -> None:
    header = 'plan: {0}\ntitle: {{zh: 甲, en: A}}\nsource: 试\nissued: 2020-02-01\narea: "45"\nextends: [{1}]\n'
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        path = folder({"plan.yaml": header.format(name, base), "clauses/1-all.yaml": None}, name=name)

    with pytest.raises(BulouError) as refused:
        load(path)

    assert [problem.to("en") for problem in refused.value.problems] == [
        "b/plan.yaml:6: extends: The plans extend each other in a ring: c → a → b → c."
    ]


def test_a_plan_may_not_extend_itself(folder: Folder) -> None:
    [said] = complaints(folder, header=CITY.replace("[little]", "[little, city]"))

    assert said == "plan.yaml:6: extends: The plans extend each other in a ring: city → city."


def test_the_problems_of_an_extended_plan_are_said_with_its_folder(folder: Folder) -> None:
    folder({"clauses/1-all.yaml": "- {clause: L-1}"}, name="little")
    path = folder({"plan.yaml": CITY, "clauses/1-all.yaml": STRICTER}, name="city")

    with pytest.raises(BulouError) as refused:
        load(path, kinds=KINDS, roles=ROLES)

    assert {problem.where for problem in refused.value.problems} == {"little/clauses/1-all.yaml:1"}


def test_a_folder_holds_the_plan_of_its_name(folder: Folder) -> None:
    folder(name="smaller")
    path = folder({"plan.yaml": CITY.replace("little", "smaller"), "clauses/1-all.yaml": STRICTER}, name="city")

    with pytest.raises(BulouError, match=r"The folder smaller holds the plan little\. The two must agree\."):
        load(path, kinds=KINDS, roles=ROLES)


def test_a_plan_reached_twice_counts_once(folder: Folder) -> None:
    town = CITY.replace("plan: city", "plan: town").replace("[little]", "[city, little]")
    city(folder)
    path = folder({"plan.yaml": town, "parameters.yaml": None, "clauses/1-all.yaml": None}, name="town")

    plan = load(path, kinds=KINDS, roles=ROLES)

    assert [member.id for member in plan.family] == ["little", "city", "town"]
    assert len(rules(plan)) == 3


def test_plans_are_looked_for_under_the_given_root(folder: Folder, tmp_path: Path) -> None:
    folder()
    folder({"plan.yaml": CITY, "parameters.yaml": None, "clauses/1-all.yaml": None}, name="elsewhere/city")

    plan = load(tmp_path / "elsewhere/city", root=tmp_path)

    assert [member.id for member in plan.family] == ["little", "city"]
