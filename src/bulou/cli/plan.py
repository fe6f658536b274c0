"""`bulou plan`: check, read, cover, compare and rehearse plans. Starts neither Django nor a database.

Exit status: 0 where all is well, 1 where a plan has problems, differs or fails a case, 2 for wrong usage.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

import bulou
from bulou.cli import plan_printing as printing
from bulou.cli.main import language
from bulou.directory.roles import ROLES
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from bulou.plan.cases import read_cases
from bulou.plan.check import check as check_plan
from bulou.plan.coverage import claimed_twice
from bulou.plan.coverage import coverage as cover
from bulou.plan.diff import diff as compare
from bulou.plan.vocabulary import nearest

Command = TypeVar("Command", bound=Callable[..., None])


def folder(ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...]) -> Path | tuple[Path, ...]:
    """A plan's folder, or its name under plans/ here or in the product."""
    return tuple(map(find, value)) if isinstance(value, tuple) else find(value)


def find(name: str) -> Path:
    """The folder of a plan by path or name; wrong usage where there is none."""
    for place in (Path(), *shelves()):
        if (place / name / "plan.yaml").is_file():
            return place / name
    known = nearest(name, (path.name for path in every_plan()))
    zh, en = f"找不到预案 {name}。", f"There is no plan {name}."
    raise click.BadParameter(
        Text(zh=zh + (known.zh if known else ""), en=f"{en} {known.en if known else ''}").to(language())
    )


def shelves() -> list[Path]:
    """The folders plans are kept in: plans/ of the working directory, then the product's own."""
    package = Path(bulou.__file__).parent
    return [shelf for shelf in (Path("plans"), package.parents[1] / "plans", package / "plans") if shelf.is_dir()]


def every_plan() -> list[Path]:
    """Each plan on the first shelf that has any."""
    found = (sorted(path.parent for path in shelf.glob("*/plan.yaml")) for shelf in shelves())
    return next((plans for plans in found if plans), [])


def in_language(command: Command) -> Command:
    option = click.option("--lang", type=click.Choice(["zh", "en"]), default=language, help="输出语言 · Language")
    return option(command)


@click.group()
def plan() -> None:
    """预案 · Plans: check, read, coverage, compare, rehearse."""


@plan.command()
@click.argument("paths", metavar="PLAN...", callback=folder, nargs=-1, required=True)
@in_language
def check(paths: tuple[Path, ...], lang: str) -> None:
    """检查预案 · Say everything that is wrong with a plan, with file and line."""
    voice = printing.Voice(lang)
    for path in paths:
        printing.print_report(voice, check_plan(path, kinds=printing.kinds(), roles=ROLES))
    voice.finish()


@plan.command()
@click.argument("path", metavar="PLAN", callback=folder)
@click.argument("clause", required=False)
@in_language
def show(path: Path, clause: str | None, lang: str) -> None:
    """阅读预案或条款 · Print a plan, or one clause (or all below, as GX-2) with its duties in words."""
    voice = printing.Voice(lang)
    found = voice.plan(path)
    if clause is None:
        printing.print_plan(voice, found)
        return
    chosen = [c for c in found.clauses if c.clause == clause or c.clause.startswith((f"{clause}.", f"{clause}-"))]
    if not chosen:
        known = nearest(clause, (c.clause for c in found.clauses)) or Text(zh="", en="")
        voice.say(f"{found.id} 没有条款 {clause}。{known.zh}", f"{found.id} has no clause {clause}. {known.en}".strip())
        voice.failed = True
    for item in chosen:
        printing.print_clause(voice, found, item)
    voice.finish()


@plan.command()
@click.argument("paths", metavar="PLAN...", callback=folder, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="所有预案 · Every plan")
@in_language
def coverage(paths: tuple[Path, ...], everything: bool, lang: str) -> None:
    """条款覆盖 · Count the clauses of the document that the plan claims, by form."""
    voice = printing.Voice(lang)
    plans = [voice.plan(path) for path in _chosen(paths, everything)]
    for item in plans:
        printing.print_coverage(voice, cover(item))
    for clause, owners in claimed_twice(plans).items():
        listed = ", ".join(owners)
        voice.failed = True
        voice.say(f"{clause} 被多个预案认领：{listed}", f"{clause} is claimed by more than one plan: {listed}")
    voice.finish()


@plan.command()
@click.argument("left", metavar="A", callback=folder)
@click.argument("right", metavar="B", callback=folder)
@in_language
def diff(left: Path, right: Path, lang: str) -> None:
    """比较两个预案的数字 · Where two plans differ in numbers; status 1 where they do."""
    voice = printing.Voice(lang)
    one, other = voice.plan(left), voice.plan(right)
    found = compare(one, other, printing.titles())
    for duty in found.duties:
        printing.print_difference(voice, one, other, duty)
    for parameter in found.parameters:
        printing.print_parameter(voice, one, other, parameter)
    if not found:
        voice.say("两个预案的数字没有不同。", "The two plans do not differ in numbers.")
    voice.failed = bool(found)
    voice.finish()


@plan.command()
@click.argument("paths", metavar="PLAN...", callback=folder, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="所有预案 · Every plan")
@in_language
def test(paths: tuple[Path, ...], everything: bool, lang: str) -> None:
    """演算案例 · Work through a plan's cases and say where the outcome is another."""
    voice = printing.Voice(lang)
    for path in _chosen(paths, everything):
        found = voice.plan(path)
        try:
            cases = read_cases(found, kinds=printing.kinds())
        except BulouError as error:
            voice.refuse(path, error)
            continue
        printing.print_outcomes(voice, found, cases)
    voice.finish()


def _chosen(paths: Iterable[Path], everything: bool) -> list[Path]:
    chosen = every_plan() if everything else list(paths)
    if not chosen:
        text = Text(zh="请写出预案，或加 --all。", en="Name a plan, or add --all.")
        raise click.UsageError(text.to(language()))
    return chosen
