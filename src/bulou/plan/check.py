"""Everything worth saying about a plan before it is used: what is wrong, what is doubtful, what it switches off."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.cases import Case, read_cases, untested
from bulou.plan.load import load
from bulou.plan.models import Clause, Duty, Plan
from bulou.plan.parameters import references


@dataclass(frozen=True)
class Report:
    """`problems` keep a plan from use; `warnings` do not; `replaced` names each duty that is switched off."""

    path: Path
    plan: Plan | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    replaced: tuple[Problem, ...] = ()


def check(
    path: Path,
    *,
    kinds: FactKinds | None = None,
    roles: Collection[str] | None = None,
    root: Path | None = None,
    disease: str | None = None,
) -> Report:
    """The report on a plan's folder, its cases included, under its own disease or another. Raises nothing about it."""
    try:
        plan = load(path, kinds=kinds, roles=roles, root=root, disease=disease)
    except BulouError as error:
        return Report(path, None, error.problems)
    try:
        cases = read_cases(plan, kinds=kinds)
    except BulouError as error:
        return Report(path, plan, error.problems, tuple(_doubts(plan)), tuple(_replacements(plan)))
    return Report(path, plan, (), (*_doubts(plan), *_without_cases(plan, cases)), tuple(_replacements(plan)))


def _doubts(plan: Plan) -> Iterator[Problem]:
    for _, duty in plan.duties:
        if duty.every and not duty.until:
            yield _doubt(
                "endless",
                duty,
                Text(zh=f"{duty.duty} 没有 until，永远重复。", en=f"{duty.duty} has no until and recurs for ever."),
                Text(zh="若非本意，请写 until。", en="Give it an until unless that is meant."),
            )
        if duty.within and duty.must.fact == duty.when.fact and duty.must.where in ({}, duty.when.where):
            yield _doubt(
                "done_by_its_opening",
                duty,
                Text(
                    zh=f"{duty.duty} 由触发它的事实当即完成。",
                    en=f"{duty.duty} is done by the very fact that opens it.",
                ),
                Text(zh="请区分 when 与 must。", en="Tell when and must apart."),
            )
    yield from _unused(plan)
    yield from _numbers_of_the_disease(plan)


def _unused(plan: Plan) -> Iterator[Problem]:
    used = references([clause.model_dump() for clause in plan.clauses])
    for name in plan.parameters:
        if name not in used:
            text = Text(zh=f"没有条款用到参数 {name}。", en=f"No clause uses the parameter {name}.")
            yield Problem("unused_parameter", text, None, "parameters.yaml", name)


def _numbers_of_the_disease(plan: Plan) -> Iterator[Problem]:
    """The numbers its disease does not have, or has only from a day after the plan was issued."""
    for name, parameter in plan.parameters.items():
        since = min(parameter.values, default=None)
        if parameter.profile is None or (since and since <= plan.issued):
            continue
        asked = f"{plan.disease}: {parameter.profile}"
        if since is None:
            text = Text(
                zh=f"{asked} 没有数；以它为期限的责任不会触发。",
                en=f"{asked} has no number: what rests on it opens nothing.",
            )
            remedy = Text(zh="若仍要求，请在 values 里自设。", en="Set a value of your own where it is still asked.")
            yield Problem("no_number", text, remedy, "parameters.yaml", name)
        else:
            text = Text(
                zh=f"{asked} 自 {since} 起才有数，早于此的事实不触发。",
                en=f"{asked} has a number from {since}; earlier facts open nothing.",
            )
            yield Problem("number_from", text, None, "parameters.yaml", name)


def _without_cases(plan: Plan, cases: list[Case]) -> Iterator[Problem]:
    places = {duty.duty: duty for _, duty in plan.duties}
    for name in untested(plan, cases):
        text = Text(zh=f"{name} 没有案例。", en=f"{name} has no case.")
        yield _doubt("no_case", places[name], text, Text(zh="请在 cases/ 里写一个。", en="Write one in cases/."))


def _replacements(plan: Plan) -> Iterator[Problem]:
    replacing: list[tuple[Plan, Clause, Duty]] = [
        (member, clause, duty) for member in plan.family for clause, duty in member.duties if duty.replaces
    ]
    for member, clause, duty in replacing:
        text = Text(
            zh=f"{member.id}/{duty.duty}（{clause.cites}）取代 {duty.replaces}。",
            en=f"{member.id}/{duty.duty} ({clause.cites}) replaces {duty.replaces}.",
        )
        yield Problem("replaces", text, None, duty.place)


def _doubt(code: str, duty: Duty, text: Text, remedy: Text) -> Problem:
    return Problem(code, text, remedy, duty.place)
