"""How `bulou plan` prints what it found, in one language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import click

from bulou.cli.main import language
from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.cases import Case, untested
from bulou.plan.check import Report
from bulou.plan.coverage import Coverage, by_room
from bulou.plan.diff import MustDiffers, ParameterDiffers, Terms
from bulou.plan.load import load
from bulou.plan.models import Clause, Plan
from bulou.plan.prose import Names, describe, names
from bulou.plan.rehearsal import Outcome
from bulou.plan.rules import rules

Command = TypeVar("Command", bound=Callable[..., None])


def in_language(command: Command) -> Command:
    """The option `--lang`."""
    option = click.option("--lang", type=click.Choice(["zh", "en"]), default=language, help="输出语言 · Language")
    return option(command)


class Voice:
    """Prints in one language, and remembers whether there was a problem."""

    def __init__(self, lang: str) -> None:
        self.lang, self.failed = lang, False

    def say(self, zh: str, en: str) -> None:
        click.echo(en if self.lang == "en" else zh)

    def text(self, text: Text, indent: str = "") -> None:
        click.echo(indent + text.to(self.lang))

    def finish(self) -> None:
        click.get_current_context().exit(1 if self.failed else 0)

    def plan(self, path: Path, disease: str | None = None) -> Plan:
        """The plan in a folder, under its own disease or another; its problems are printed and end the command."""
        try:
            return load(path, kinds=kinds(), roles=ROLES, disease=disease)
        except BulouError as error:
            self.refuse(path, error)
            raise click.exceptions.Exit(1) from None

    def refuse(self, path: Path, error: BulouError) -> None:
        self.failed = True
        self.say(f"{path.name}：{len(error.problems)} 个问题", f"{path.name}: {len(error.problems)} problems")
        for problem in error.problems:
            click.echo(f"  {problem.to(self.lang)}")


@cache
def kinds() -> FactKinds:
    """The fact kinds of every room."""
    return fact_kinds()


@cache
def titles() -> Names:
    """The names of kinds, fields and roles in both languages."""
    return names(kinds(), ROLES)


def print_report(voice: Voice, report: Report) -> None:
    voice.failed |= bool(report.problems)
    for label, problems in (
        (Text(zh="问题", en="problem"), report.problems),
        (Text(zh="提醒", en="warning"), report.warnings),
        (Text(zh="取代", en="replaces"), report.replaced),
    ):
        for problem in problems:
            click.echo(f"{label.to(voice.lang)}  {problem.to(voice.lang)}")
    name, wrong, doubtful = report.path.name, len(report.problems), len(report.warnings)
    if report.plan:
        clauses, duties, numbers = len(report.plan.clauses), len(report.plan.duties), len(report.plan.parameters)
        voice.say(
            f"{name}：{clauses} 条条款，{duties} 项责任，{numbers} 个参数；{wrong} 个问题，{doubtful} 个提醒",
            f"{name}: {clauses} clauses, {duties} duties, {numbers} parameters; {wrong} problems, {doubtful} warnings",
        )
    else:
        voice.say(f"{name}：{wrong} 个问题", f"{name}: {wrong} problems")


def print_plan(voice: Voice, found: Plan) -> None:
    voice.text(found.title)
    click.echo(f"{found.source}  {found.issued}  {found.id}")
    for base in found.family[:-1]:
        voice.say(f"引用 {base.id} {base.title.zh}", f"extends {base.id} {base.title.en}")
    width = max((len(clause.clause) for clause in found.clauses), default=0)
    for clause in found.clauses:
        forms = ", ".join(clause.forms)
        click.echo(f"{clause.clause:<{width}}  {clause.title.to(voice.lang)}  [{forms}]")


def print_clause(voice: Voice, found: Plan, clause: Clause) -> None:
    click.echo(f"{clause.clause}  {clause.title.to(voice.lang)}  [{', '.join(clause.forms)}]")
    click.echo(f"  {clause.cites}  {clause.place}")
    if clause.principle:
        voice.text(clause.principle.why, "  ")
    for rule in rules(found):
        if rule.plan == found.id and rule.clause == clause.clause:
            click.echo(f"  {rule.id}  {rule.title.to(voice.lang)}")
            _print_lines(voice, describe(rule, titles()))


def _print_lines(voice: Voice, lines: Iterable[tuple[Text, Text]]) -> None:
    for label, text in lines:
        click.echo(f"    {label.to(voice.lang)}: {text.to(voice.lang)}")


def print_coverage(voice: Voice, found: Coverage) -> None:
    claimed, total = len(found.claimed), len(found.catalogue)
    voice.failed |= not found.complete
    voice.say(f"{found.plan}：已认领 {claimed} / {total} 条", f"{found.plan}: {claimed} of {total} clauses claimed")
    if not found.catalogue:
        voice.say("  缺少 catalogue.txt，无从核对", "  there is no catalogue.txt to count against")
    print_forms(found.forms)
    for clause in found.missing:
        voice.say(f"  无人认领 {clause}", f"  not claimed: {clause}")
    for clause in found.unknown:
        voice.say(f"  不在目录 {clause}", f"  not in the catalogue: {clause}")
    for (room, screen), clauses in by_room([found]).items():
        whose = Text(zh=f"由 {room} 建", en=f"by {room}") if room else Text(zh="无人认建", en="by nobody yet")
        listed = ", ".join(clauses)
        voice.say(f"  待建页面 {screen}（{whose.zh}）：{listed}", f"  owed {whose.en}: {screen}, for {listed}")


def print_forms(forms: Mapping[str, int]) -> None:
    """How many clauses take each form, one a line."""
    for form, count in forms.items():
        click.echo(f"  {form:<10} {count:>4}")


def print_owed(voice: Voice, found: Iterable[Coverage]) -> None:
    """What all plans together still wait for, room by room."""
    owed = by_room(found)
    for room in dict.fromkeys(room for room, _ in owed):
        screens = {screen: len(clauses) for (owner, screen), clauses in owed.items() if owner == room}
        listed, count = ", ".join(f"{screen} {n}" for screen, n in screens.items()), sum(screens.values())
        voice.say(f"待建 {room or '–'}：{count} 条（{listed}）", f"owed by {room or '–'}: {count} ({listed})")


def print_difference(voice: Voice, one: Plan, other: Plan, found: MustDiffers) -> None:
    title = titles().get(found.must)
    click.echo(f"{found.must}  {title.to(voice.lang) if title else ''}".rstrip())
    sides: list[tuple[Plan, Terms]] = [(one, terms) for terms in found.left]
    sides += [(other, terms) for terms in found.right]
    for _, terms in sorted(sides, key=lambda side: (side[1].pace, side[1].duty)):
        click.echo(f"  {terms.duty}  {terms.clause}")
        _print_lines(voice, terms.lines)


def print_parameter(voice: Voice, one: Plan, other: Plan, found: ParameterDiffers) -> None:
    click.echo(f"${found.name}  {found.title.to(voice.lang)}")
    voice.say(
        f"  {found.since} 起：{one.id} {found.left}，{other.id} {found.right}",
        f"  from {found.since}: {one.id} {found.left}, {other.id} {found.right}",
    )


def print_outcomes(voice: Voice, found: Plan, engine: str, outcomes: Sequence[Outcome]) -> int:
    """Says what differs on an engine, then how many cases agree; gives that number."""
    for outcome in outcomes:
        if not outcome.passed:
            click.echo(f"{outcome.case.place}: {outcome.case.name.to(voice.lang)} [{engine}]")
            for difference in outcome.differences:
                voice.text(difference, "  ")
    passed, total = sum(outcome.passed for outcome in outcomes), len(outcomes)
    voice.failed |= passed < total
    colour = "green" if passed == total else "red"
    text = Text(
        zh=f"{found.id}  {engine}：{total} 个案例，{passed} 个相符",
        en=f"{found.id}  {engine}: {passed} of {total} cases agree",
    )
    click.secho(text.to(voice.lang), fg=colour)
    return passed


def print_untested(voice: Voice, found: Plan, cases: list[Case]) -> None:
    for duty in untested(found, cases):
        voice.say(f"{duty} 没有案例", f"{duty} has no case")
