"""`bulou plan`: check, read, cover, compare, rehearse and begin plans. Only `test` may start Django and a database.

Exit status: 0 where all is well, 1 where a plan has problems, differs or fails a case, 2 for wrong usage.
"""

from pathlib import Path

import click

from bulou.cli import plan_printing as printing
from bulou.cli.diseases import diseases, with_disease
from bulou.cli.exchange import export
from bulou.cli.plan_explaining import explaining
from bulou.cli.plan_names import PLANS, ClauseName, chosen
from bulou.cli.plan_names import find as find
from bulou.cli.plan_names import folder as folder
from bulou.cli.plan_printing import in_language
from bulou.cli.plan_testing import test
from bulou.cli.plan_writing import check, new, schema
from bulou.kernel.text import Text
from bulou.plan.coverage import all_forms, claimed_twice
from bulou.plan.coverage import coverage as cover
from bulou.plan.diff import diff as compare
from bulou.plan.vocabulary import nearest


@click.group()
def plan() -> None:
    """预案 · Plans: check, read, coverage, compare, rehearse."""


@plan.command()
@click.argument("path", metavar="PLAN", type=PLANS)
@click.argument("clause", required=False, type=ClauseName())
@with_disease
@in_language
def show(path: Path, clause: str | None, disease: str | None, lang: str) -> None:
    """阅读预案或条款 · Print a plan, or one clause (or all below, as GX-2) with its duties in words."""
    voice = printing.Voice(lang)
    found = voice.plan(path, disease)
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
@click.argument("paths", metavar="PLAN...", type=PLANS, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="所有预案 · Every plan")
@in_language
def coverage(paths: tuple[Path, ...], everything: bool, lang: str) -> None:
    """条款覆盖 · Count the clauses of the document that the plan claims, by form."""
    voice = printing.Voice(lang)
    plans = [voice.plan(path) for path in chosen(paths, everything)]
    counted = [cover(item) for item in plans]
    for item in counted:
        printing.print_coverage(voice, item)
    for clause, owners in claimed_twice(plans).items():
        listed = ", ".join(owners)
        voice.failed = True
        voice.say(f"{clause} 被多个预案认领：{listed}", f"{clause} is claimed by more than one plan: {listed}")
    if len(counted) > 1:
        claimed, total = sum(len(c.claimed) for c in counted), sum(len(c.catalogue) for c in counted)
        voice.say(f"合计：已认领 {claimed} / {total} 条", f"all: {claimed} of {total} clauses claimed")
        printing.print_forms(all_forms(counted))
        printing.print_owed(voice, counted)
    voice.finish()


@plan.command()
@click.argument("left", metavar="A", type=PLANS)
@click.argument("right", metavar="B", type=PLANS)
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


for command in (check, new, schema, explaining, export, test, diseases):
    plan.add_command(command)
