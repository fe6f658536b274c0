"""Everything worth saying about a plan before it is used: what is wrong, what is doubtful, what it switches off."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.cases import Case, read_cases, untested
from bulou.plan.doubts import doubts
from bulou.plan.drawn import unnumbered
from bulou.plan.load import load
from bulou.plan.models import Clause, Duty, Plan


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
        return Report(
            path,
            plan,
            (*_misplaced(plan), *_empty(plan), *error.problems),
            (*doubts(plan, kinds), *unnumbered(plan)),
            tuple(_replacements(plan)),
        )
    return Report(
        path,
        plan,
        (*_misplaced(plan), *_empty(plan)),
        (*doubts(plan, kinds), *unnumbered(plan), *_without_cases(plan, cases)),
        tuple(_replacements(plan)),
    )


def _misplaced(plan: Plan) -> Iterator[Problem]:
    """A plan is found by its id, which must therefore be its folder's name."""
    folder = plan.path.resolve().name
    if folder != plan.id:
        text = Text(
            zh=f"预案编号 {plan.id} 与所在文件夹 {folder} 不一致，系统按文件夹名查找预案。",
            en=f"The plan's id is {plan.id}, its folder {folder}; the system looks for a plan in the folder of its id.",
        )
        remedy = Text(
            zh=f"把文件夹改名为 {plan.id}，或把 plan: 改为 {folder}。",
            en=f"Rename the folder to {plan.id}, or write plan: {folder}.",
        )
        yield Problem("plan_folder", text, remedy, "plan.yaml", "plan")


def _empty(plan: Plan) -> Iterator[Problem]:
    if not (plan.clauses or plan.extends):
        text = Text(zh="预案没有条款。", en="The plan has no clauses.")
        yield Problem("no_clauses", text, Text(zh="写在 clauses/ 里。", en="Write them in clauses/."), "plan.yaml")


def _without_cases(plan: Plan, cases: list[Case]) -> Iterator[Problem]:
    places = {duty.duty: duty for _, duty in plan.duties}
    for name in untested(plan, cases):
        text = Text(zh=f"{name} 没有案例。", en=f"{name} has no case.")
        yield Problem("no_case", text, Text(zh="请在 cases/ 里写一个。", en="Write one in cases/."), places[name].place)


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
