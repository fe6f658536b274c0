"""What a plan is once it is read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bulou.plan.models import Clause, Plan
from bulou.plan.tree import read_tree

FORMS = """
- clause: F-1
  cites: 试
  title: {zh: 一, en: One}
  no_miss: none
  checklist:
    checklist: school-day
    title: {zh: 晨检, en: Morning check}
    for: [school, care_home]
    every: P1D
    items: [{item: masks, zh: 口罩, en: Masks}]
- clause: F-2
  cites: 试
  title: {zh: 二, en: Two}
  guard:
    act: isolation.ended
    requires:
      - {fact: medic.assessed, where: {finding: well}, last: P1D, text: {zh: 医务人员查看, en: Seen by a medic}}
    override: two_people
- clause: F-3
  cites: 试
  title: {zh: 三, en: Three}
  criterion: {of: {zh: 终止响应, en: End of response}, measure: episode.confirmed}
  target: {of: {zh: 甲, en: A}, quantity: {zh: 床位, en: Beds}, value: $beds, by: 2020-02-08, unit: beds}
- clause: F-4
  cites: 试
  title: {zh: 四, en: Four}
  groups:
    - group: tracing
      title: {zh: 流调组, en: Tracing}
      lead: cdc
      members: [township_clinic]
      functions: [{zh: 查, en: Trace}]
  register: {of: person, category: [close_contact, arrival], fields: [name, phone], title: {zh: 台账, en: Ledger}}
- clause: F-5
  cites: 试
  title: {zh: 五, en: Five}
  shows: [{screen: board}, {screen: rooms, room: operations.resources}]
  principle: {why: {zh: 只作宣示, en: Only declares}}
"""
BEDS = """
beds:
  title: {zh: 床位, en: Beds}
  unit: beds
  values: {2020-01-01: {value: 30, reference: 试 一}, 2020-02-10: {value: 60, reference: 试 二}}
  last_verified: 2026-11-21
  reason: {zh: 估计, en: Estimate}
"""


@pytest.fixture
def forms(loaded: Callable[..., Plan]) -> dict[str, Clause]:
    plan = loaded({"clauses/2-forms.yaml": FORMS, "parameters.yaml": BEDS, "clauses/1-all.yaml": None})
    return {clause.clause: clause for clause in plan.clauses}


def test_the_header_says_who_issued_it_when_and_where_it_holds(loaded: Callable[..., Plan]) -> None:
    plan = loaded({"catalogue.txt": "L-1\nL-2\n"})

    assert (plan.id, plan.title.en, plan.source, plan.issued) == (
        "little",
        "Little plan",
        "试〔2020〕1号",
        date(2020, 2, 1),
    )
    assert (plan.area, plan.disease, plan.extends, plan.timezone) == ("45", None, [], "Asia/Shanghai")
    assert plan.catalogue == ("L-1", "L-2")
    assert plan.family == [plan]


def test_a_clause_and_a_duty_know_their_file_and_line(loaded: Callable[..., Plan]) -> None:
    plan = loaded()

    assert [clause.place for clause in plan.clauses] == ["clauses/1-all.yaml:1", "clauses/1-all.yaml:13"]
    assert [duty.place for _, duty in plan.duties] == ["clauses/1-all.yaml:6", "clauses/1-all.yaml:17"]


def test_clauses_come_in_the_chapters_of_the_document(loaded: Callable[..., Plan]) -> None:
    one = "- {{clause: {0}, cites: 试, title: {{zh: 甲, en: A}}, principle: {{why: {{zh: 甲, en: A}}}}}}"

    plan = loaded({f"clauses/{n}-x.yaml": one.format(f"X-{n}") for n in (10, 2, 3)})

    assert [clause.clause for clause in plan.clauses] == ["L-1", "L-2", "X-2", "X-3", "X-10"]


def test_numbers_are_exact(loaded: Callable[..., Plan]) -> None:
    assert loaded().parameters["fever_threshold"].at(date(2020, 2, 1)) == Decimal("37.3")


def test_every_form_of_a_clause_is_read(forms: dict[str, Clause]) -> None:
    assert [clause.forms for clause in forms.values()] == [
        ("checklist",), ("guard",), ("criterion", "target"), ("groups", "register"), ("shows", "principle"),
    ]  # fmt: skip


def test_a_checklist_says_what_is_gone_through_where_and_how_often(forms: dict[str, Clause]) -> None:
    checklist = forms["F-1"].checklist

    assert checklist is not None
    assert (checklist.checklist, checklist.places, checklist.every) == ("school-day", ["school", "care_home"], "P1D")
    assert [item.zh for item in checklist.items] == ["口罩"]


def test_a_guard_names_the_act_and_what_it_requires(forms: dict[str, Clause]) -> None:
    guard = forms["F-2"].guard

    assert guard is not None
    assert (guard.act, guard.override) == ("isolation.ended", "two_people")
    assert (guard.requires[0].fact, guard.requires[0].where, guard.requires[0].last) == (
        "medic.assessed", {"finding": "well"}, "P1D",
    )  # fmt: skip


def test_a_target_is_a_quantity_by_a_date(forms: dict[str, Clause]) -> None:
    target = forms["F-3"].target

    assert target is not None
    assert (target.value, target.unit, target.by) == ("$beds", "beds", date(2020, 2, 8))


def test_groups_and_registers_say_who_and_what(forms: dict[str, Clause]) -> None:
    clause = forms["F-4"]

    assert [(group.lead, group.members) for group in clause.groups] == [("cdc", ["township_clinic"])]
    assert clause.register is not None
    assert (clause.register.of, clause.register.category) == ("person", ["close_contact", "arrival"])


def test_no_miss_none_is_no_family(forms: dict[str, Clause]) -> None:
    assert forms["F-1"].no_miss is None


def test_a_plan_without_clauses_or_parameters_may_still_be_a_folder(loaded: Callable[..., Plan]) -> None:
    plan = loaded({"parameters.yaml": None, "clauses/1-all.yaml": None})

    assert (plan.clauses, plan.parameters) == ((), {})


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing yet\n", encoding="utf-8")

    tree = read_tree(tmp_path / "empty.yaml", "empty.yaml")

    assert (tree.data, tree.problems) == (None, [])


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    tree = read_tree(tmp_path / "absent.yaml", "absent.yaml")

    assert [problem.code for problem in tree.problems] == ["unreadable"]
