"""The Shenyang plan: its articles, its clocks, its fourteen categories, and checklists that hang together."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.plan.forms import Checklist, Requirement
from bulou.plan.load import load
from bulou.plan.models import Clause, Duty, Plan

FOLDER = Path(__file__).parents[2] / "plans" / "shenyang-normalised"
MAY = date(2020, 5, 12)
SECTIONS = {1: "一", 7: "二", 12: "三", 15: "四", 20: "五"}
"""Each section of part two by the task it begins with."""


@cache
def shenyang() -> Plan:
    return load(FOLDER, kinds=fact_kinds(), roles=ROLES)


def duty(name: str) -> Duty:
    return next(duty for _, duty in shenyang().duties if duty.duty == name)


def checklists() -> dict[str, Checklist]:
    return {clause.checklist.checklist: clause.checklist for clause in shenyang().clauses if clause.checklist}


def items(name: str) -> set[str]:
    return {item.item for item in checklists()[name].items}


def requirements() -> Iterator[tuple[Clause, Requirement]]:
    for clause in shenyang().clauses:
        for form in (clause.criterion, clause.guard):
            yield from ((clause, need) for need in (form.requires if form else []))


def article(clause: str) -> str:
    part, number = clause.removeprefix("SY-").split(".")[:2]
    if part in ("P", "G"):
        return f"{'一' if part == 'P' else '三'}({'一二三四'[int(number) - 1]})"
    section = SECTIONS[max(first for first in SECTIONS if first <= int(part))]
    return f"二({section}){part}"


def test_shenyang_cites_the_article_each_clause_stands_in() -> None:
    for clause in shenyang().clauses:
        assert clause.cites == f"沈阳市常态化疫情防控方案 {article(clause.clause)}", clause.clause


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("suspected-case-reported", "PT2H"),
        ("confirmed-case-reported", "PT2H"),
        ("asymptomatic-infection-reported", "PT2H"),
        ("result-returned", "PT12H"),
        ("at-risk-result-returned", "PT6H"),
        ("first-investigation-completed", "PT8H"),
    ],
)
def test_the_clocks_of_the_document_are_its_own(name: str, clock: str) -> None:
    parameter = shenyang().parameters[str(duty(name).within).removeprefix("$")]

    assert parameter.at(MAY) == clock
    assert parameter.reason is None


def test_each_of_the_fourteen_categories_is_on_a_register_and_owed_a_test() -> None:
    listed = {f"SY-5.{letter}" for letter in "bcdefghijklmno"}

    tested = {
        clause.clause
        for clause in shenyang().clauses
        if clause.register and [duty.must.fact for duty in clause.duties] == ["specimen.collected"]
    }

    assert len(listed) == 14
    assert listed <= tested


def test_the_four_targets_of_testing_have_their_day() -> None:
    days = {clause.clause: clause.target.by for clause in shenyang().clauses if clause.target and clause.target.by}

    assert days == {
        "SY-4.d": date(2020, 5, 31),
        "SY-4.e": date(2020, 5, 31),
        "SY-4.f": date(2020, 6, 30),
        "SY-4.g": date(2020, 6, 30),
    }


def test_whatever_item_of_a_checklist_fails_must_be_put_right() -> None:
    for _, found in shenyang().duties:
        if found.duty.endswith("-failures-put-right"):
            assert set(found.when.where["failed"]) == items(found.when.where["checklist"]), found.duty


def test_a_clause_that_rests_on_a_checklist_names_an_item_it_has() -> None:
    for clause, need in requirements():
        failed: Any = need.where.get("failed")
        if failed:
            assert failed["ne"] in items(need.where["checklist"]), clause.clause


def test_every_checklist_of_an_institution_is_asked_for_by_a_duty() -> None:
    asked = {found.must.where.get("checklist") for _, found in shenyang().duties}

    assert {name for name, found in checklists().items() if found.places != ["household"]} <= asked


def test_what_an_institution_owes_for_itself_is_owed_in_the_role_it_took_on() -> None:
    for _, found in shenyang().duties:
        if found.when.fact == "unit.designated" and ROLES[found.by].tier == "place":
            assert found.by == found.when.where["role"], found.duty


def test_shenyang_makes_a_duty_of_most_of_its_clauses() -> None:
    with_duties = [clause for clause in shenyang().clauses if clause.duties]
    principles = [clause.clause for clause in shenyang().clauses if clause.principle]

    assert len(with_duties) >= 180
    assert len(principles) <= 9
