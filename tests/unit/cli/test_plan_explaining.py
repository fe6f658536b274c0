"""`bulou plan explain`: a clause in full; a fact kind or a role over all plans."""

from pathlib import Path

import pytest

from bulou.cli.plan_printing import titles
from bulou.plan.explain import explain
from five_plans import every_plan, every_rule
from unit.cli.conftest import Run
from unit.plan.conftest import CLAUSES, PLAN

MORE = """
- clause: L-3
  cites: 试〔2020〕1号 四
  title: {zh: 解除前体温正常, en: Nobody leaves with a fever}
  no_miss: isolation
  checklist:
    checklist: ward
    title: {zh: 病房, en: Ward}
    for: [hospital, ward]
    every: P1D
    items: [{item: air, zh: 通风, en: Aired}, {item: floor, zh: 地面, en: Floor}]
  guard:
    act: isolation.ended
    requires: [{fact: temperature.read, where: {celsius: {lt: $fever_threshold}}, text: {zh: 体温正常, en: No fever}}]
  criterion: {of: {zh: 级别, en: The level}, measure: cases}
  target: {of: {zh: 床位, en: Beds}, quantity: {zh: 床, en: beds}, value: 20, unit: bed, by: 2020-12-31}
  groups:
    - {group: medics, title: {zh: 医疗组, en: Medics}, lead: cdc, deputies: [town_command],
       members: [township_clinic], functions: [{zh: 救治, en: Treats}]}
  register: {of: person, category: [arrival], fields: [name, phone], title: {zh: 来人, en: Arrivals}}
  shows: [{screen: board}, {screen: stocks, room: operations.resources}]
"""


@pytest.fixture
def more(shelf: Path) -> None:
    """The little plan with a clause in every form, and another plan that asks for the same."""
    (shelf / "little/clauses/2-more.yaml").write_text(MORE, encoding="utf-8")
    other = shelf / "other"
    (other / "clauses").mkdir(parents=True)
    (other / "plan.yaml").write_text(PLAN.replace("plan: little", "plan: other"), encoding="utf-8")
    clauses = CLAUSES.replace("L-", "O-").replace("PT2H\n", "PT1H\n").replace("$fever_threshold", "38")
    (other / "clauses/1.yaml").write_text(clauses, encoding="utf-8")


def test_a_clause_is_told_with_its_duty_cases_numbers_and_roles(more: None, plan: Run) -> None:
    assert plan("explain", "L-2").output.splitlines() == [
        "L-2  Fever is seen  [duties]",
        "  Little plan  试〔2020〕1号 三  little/clauses/1-all.yaml:13",
        "  little/fever-seen  Fever is seen",
        "    When: Temperature read (celsius ≥ 37.3 [2020-01-01…])",
        "    Due: within 2 hours",
        "    Must: Medic assessed",
        "    By: Township clinic or community health centre",
        "    Cases: 1 (missed 1)",
        "      cases/1.yaml:1  Fever not seen",
        "    The same fact is asked for by",
        "      other/fever-seen (O-2)  Fever is seen  within 1 hour",
        "  parameters",
        "    $fever_threshold  Fever threshold",
        "      2020-01-01  37.3 degC  试〔2020〕1号 一",
        "      last verified 2026-11-21",
        "  roles",
        "    township_clinic  Township clinic or community health centre",
    ]


def test_every_other_form_is_told_in_words(more: None, plan: Run) -> None:
    said = plan("explain", "L-3").output

    assert "  no miss: isolation" in said
    assert "  checklist: Ward (hospital, ward; every 1 day)\n    · Aired\n    · Floor\n" in said
    assert "  guard: Before “Isolation ended” there must be\n    · No fever [Temperature read (celsius < 37.3" in said
    assert "  criterion: The level\n" in said
    assert "  target: Beds\n    · beds 20 bed by 2020-12-31\n" in said
    assert "  groups: Medics\n    · lead: " in said
    assert "    · Treats\n" in said
    assert "  register: Arrivals: arrival\n    · with name, phone\n" in said
    assert "  shows: screen board\n  shows: screen stocks, owed by operations.resources\n" in said


def test_it_speaks_chinese(more: None, plan: Run) -> None:
    said = plan("explain", "L-3", lang="zh").output

    assert "  不漏：isolation" in said
    assert "  checklist: 病房（hospital, ward；1 天一次）" in said
    assert "    · 床 20 bed，2020-12-31 前" in said


def test_a_duty_leads_to_its_clause(more: None, plan: Run) -> None:
    assert plan("explain", "little/twice-daily").output.startswith("L-1  Temperature morning and evening")


def test_a_fact_kind_is_told_by_what_it_opens_ends_and_does(more: None, plan: Run) -> None:
    lines = plan("explain", "temperature.read").output.splitlines()

    assert lines[0].endswith(": 4 duties")
    assert [line.strip() for line in lines if line[2] != " "] == [lines[0].strip(), "opens", "does"]
    assert "    little/twice-daily (L-1)  Temperature morning and evening  every day 06:00–12:00, 16:00–22:00" in lines


def test_a_role_is_told_by_what_it_owes_and_is_told_of(more: None, plan: Run) -> None:
    assert "  owes\n    little/fever-seen" in plan("explain", "township_clinic").output
    assert "  is told of\n    little/twice-daily" in plan("explain", "town_command").output


def test_a_word_nobody_knows_is_said_with_the_nearest(more: None, plan: Run) -> None:
    result = plan("explain", "temperature.red")

    assert result.exit_code == 1
    assert result.output == (
        "No clause, duty, fact kind or role is called temperature.red. Did you mean temperature.read?\n"
    )


def test_every_clause_of_every_official_plan_can_be_explained() -> None:
    for found in every_plan():
        for clause in found.clauses:
            told = explain(found, clause, [], every_rule(), titles())
            assert {form for form in clause.forms if form != "duties"} == {form.form for form in told.forms}
            assert len(told.duties) == len(clause.duties)
