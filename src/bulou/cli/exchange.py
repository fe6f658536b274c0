"""`bulou plan export`: a plan in the words of other systems, as a file. Starts neither Django nor a database."""

from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click

from bulou.cli.main import language
from bulou.cli.plan_names import PLANS
from bulou.cli.plan_printing import Voice, in_language, titles
from bulou.kernel.text import Text
from bulou.plan.models import Plan

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("path", metavar="PLAN", type=PLANS)
@click.option("--format", "kind", type=click.Choice(["fhir", "ical"]), required=True, help="格式 · Format")
@click.option("--role", help="职责，ical 须写 · Whose recurring duties (ical)")
@click.option("--on", type=DAY, help="数值与起始日期，默认今天 · Day of its numbers and first day  [default: today]")
@click.option("--out", type=click.File("wb"), default="-", help="文件，默认屏幕 · File  [default: screen]")
@in_language
def export(path: Path, kind: str, role: str | None, on: datetime | None, out: BinaryIO, lang: str) -> None:
    """导出预案 · A plan as FHIR R4, or the recurring duties of a role as a calendar (iCalendar)."""
    found = Voice(lang).plan(path)
    day = on.date() if on else datetime.now(found.zone).date()
    out.write(_fhir(found, day) if kind == "fhir" else _calendar(found, role, day, lang))


def _fhir(plan: Plan, day: date) -> bytes:
    from bulou.plan.exchange import fhir

    return fhir.document(plan, titles(), day)


def _calendar(plan: Plan, role: str | None, day: date, lang: str) -> bytes:
    """Wrong usage, naming those that would do, for a role that owes nothing again and again."""
    from bulou.plan.exchange import calendar

    known = calendar.recurring_roles(plan)
    if role is None or role not in known:
        listed = ", ".join(known)
        text = Text(
            zh=f"{plan.id} 有周期责任的职责：{listed}。", en=f"Roles with recurring duties in {plan.id}: {listed}."
        )
        raise click.BadParameter(text.to(language()), param_hint="--role")
    return calendar.calendar(plan, role, titles(), day, lang)
