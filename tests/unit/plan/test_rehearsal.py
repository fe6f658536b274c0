"""Cases many at a time: what one engine run does for all of them is what each says alone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bulou.kernel.facts import Fact
from bulou.plan.cases import Case, compiled, read_cases
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.rehearsal import apart, rehearse, run_case, together
from bulou.plan.rules import Rule
from unit.plan.conftest import CLAUSES, KINDS, ROLES, Happened

CASES = """
- name: {zh: 甲, en: A}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts:
    - {id: r1, kind: temperature.read, at: 2020-02-03 08:00, data: {celsius: 38.1}}
  expect:
    - {duty: fever-seen, opens_at: 2020-02-03 08:00, state: missed, discharged_by: null}
- name: {zh: 乙, en: B}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts:
    - {id: r1, kind: temperature.read, at: 2020-02-03 09:00, data: {celsius: 38.1}}
    - {id: m1, kind: medic.assessed, at: 2020-02-03 09:30}
    - {id: m2, kind: fact.withdrawn, at: 2020-02-03 09:40, supersedes: m1, data: {reason: x}}
    - {id: m3, kind: medic.assessed, at: 2020-02-03 10:00}
  expect:
    - {duty: fever-seen, subject: "person:a", opens_at: 2020-02-03 09:00, state: met, discharged_by: m3}
- name: {zh: 丙, en: C}
  now: 2020-02-03 12:00
  facts:
    - {kind: isolation.started, at: 2020-02-03 05:00, data: {kind: home}}
  expect:
    - {duty: twice-daily, opens_at: 2020-02-03 06:00, state: open}
- name: {zh: 丁, en: D}
  duty: at-level
  now: 2020-02-03 10:30
  facts:
    - {kind: response.level_set, subject: "area:45", at: 2020-02-01 00:00, data: {level: II}}
    - {kind: isolation.started, at: 2020-02-03 10:00, data: {kind: home}}
  expect:
    - {duty: at-level, opens_at: 2020-02-03 10:00, state: open}
- name: {zh: 戊, en: E}
  duty: at-level
  now: 2020-02-03 10:30
  facts:
    - {kind: isolation.started, at: 2020-02-03 10:00, data: {kind: home}}
  expect: []
"""
LEVEL = """
- clause: L-3
  cites: 试〔2020〕1号 四
  title: {zh: 二级响应时, en: At level II}
  duties:
    - duty: at-level
      when: isolation.started
      level: {at_least: II}
      within: PT2H
      must: temperature.read
      by: village_committee
"""


@pytest.fixture
def plan(folder: Callable[..., Path]) -> Plan:
    return load(folder({"clauses/1-all.yaml": CLAUSES + LEVEL, "cases/1.yaml": CASES}), kinds=KINDS, roles=ROLES)


@pytest.fixture
def cases(plan: Plan) -> list[Case]:
    return read_cases(plan, kinds=KINDS)


def test_cases_together_come_out_as_each_does_alone(plan: Plan, cases: list[Case]) -> None:
    assert [outcome.passed for outcome in rehearse(plan, cases, ledger)] == [True] * 5
    assert all(run_case(plan, case).passed for case in cases)


def test_what_differs_is_told_in_the_words_of_the_case(plan: Plan, cases: list[Case]) -> None:
    wrong = [case.model_copy(update={"expect": []}) for case in cases]

    together_ = [outcome.differences for outcome in rehearse(plan, wrong, ledger)]

    assert together_ == [run_case(plan, case).differences for case in wrong]
    assert "of person:a is not expected: opens 2020-02-03 08:00" in together_[0][0].en


def test_there_is_one_run_for_each_instant_by_the_rules_asked_about(plan: Plan, cases: list[Case]) -> None:
    runs: list[tuple[str, list[str]]] = []

    def replay(rules: Sequence[Rule], facts: Iterable[Fact], now: datetime) -> list[DutyLine]:
        runs.append((now.isoformat(), [rule.id.removeprefix("little/") for rule in rules]))
        return ledger(rules, facts, now)

    rehearse(plan, cases, replay)

    assert runs == [
        ("2020-02-03T02:30:00+00:00", ["fever-seen", "at-level"]),
        ("2020-02-03T04:00:00+00:00", ["twice-daily", "fever-seen", "at-level"]),
    ]


def test_cases_do_not_share_ids_subjects_or_areas(happened: Happened) -> None:
    fact = happened("r1", "temperature.read", "2020-02-03T08:00", celsius=38.1)

    one, other = apart(1, fact), apart(12, fact)

    assert (one.id, one.subject, one.area) == ("000001r1", "person:000001a", "000001450102")
    assert not other.area.startswith(one.area)


def test_a_correction_stays_within_its_case(happened: Happened) -> None:
    fact = happened("m2", "fact.withdrawn", "2020-02-03T08:00", reason="x")

    assert apart(7, fact).supersedes is None
    assert apart(7, Fact("m2", "fact.withdrawn", "person:a", "", fact.at, supersedes="m1")).supersedes == "000007m1"


def test_the_level_of_an_area_is_set_within_its_case(happened: Happened) -> None:
    level = Fact("l", "response.level_set", "area:45", "45", happened("x", "a.b", "2020-02-03T08:00").at)

    assert apart(3, level).subject == "area:00000345"
    assert apart(3, level).area == "00000345"


def test_a_duty_comes_back_under_the_names_of_its_case(plan: Plan, happened: Happened) -> None:
    facts = [happened("r1", "temperature.read", "2020-02-03T08:00", celsius=38.1)]
    facts += [happened("m1", "medic.assessed", "2020-02-03T09:00")]
    now = datetime.fromisoformat("2020-02-03T10:00+08:00")

    [line] = ledger(compiled(plan), [apart(41, fact) for fact in facts], now)

    assert together(line) == (41, *ledger(compiled(plan), facts, now))
