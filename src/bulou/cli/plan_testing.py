"""`bulou plan test`: the cases of plans on every engine. Only the engine that needs a database starts one."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from bulou.cli.diseases import with_disease
from bulou.cli.plan_names import PLANS, chosen
from bulou.cli.plan_printing import Voice, in_language, kinds, print_outcomes, print_untested
from bulou.kernel.errors import BulouError
from bulou.plan.cases import Case, read_cases
from bulou.plan.models import Plan
from bulou.plan.rehearsal import Outcome, rehearse, run_case

Rehearsal = Callable[[Plan, Sequence[Case]], list[Outcome]]


def by_reference(plan: Plan, cases: Sequence[Case]) -> list[Outcome]:
    """Case by case, in Python."""
    return [run_case(plan, case) for case in cases]


def by_database(plan: Plan, cases: Sequence[Case]) -> list[Outcome]:
    """With the live ledger's own SQL, over temporary tables."""
    from bulou.cli.database import make_ready

    make_ready()
    from bulou.ledger.engines.workshop import workshop

    with workshop() as replay:
        return rehearse(plan, cases, replay)


ENGINES: Mapping[str, Rehearsal] = {"python": by_reference, "postgres": by_database}


@click.command()
@click.argument("paths", metavar="[PLAN]...", type=PLANS, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="所有预案 · Every plan")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "all"]), default="all", show_default=True, help="计算引擎 · Engine"
)
@with_disease
@in_language
def test(paths: tuple[Path, ...], everything: bool, engine: str, disease: str | None, lang: str) -> None:
    """演算案例 · Work through a plan's cases on every engine and say where the outcome is another."""
    voice = Voice(lang)
    names = list(ENGINES) if engine == "all" else [engine]
    agreed = dict.fromkeys(names, 0)
    total = plans = 0
    for path in chosen(paths, everything):
        found = voice.plan(path, disease)
        try:
            cases = read_cases(found, kinds=kinds())
        except BulouError as error:
            voice.refuse(path, error)
            continue
        for name in names:
            agreed[name] += print_outcomes(voice, found, name, ENGINES[name](found, cases))
        print_untested(voice, found, cases)
        total, plans = total + len(cases), plans + 1
    if plans > 1:
        listed = ", ".join(f"{name} {count}" for name, count in agreed.items())
        voice.say(
            f"共 {plans} 个预案，{total} 个案例；相符：{listed}", f"{plans} plans, {total} cases; agree: {listed}"
        )
    voice.finish()
