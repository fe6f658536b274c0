"""What is doubtful about a plan, each doubt planted in the little plan alone."""

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from bulou.kernel.errors import Problem
from bulou.kernel.facts import FactData, FactKinds, fact
from bulou.plan.doubts import doubts
from bulou.plan.load import load
from unit.plan.conftest import KINDS, PLAN, ROLES


@fact("place.cleaned", on="place", zh="打扫", en="Cleaned")
class Cleaned(FactData):
    pass


@fact("wards.listed", on="person place", zh="病区", en="Wards listed")
class Wards(FactData):
    wards: list[str]
    beds: int | None = None


MORE = FactKinds([*KINDS.values(), Cleaned, Wards])
Found = Callable[..., list[Problem]]


@pytest.fixture
def found(folder: Callable[..., Path]) -> Found:
    """The doubts about a plan of these duties (in the keys of a duty) and guards (act and requirements)."""

    def make(*duties: str, guards: tuple[tuple[str, str], ...] = (), kinds: FactKinds | None = MORE) -> list[Problem]:
        parts = [
            f"- clause: D-{n}\n  cites: 试\n  title: {{zh: 甲, en: A}}\n  duties:\n"
            f"    - {{duty: d{n}, by: cdc, {duty}}}\n"
            for n, duty in enumerate(duties)
        ]
        parts += [
            f"- clause: G-{n}\n  cites: 试\n  title: {{zh: 甲, en: A}}\n  guard:\n    act: {act}\n    requires:\n"
            + indent(f"- {{{needs}, text: {{zh: 甲, en: A}}}}\n", " " * 6)
            for n, (act, needs) in enumerate(guards)
        ]
        path = folder({"clauses/1-all.yaml": "\n".join(parts), "parameters.yaml": None, "plan.yaml": PLAN})
        return list(doubts(load(path, kinds=kinds, roles=ROLES), kinds))

    return make


def said(problems: list[Problem]) -> list[str]:
    return [problem.to("en") for problem in problems]


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_duty_about_one_thing_done_by_a_fact_about_another_is_nobodys(found: Found) -> None:
    assert said(found("when: isolation.started, within: PT1H, must: place.cleaned")) == [
        "clauses/1-all.yaml:5: d0 cannot be done: isolation.started is about person, place.cleaned about place. "
        "when and must have to be about the same subject."
    ]


def test_an_until_about_something_else_ends_nothing(found: Found) -> None:
    duty = "when: isolation.started, until: place.cleaned, within: PT1H, must: temperature.read"

    assert codes(found(duty)) == ["never_ended"]


def test_a_fact_no_form_can_record_is_told_with_the_field(found: Found) -> None:
    [doubt] = found("when: isolation.started, within: PT1H, must: wards.listed")

    assert doubt.code == "no_form"
    assert "no list can ask for wards" in doubt.text.en


def test_a_list_the_duty_itself_fills_is_no_trouble(found: Found) -> None:
    assert found("when: isolation.started, within: PT1H, must: {fact: wards.listed, where: {wards: [a]}}") == []


@pytest.mark.parametrize("where", ["celsius: {gte: 38, lt: 37}", "celsius: {gt: 37, lt: 37}", "fine: high"])
def test_conditions_no_value_satisfies_are_told(found: Found, where: str) -> None:
    duty = f"when: {{fact: temperature.read, where: {{{where}}}}}, within: PT1H, must: medic.assessed"

    assert codes(found(duty)) == ["never_matches"]


def test_each_condition_is_told_once_though_two_triggers_share_it(found: Found) -> None:
    never = "{fact: temperature.read, where: {celsius: {gte: 38, lt: 37}}}"

    assert codes(found(f"when: isolation.started, until: {never}, within: PT1H, must: {never}")) == ["never_matches"]


def test_duties_that_open_each_other_for_ever_are_a_loop(found: Found) -> None:
    doubts = found(
        "when: medic.assessed, within: PT1H, must: symptoms.reported",
        "when: symptoms.reported, within: PT1H, must: medic.assessed",
    )

    assert codes(doubts) == ["loop", "no_form"] or codes(doubts) == ["no_form", "loop"]
    assert "d0 → d1 → d0" in next(doubt for doubt in doubts if doubt.code == "loop").text.en


@pytest.mark.parametrize("breaks", [
    "when: temperature.read, until: isolation.ended, within: PT1H, must: medic.assessed",
    "when: {fact: temperature.read, where: {celsius: {gte: 38}}}, within: PT1H, must: medic.assessed",
])  # fmt: skip
def test_an_until_or_a_condition_breaks_a_loop(found: Found, breaks: str) -> None:
    assert codes(found("when: medic.assessed, within: PT1H, must: temperature.read", breaks)) == []


def test_a_narrower_must_still_closes_a_loop(found: Found) -> None:
    doubts = found(
        "when: {fact: medic.assessed, where: {finding: [well, refer]}}, within: PT1H, must: temperature.read",
        "when: temperature.read, within: PT1H, must: {fact: medic.assessed, where: {finding: well}}",
    )

    assert codes(doubts) == ["loop"]


def test_an_act_that_waits_for_itself_is_told(found: Found) -> None:
    assert codes(found(guards=(("isolation.ended", "fact: isolation.ended"),))) == ["guard_waits_for_itself"]


def test_two_acts_that_wait_for_each_other_are_told_of_both(found: Found) -> None:
    guards = (("isolation.ended", "fact: medic.assessed"), ("medic.assessed", "fact: isolation.ended"))

    assert codes(found(guards=guards)) == ["guard_waits_for_itself", "guard_waits_for_itself"]


def test_guards_of_one_act_that_exclude_each_other_are_told(found: Found) -> None:
    guards = (
        ("isolation.ended", "fact: temperature.read, where: {celsius: {lt: 37}}"),
        ("isolation.ended", "fact: temperature.read, where: {celsius: {gte: 37}}"),
    )

    assert "G-0, G-1: isolation.ended asks for temperature.read in ways that exclude each other" in found(
        guards=guards
    )[0].to("en")


def test_guards_that_name_two_things_ask_for_two_facts(found: Found) -> None:
    guards = (
        ("isolation.ended", "fact: temperature.read, where: {method: ear, celsius: {lt: 37}}"),
        ("isolation.ended", "fact: temperature.read, where: {method: arm, celsius: {gte: 37}}"),
    )

    assert found(guards=guards) == []


def test_a_guard_nothing_can_satisfy_is_told(found: Found) -> None:
    guards = (("isolation.ended", "fact: temperature.read, where: {celsius: {gt: 38, lt: 37}}"),)

    assert codes(found(guards=guards)) == ["never_matches"]


@pytest.mark.parametrize(("show", "doubt"), [
    ("screen: directives", ["nobody_owes_screen"]),
    ("screen: directives, room: oversight.command", []),
    ("screen: board", []),
    ("screen: board, room: oversight.command", ["screen_is_there"]),
])  # fmt: skip
def test_a_screen_is_there_or_owed(folder: Callable[..., Path], show: str, doubt: list[str]) -> None:
    clause = f"- {{clause: S-1, cites: 试, title: {{zh: 甲, en: A}}, shows: [{{{show}}}]}}"
    path = folder({"clauses/1-all.yaml": clause, "parameters.yaml": None})

    assert codes(list(doubts(load(path), None))) == doubt


def test_without_fact_kinds_only_what_needs_none_is_said(found: Found) -> None:
    duty = "when: isolation.started, within: PT1H, must: place.cleaned"

    assert found(duty, kinds=None) == []
