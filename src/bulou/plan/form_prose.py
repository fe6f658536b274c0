"""The forms of a clause other than duties, in words and in both languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bulou.kernel.text import Text
from bulou.plan.forms import Group, Requirement
from bulou.plan.models import Clause
from bulou.plan.parameters import Parameters, period, references
from bulou.plan.prose import Names, number, span, trigger
from bulou.plan.rules import trigger_of


@dataclass(frozen=True)
class Told:
    """One form: its name as in `FORMS`, what it is about, and its points."""

    form: str
    text: Text
    points: tuple[Text, ...] = ()


def forms_in_words(clause: Clause, scope: Parameters, titles: Names) -> Iterator[Told]:
    """Every form of a clause but its duties, in the order of `FORMS`."""
    if checklist := clause.checklist:
        places, every = ", ".join(checklist.places), _every(checklist.every, scope)
        text = Text(
            zh=f"{checklist.title.zh}（{places}；{every.zh}一次）",
            en=f"{checklist.title.en} ({places}; every {every.en})",
        )
        yield Told("checklist", text, tuple(Text(zh=item.zh, en=item.en) for item in checklist.items))
    if guard := clause.guard:
        act = titles.get(guard.act, Text(zh=guard.act, en=guard.act))
        text = Text(zh=f"“{act.zh}”之前须有", en=f"Before “{act.en}” there must be")
        yield Told("guard", text, tuple(_required(guard.requires, scope, titles)))
    if criterion := clause.criterion:
        yield Told("criterion", criterion.of, tuple(_required(criterion.requires, scope, titles)))
    if target := clause.target:
        yield Told("target", target.of, (_aim(target.quantity, target.value, target.unit, target.by, scope),))
    for group in clause.groups:
        yield _group(group, titles)
    if register := clause.register:
        kinds = [register.category] if isinstance(register.category, str) else register.category
        fields = ", ".join(register.fields)
        text = Text(zh=f"{register.title.zh}：{', '.join(kinds)}", en=f"{register.title.en}: {', '.join(kinds)}")
        yield Told("register", text, (Text(zh=f"登记 {fields}", en=f"with {fields}"),))
    for show in clause.shows:
        owed = Text(zh=f"，{show.room} 待建", en=f", owed by {show.room}") if show.room else Text(zh="", en="")
        yield Told("shows", Text(zh=f"页面 {show.screen}{owed.zh}", en=f"screen {show.screen}{owed.en}"))
    if clause.principle:
        yield Told("principle", clause.principle.why)


def _every(expression: str, scope: Parameters) -> Text:
    names = references(expression)
    if not names:
        return span(period(expression))
    name = names.pop()
    unit, values = scope[name].unit, [dated.value for _, dated in sorted(scope[name].values.items())]
    spans = [span(period(value, unit)) for value in values[-1:]]
    return Text(zh="".join(s.zh for s in spans) or f"${name}", en="".join(s.en for s in spans) or f"${name}")


def _required(needs: Iterable[Requirement], scope: Parameters, titles: Names) -> Iterator[Text]:
    for need in needs:
        fact = trigger(trigger_of(need, scope), titles)
        yield Text(zh=f"{need.text.zh}〔{fact.zh}〕", en=f"{need.text.en} [{fact.en}]")


def _aim(quantity: str | Text, value: Any, unit: str, by: Any, scope: Parameters) -> Text:
    """“beds 200 bed by 2020-12-31”; a parameter with its latest value."""
    names = references(value)
    if names:
        values = scope[names.pop()].values
        value = values[max(values)].value if values else value
    shown = ", ".join(map(number, value)) if isinstance(value, list) else number(value)
    what = quantity if isinstance(quantity, Text) else Text(zh=quantity, en=quantity)
    end = Text(zh=f"，{by} 前", en=f" by {by}") if by else Text(zh="", en="")
    much = measured(shown, unit)
    return Text(zh=f"{what.zh} {much}{end.zh}", en=f"{what.en} {much}{end.en}")


def measured(shown: str, unit: str) -> str:
    """A number with its unit; the unit `1` is a bare number."""
    return shown if unit == "1" else f"{shown} {unit}"


def _group(group: Group, titles: Names) -> Told:
    def named(roles: Iterable[str]) -> Text:
        found = [titles.get(role, Text(zh=role, en=role)) for role in roles]
        return Text(zh="、".join(t.zh for t in found), en=", ".join(t.en for t in found))

    points = [(Text(zh="牵头", en="lead"), named([group.lead]))]
    points += [(Text(zh="副职", en="deputies"), named(group.deputies))] if group.deputies else []
    points += [(Text(zh="成员", en="members"), named(group.members))] if group.members else []
    lines = [Text(zh=f"{label.zh}：{who.zh}", en=f"{label.en}: {who.en}") for label, who in points]
    return Told("groups", group.title, (*lines, *group.functions))
