"""Cases: what a clerk expects, and how a difference is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bulou.kernel.errors import BulouError
from bulou.plan.cases import read_cases, untested
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.rehearsal import run_case
from unit.plan.conftest import KINDS, ROLES

CASE = """
- name: {zh: 发热未就诊, en: Fever not seen}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts:
    - {id: r1, kind: temperature.read, at: 2020-02-03 08:00, data: {celsius: 38.1}}
    - {kind: temperature.read, at: 2020-02-03T08:30:00+08:00, data: {celsius: 37.2}}
  expect:
    - {duty: fever-seen, opens_at: 2020-02-03 08:00, due_at: 2020-02-03 10:00, state: missed, discharged_by: null}
"""


@pytest.fixture
def plan_with(folder: Callable[..., Path]) -> Callable[[str], Plan]:
    def make(cases: str) -> Plan:
        return load(folder({"cases/1-fever.yaml": cases}), kinds=KINDS, roles=ROLES)

    return make


@pytest.fixture
def differences(plan_with: Callable[[str], Plan]) -> Callable[..., list[str]]:
    """What is said of the case after a piece of it is replaced."""

    def find(old: str, new: str, language: str = "en") -> list[str]:
        assert old in CASE
        plan = plan_with(CASE.replace(old, new))
        [case] = read_cases(plan, kinds=KINDS)
        return [text.to(language) for text in run_case(plan, case).differences]

    return find


@pytest.fixture
def complaint(plan_with: Callable[[str], Plan]) -> Callable[[str, str], str]:
    def find(old: str, new: str) -> str:
        with pytest.raises(BulouError) as refused:
            read_cases(plan_with(CASE.replace(old, new)), kinds=KINDS)
        return "\n".join(problem.to("en") for problem in refused.value.problems)

    return find


def test_a_case_that_comes_out_as_expected_passes(plan_with: Callable[[str], Plan]) -> None:
    plan = plan_with(CASE)

    [case] = read_cases(plan, kinds=KINDS)

    assert run_case(plan, case).passed
    assert (case.name.en, case.place) == ("Fever not seen", "cases/1-fever.yaml:1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("state: missed", "state: open", "little/fever-seen 2020-02-03 08:00 state: expected open, found missed."),
        ("due_at: 2020-02-03 10:00", "due_at: 2020-02-03 09:00",
         "little/fever-seen 2020-02-03 08:00 due: expected 2020-02-03 09:00, found 2020-02-03 10:00."),
        ("discharged_by: null", "discharged_by: r9",
         "little/fever-seen 2020-02-03 08:00 discharged by: expected r9, found –."),
        ("celsius: 38.1", "celsius: 37.1",
         "fever-seen opening at 2020-02-03 08:00, missed, is expected; there is none."),
        ("celsius: 37.2", "celsius: 37.3",
         "little/fever-seen of person:a is not expected: "
         "opens 2020-02-03 08:30, due 2020-02-03 10:30, open, opened by f2."),
        ("{duty: fever-seen,", "{duty: fever-seen, subject: person:b,",
         "fever-seen opening at 2020-02-03 08:00, missed, is expected; there is none."),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_words(differences: Callable[..., list[str]], old: str, new: str, said: str) -> None:
    assert differences(old, new)[0] == said


def test_a_difference_is_told_in_chinese_too(differences: Callable[..., list[str]]) -> None:
    assert differences("state: missed", "state: open", "zh") == [
        "little/fever-seen 2020-02-03 08:00 状态：应为 open，实为 missed。"
    ]


@pytest.mark.parametrize("left_out", [", due_at: 2020-02-03 10:00", ", discharged_by: null"])
def test_what_is_left_out_is_not_compared(differences: Callable[..., list[str]], left_out: str) -> None:
    assert differences(left_out, "") == []


def test_discharged_by_null_means_that_nothing_did_it(differences: Callable[..., list[str]]) -> None:
    met = "    - {kind: medic.assessed, at: 2020-02-03 09:00}\n  expect:"

    said = differences("  expect:", met)

    assert said == [
        "little/fever-seen 2020-02-03 08:00 state: expected missed, found met.",
        "little/fever-seen 2020-02-03 08:00 discharged by: expected –, found f3.",
    ]


def test_a_case_of_one_duty_says_nothing_of_others(differences: Callable[..., list[str]]) -> None:
    started = "    - {kind: isolation.started, at: 2020-02-03 05:00, data: {kind: home}}\n  expect:"

    assert differences("  expect:", started) == []


def test_a_case_of_the_whole_plan_names_what_is_not_expected(plan_with: Callable[[str], Plan]) -> None:
    started = "    - {kind: isolation.started, at: 2020-02-03 05:00, data: {kind: home}}\n  expect:"
    plan = plan_with(CASE.replace("  expect:", started).replace("  duty: fever-seen\n", ""))

    [said] = run_case(plan, read_cases(plan, kinds=KINDS)[0]).differences

    assert said.en.startswith("little/twice-daily of person:a is not expected: opens 2020-02-03 06:00")


def test_two_equal_duties_are_expected_twice(plan_with: Callable[[str], Plan]) -> None:
    twice = CASE.replace("celsius: 37.2", "celsius: 38.1").replace("2020-02-03T08:30:00+08:00", "2020-02-03 08:00")

    plan = plan_with(twice)

    assert len(run_case(plan, read_cases(plan)[0]).differences) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: temperature.read, at: 2020-02-03 08:00", "kind: temperature.red, at: 2020-02-03 08:00",
         "5: kind: There is no fact kind temperature.red. Did you mean temperature.read?"),
        ("celsius: 38.1", "celcius: 38.1", "5: data: temperature.read has no field celcius. Did you mean celsius?"),
        ("celsius: 38.1", "celsius: hot", "5: data: celsius is a number, not 'hot'."),
        ("{id: r1,", "{id: r1, subject: place:x,", "5: subject: temperature.read is about person, not place:x."),
        ("at: 2020-02-03 08:00, data", "at: morning, data",
         "5: at: A date and time such as 2020-02-01 08:00 is expected here."),
        ("state: missed", "state: forgotten", "8: state: There is no such choice. "
         "Known: open, met, late, missed, void, waived."),
        ("duty: fever-seen\n", "duty: fever-sen\n",
         "1: duty: The plan has no duty fever-sen. Did you mean fever-seen?"),
        ("{duty: fever-seen,", "{duty: other/x,", "1: duty: The plan has no duty other/x."),
        ("  now: 2020-02-03 10:30\n", "", "1: now: This key is missing."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_case_is_said(complaint: Callable[[str, str], str], old: str, new: str, said: str) -> None:
    assert complaint(old, new) == f"cases/1-fever.yaml:{said}"


def test_cases_are_a_list(complaint: Callable[[str, str], str]) -> None:
    assert complaint(CASE, "name: x") == "cases/1-fever.yaml:1: A list of cases is expected."


def test_a_case_may_withdraw_and_waive(differences: Callable[..., list[str]]) -> None:
    said = differences(
        "  expect:",
        "    - {kind: duty.waived, by: u1, at: 2020-02-03 09:00, data: {duty: little/fever-seen, reason: moved, "
        'approved_by: u2, opens_at: "2020-02-03T08:00:00+08:00"}}\n'
        "    - {kind: fact.withdrawn, at: 2020-02-03 09:30, supersedes: f2}\n  expect:",
    )

    assert said == ["little/fever-seen 2020-02-03 08:00 state: expected missed, found waived."]


def test_duties_without_a_case_are_known(plan_with: Callable[[str], Plan]) -> None:
    plan = plan_with(CASE)

    assert untested(plan, read_cases(plan)) == ["twice-daily"]
    assert untested(plan, []) == ["twice-daily", "fever-seen"]


def test_a_plan_without_cases_has_none(loaded: Callable[..., Plan]) -> None:
    assert read_cases(loaded()) == []


def test_two_facts_of_one_id_are_said_by_line(complaint: Callable[[str, str], str]) -> None:
    said = complaint("id: r1", "id: f2")

    assert said == (
        "cases/1-fever.yaml:6: id: Another fact has the id f2. Take another; a fact without one is f and its place."
    )


def test_the_same_fact_may_come_twice(plan_with: Callable[[str], Plan]) -> None:
    fact = "    - {id: r1, kind: temperature.read, at: 2020-02-03 08:00, data: {celsius: 38.1}}\n"
    plan = plan_with(CASE.replace(fact, fact * 2))

    [case] = read_cases(plan, kinds=KINDS)

    assert not run_case(plan, case).differences


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
@pytest.mark.parametrize("key", ["now: 2020", "at: 2020", "opens_at: 2020", "due_at: 2020"])
def test_a_time_nobody_lives_in_is_said(complaint: Callable[[str, str], str], key: str, year: str) -> None:
    said = complaint(key, key.replace("2020", year))

    assert f"{key.partition(':')[0]}: {year}-02-03 " in said
    assert "lies outside 1900 to 2199." in said
