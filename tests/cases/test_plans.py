"""Every official plan in the house: it checks, it claims its whole document, and its cases hold."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulou.config import rooms
from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.plan.cases import Case, read_cases
from bulou.plan.check import check
from bulou.plan.coverage import coverage
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.rehearsal import run_case

ROOT = Path(__file__).parents[2] / "plans"
SOURCE = Path(__file__).parents[2] / "src/bulou"
ROOMS = {room.removeprefix("bulou.") for room in rooms.ROOMS}
FOLDERS = sorted(path.parent for path in ROOT.glob("*/plan.yaml"))
OURS = "本系统设定"
STATES = {"open", "met", "late", "missed", "void", "waived"}


@cache
def plan(folder: Path) -> Plan:
    return load(folder, kinds=fact_kinds(), roles=ROLES)


@cache
def cases(folder: Path) -> list[Case]:
    return read_cases(plan(folder), kinds=fact_kinds())


def every_case() -> list[Any]:
    return [pytest.param(folder, case, id=case.place) for folder in FOLDERS for case in cases(folder)]


def by_plan(test: Callable[..., None]) -> Any:
    return pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)(test)


@by_plan
def test_a_plan_checks_without_problem_or_doubt(folder: Path) -> None:
    report = check(folder, kinds=fact_kinds(), roles=ROLES)

    assert [p.to("en") for p in (*report.problems, *report.warnings)] == []


@by_plan
def test_a_plan_claims_every_clause_of_its_catalogue(folder: Path) -> None:
    claimed = coverage(plan(folder))

    assert claimed.complete


@by_plan
def test_a_screen_that_is_not_there_is_owed_by_a_room_that_has_none_such_yet(folder: Path) -> None:
    for owed in coverage(plan(folder)).owed:
        assert owed.room in ROOMS, owed
        assert "## Later" in (SOURCE / owed.room.replace(".", "/") / "README.md").read_text("utf-8")


@by_plan
def test_at_most_a_tenth_of_the_clauses_only_display_a_principle(folder: Path) -> None:
    bare = [clause for clause in plan(folder).clauses if clause.principle]

    assert len(bare) <= len(plan(folder).clauses) / 10


@pytest.mark.parametrize(("folder", "case"), every_case())
def test_a_case_comes_out_as_written(folder: Path, case: Case) -> None:
    outcome = run_case(plan(folder), case)

    assert [difference.zh for difference in outcome.differences] == []


@by_plan
def test_every_duty_has_a_case_met_a_case_missed_and_an_edge(folder: Path) -> None:
    states: dict[str | None, set[str]] = defaultdict(set)
    edges: dict[str | None, int] = defaultdict(int)
    for case in cases(folder):
        states[case.duty] |= {expected.state for expected in case.expect}
        edges[case.duty] += 1

    for _, duty in plan(folder).duties:
        assert {"met", "missed"} <= states[duty.duty], duty.duty
        assert edges[duty.duty] >= 3, duty.duty


@by_plan
def test_the_cases_show_every_state(folder: Path) -> None:
    assert {expected.state for case in cases(folder) for expected in case.expect} == STATES


@pytest.mark.parametrize(("folder", "case"), every_case())
def test_the_facts_of_a_case_are_facts_the_product_would_take(folder: Path, case: Case) -> None:
    for fact in case.facts:
        data = fact_kinds()[fact.kind]

        assert fact.subject.partition(":")[0] in data.on
        data.model_validate(fact.data if fact.kind != "fact.withdrawn" else {"reason": "x", **fact.data})


@by_plan
def test_a_number_says_where_it_comes_from_and_why_where_the_document_is_silent(folder: Path) -> None:
    for name, parameter in plan(folder).parameters.items():
        silent = any(OURS in value.reference for value in parameter.values.values())

        assert not silent or parameter.reason, name
        assert parameter.title.zh and parameter.title.en and parameter.last_verified


@by_plan
def test_no_rule_hides_a_number_of_its_own(folder: Path) -> None:
    for _, duty in plan(folder).duties:
        written: list[Any] = [duty.within, duty.late, *(tell.after for tell in duty.tell)]
        written += [duty.until.after] if duty.until else []
        written += [duty.every.day, duty.every.period] if duty.every else []

        assert all(isinstance(value, str) and value.startswith("$") for value in written if value), duty.duty


def test_guangxi_keeps_the_five_chapters_apart() -> None:
    chapters = {"0": None, "1": "screening", "2": "isolation", "3": "monitoring", "4": "treatment", "5": "control"}

    for clause in plan(ROOT / "guangxi-2020-9").clauses:
        assert clause.no_miss == chapters[clause.clause[3]], clause.clause


def test_guangxi_cites_the_article_each_clause_stands_in() -> None:
    articles = ("首段", "一", "二", "三", "四", "五")

    for clause in plan(ROOT / "guangxi-2020-9").clauses:
        document, article = clause.cites.split(" ")
        assert document == "桂新冠防指〔2020〕9号"
        assert article.startswith(articles[int(clause.clause[3])])


def test_guangxi_makes_a_duty_of_most_of_its_clauses() -> None:
    guangxi = plan(ROOT / "guangxi-2020-9")

    assert coverage(guangxi).forms["duties"] >= 50
    assert len(guangxi.duties) >= 25
