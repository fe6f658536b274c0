"""`bulou plan explain`: one clause in full, or every duty a fact kind or a role has to do with, over all plans."""

from collections import Counter
from collections.abc import Iterable

import click

from bulou.cli.plan_names import Word, every_plan
from bulou.cli.plan_printing import Voice, in_language, kinds, titles
from bulou.directory.roles import ROLES
from bulou.kernel.text import Text
from bulou.plan.cases import Case, read_cases
from bulou.plan.explain import DutyExplained, Explained, Part, explain, parts
from bulou.plan.form_prose import measured
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import Parameter
from bulou.plan.prose import due, number
from bulou.plan.rules import Rule, rules
from bulou.plan.vocabulary import nearest

HOW = {
    "opens": Text(zh="触发", en="opens"),
    "ends": Text(zh="结束", en="ends"),
    "does": Text(zh="完成", en="does"),
    "owes": Text(zh="承担", en="owes"),
    "told": Text(zh="逾期告知", en="is told of"),
}


@click.command(name="explain")
@click.argument("word", metavar="CLAUSE", type=Word())
@in_language
def explaining(word: str, lang: str) -> None:
    """说明条款 · All about a clause; or what a duty (plan/duty), a fact kind or a role has to do with."""
    voice = Voice(lang)
    plans = [voice.plan(path) for path in every_plan()]
    every = list({rule.id: rule for plan in plans for rule in rules(plan)}.values())
    chosen = [
        (plan, clause)
        for plan in plans
        for clause in plan.clauses
        if word == clause.clause or word in {f"{plan.id}/{duty.duty}" for duty in clause.duties}
    ]
    if chosen:
        for plan, clause in chosen:
            _print(voice, explain(plan, clause, _cases(plan, clause), every, titles()))
    elif word in kinds() or word in ROLES:
        _print_parts(voice, word, parts(word, every))
    else:
        known = [*(c.clause for plan in plans for c in plan.clauses), *(r.id for r in every), *kinds(), *ROLES]
        close = nearest(word, known) or Text(zh="", en="")
        text = Text(
            zh=f"没有条款、责任、事实类型或职责叫 {word}。{close.zh}",
            en=f"No clause, duty, fact kind or role is called {word}. {close.en}".strip(),
        )
        voice.text(text)
        voice.failed = True
    voice.finish()


def _cases(plan: Plan, clause: Clause) -> list[Case]:
    return read_cases(plan, kinds=kinds()) if clause.duties else []


def _print(voice: Voice, found: Explained) -> None:
    clause = found.clause
    click.echo(f"{clause.clause}  {clause.title.to(voice.lang)}  [{', '.join(clause.forms)}]")
    click.echo(f"  {found.plan.title.to(voice.lang)}  {clause.cites}  {found.plan.id}/{clause.place}")
    if clause.no_miss:
        voice.say(f"  不漏：{clause.no_miss}", f"  no miss: {clause.no_miss}")
    for duty in found.duties:
        _print_duty(voice, duty)
    for told in found.forms:
        click.echo(f"  {told.form}: {told.text.to(voice.lang)}")
        for point in told.points:
            click.echo(f"    · {point.to(voice.lang)}")
    if found.parameters:
        voice.say("  参数", "  parameters")
    for name, parameter in found.parameters:
        _print_parameter(voice, name, parameter)
    if found.roles:
        voice.say("  职责", "  roles")
        for role in found.roles:
            click.echo(f"    {role}  {ROLES[role].title.to(voice.lang)}")


def _print_duty(voice: Voice, duty: DutyExplained) -> None:
    click.echo(f"  {duty.rule.id}  {duty.rule.title.to(voice.lang)}")
    for label, text in duty.lines:
        click.echo(f"    {label.to(voice.lang)}: {text.to(voice.lang)}")
    states = Counter(expected.state for case in duty.cases for expected in case.expect)
    listed = ", ".join(f"{state} {count}" for state, count in sorted(states.items()))
    voice.say(f"    案例: {len(duty.cases)} 个（{listed}）", f"    Cases: {len(duty.cases)} ({listed})")
    for case in duty.cases:
        click.echo(f"      {case.place}  {case.name.to(voice.lang)}")
    if duty.elsewhere:
        voice.say("    他处同样要求", "    The same fact is asked for by")
    for other in duty.elsewhere:
        click.echo(f"      {_in_short(voice, other)}")


def _in_short(voice: Voice, rule: Rule) -> str:
    terms = "; ".join(dict.fromkeys(due(variant).to(voice.lang) for variant in rule.variants))
    return f"{rule.id} ({rule.clause})  {rule.title.to(voice.lang)}  {terms}"


def _print_parameter(voice: Voice, name: str, parameter: Parameter) -> None:
    click.echo(f"    ${name}  {parameter.title.to(voice.lang)}")
    for since, dated in sorted(parameter.values.items()):
        value = ", ".join(map(number, dated.value)) if isinstance(dated.value, list) else number(dated.value)
        click.echo(f"      {since}  {measured(value, parameter.unit)}  {dated.reference}")
    if parameter.reason:
        reason = parameter.reason if isinstance(parameter.reason, str) else parameter.reason.to(voice.lang)
        click.echo(f"      {reason}")
    voice.say(f"      核对于 {parameter.last_verified}", f"      last verified {parameter.last_verified}")


def _print_parts(voice: Voice, word: str, found: Iterable[Part]) -> None:
    title = titles()[word].to(voice.lang)
    listed = list(found)
    voice.say(f"{word}  {title}：{len(listed)} 处", f"{word}  {title}: {len(listed)} duties")
    for how, label in HOW.items():
        here = [part for part in listed if part.how == how]
        if here:
            click.echo(f"  {label.to(voice.lang)}")
        for part in here:
            click.echo(f"    {_in_short(voice, part.rule)}")
