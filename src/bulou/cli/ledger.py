"""`bulou ledger`: replay, verify, advance, and ask why. `replay --engine python` needs no database."""

import time
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

import click

from bulou.cli.database import make_ready, say, start_django
from bulou.cli.plan_names import find, folder
from bulou.cli.replaying import EXAMPLE, account, read
from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.clock import SHANGHAI, YEARS
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from bulou.plan.load import load
from bulou.plan.rules import Rule, rules

SHOWN = 20
"""Differences printed before the rest are only counted."""


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant; without an offset it is taken in China's time zone."""

    name = "instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: {EXAMPLE}", param, ctx)
        if instant.year not in YEARS:
            self.fail(f"{value!r}: {YEARS[0]} – {YEARS[-1]}", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


@click.group()
def ledger() -> None:
    """台账 · The ledger: replay, verify, advance, ask why."""


@ledger.command()
@click.argument("plan", metavar="PLAN", callback=folder)
@click.option("--facts", type=click.File("rb"), required=True, help="JSON Lines")
@click.option("--now", type=Instant(), required=True, is_eager=True, help="截至时刻 · The ledger's instant")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="JSON Lines; 默认屏幕 · screen")
@click.option("--engine", type=click.Choice(["postgres", "python"]), default="postgres", show_default=True)
def replay(plan: Path, facts: BinaryIO, now: datetime, out: TextIO, engine: str) -> None:
    """重演 · What a plan demands of the facts in a file at an instant. Touches nothing that is stored.

    How many facts there were, and what is odd about them, is said on the error output.
    """
    family = rules(load(plan, kinds=fact_kinds(), roles=ROLES))
    lines_read = read(facts)
    for text in account(lines_read, facts.name, now):
        say(text, err=True)
    known = [line.fact for line in lines_read]
    if engine == "python":
        from bulou.plan.evaluate import ledger as evaluate

        lines = evaluate(family, known, now)
    else:
        make_ready()
        from bulou.ledger.engines.postgres import replay as evaluate_set

        lines = evaluate_set(family, known, now)
    for line in lines:
        out.write(line.to_json() + "\n")


@ledger.command()
def verify() -> None:
    """核验 · Derive every duty anew and compare it with the stored ledger. Status 1 where they differ."""
    start_django("app")
    from bulou.directory.scope import everywhere
    from bulou.ledger import holding, services, verification

    now = services.catch_up()
    adopted = services.adopted()
    rules_in_force = _adopted_rules(adopted)
    zones = {rule.id: rule.zone for rule in rules_in_force}
    count, differences = verification.verify(rules_in_force, adopted, now)
    with everywhere():
        tallies = verification.tally_differences()
        astray = holding.differing(now)
    for difference in differences[:SHOWN]:
        click.echo(
            f"{difference.duty} {difference.subject}"
            f" {local(difference.opens_at, zones.get(difference.duty))}:"
            f" {difference.stored or '-'} != {difference.derived or '-'}"
        )
    for row in tallies[:SHOWN]:
        click.echo(f"tally {row}")
    for person in astray[:SHOWN]:
        click.echo(f"custody person:{person}")
    found = len(differences) + len(tallies) + len(astray)
    outcome = Text(zh=f"{found} 处不符", en=f"{found} differences") if found else Text(zh="一致", en="no difference")
    say(
        Text(
            zh=f"核对 {count} 项责任，截至 {local(now, *zones.values())}：{outcome.zh}。",
            en=f"{count} duties checked as of {local(now, *zones.values())}: {outcome.en}.",
        )
    )
    if found:
        raise SystemExit(1)


@ledger.command()
@click.option(
    "--every", type=click.IntRange(1), metavar="SECONDS", help="持续运行，每隔几秒一次 · keep on, once in SECONDS"
)
def advance(every: int | None) -> None:
    """推进 · Let the ledger catch up with the clock: open, lapse, tell; then send alerts."""
    start_django("app")
    from django.db import OperationalError, close_old_connections

    from bulou.alerts import services as alerts
    from bulou.ledger import services

    while True:
        try:
            now = services.catch_up()
            alerts.sweep()
        except OperationalError as error:
            if every is None:
                raise
            click.echo(str(error), err=True)
        if every is None:
            say(Text(zh=f"台账已到 {local(now)}。", en=f"The ledger stands at {local(now)}."))
            return
        close_old_connections()
        time.sleep(every)


@ledger.command()
@click.argument("duty", metavar="DUTY")
def why(duty: str) -> None:
    """为何 · Explain one duty, by the key its page shows: the clause, the facts and the arithmetic."""
    start_django("app")
    from bulou.directory.scope import everywhere
    from bulou.ledger.selectors import why as explain

    with everywhere():
        found = explain(duty)
    if found is None:
        raise BulouError.of("ledger.unknown", f"没有这项责任：{duty}", f"There is no duty {duty}")
    for step in found.steps:
        say(step)
    for fact in found.facts:
        mark = " " if fact.effective else "×"
        click.echo(f"{mark} {fact.at.isoformat()} {fact.kind} {dict(fact.data)} {fact.id}")


def local(instant: datetime, *zones: ZoneInfo | None) -> str:
    """An instant in the first zone there is: the plan's, else China's."""
    return instant.astimezone(next(filter(None, zones), SHANGHAI)).isoformat()


def _adopted_rules(adopted: dict[str, list[str]]) -> list[Rule]:
    found = {rule.id: rule for name in adopted for rule in rules(load(find(name)))}
    return [rule for rule in found.values() if rule.plan in adopted]
