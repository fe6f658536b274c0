"""Where two plans differ in numbers: by what must happen, and by parameter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from bulou.kernel.text import Text
from bulou.plan.models import Plan
from bulou.plan.parameters import Parameter
from bulou.plan.prose import Names, describe, number
from bulou.plan.rules import Rule, Variant, rules

SHOWN = ("When", "Until", "Level", "Due", "Must")


@dataclass(frozen=True)
class Terms:
    """What one duty asks, in words. `pace`: how long until it is due or comes again; the shorter the stricter."""

    duty: str
    clause: str
    lines: tuple[tuple[Text, Text], ...]
    pace: timedelta
    numbers: tuple[object, ...]
    """What is compared: terms by date, level, and the conditions on numbers."""


@dataclass(frozen=True)
class MustDiffers:
    """The duties of either plan that one kind of fact discharges, where their numbers differ; the strictest first."""

    must: str
    left: tuple[Terms, ...]
    right: tuple[Terms, ...]


@dataclass(frozen=True)
class ParameterDiffers:
    """A parameter both plans have, whose value differs from the day `since` on."""

    name: str
    title: Text
    left: str
    right: str
    since: date


@dataclass(frozen=True)
class Diff:
    duties: tuple[MustDiffers, ...]
    parameters: tuple[ParameterDiffers, ...]

    def __bool__(self) -> bool:
        return bool(self.duties or self.parameters)


def diff(left: Plan, right: Plan, titles: Names) -> Diff:
    """The differences in number between two plans' own duties and parameters; what only one has is not one."""
    return Diff(tuple(_duties(left, right, titles)), tuple(_parameters(left, right)))


def pace(terms: Variant) -> timedelta:
    """How long a duty leaves: its term, its period, or the day shared among its slots."""
    if terms.within is not None:
        return terms.within
    return terms.period if terms.period is not None else timedelta(days=1) / max(len(terms.slots), 1)


def _duties(left: Plan, right: Plan, titles: Names) -> list[MustDiffers]:
    ours, theirs = _by_must(left, titles), _by_must(right, titles)
    return [
        MustDiffers(must, tuple(ours[must]), tuple(theirs[must]))
        for must in sorted(ours.keys() & theirs.keys())
        if {terms.numbers for terms in ours[must]} != {terms.numbers for terms in theirs[must]}
    ]


def _by_must(plan: Plan, titles: Names) -> dict[str, list[Terms]]:
    found: dict[str, list[Terms]] = defaultdict(list)
    for rule in rules(plan):
        if rule.plan == plan.id:
            found[rule.must.kind].append(_terms(rule, titles))
    return {must: sorted(terms, key=lambda t: (t.pace, t.duty)) for must, terms in found.items()}


def _terms(rule: Rule, titles: Names) -> Terms:
    lines = tuple(line for line in describe(rule, titles) if line[0].en in SHOWN)
    triggers = (rule.when, rule.until, rule.must)
    tests = (test for trigger in triggers if trigger for test in trigger.where if not isinstance(test.value, tuple))
    return Terms(
        rule.id,
        rule.clause,
        lines,
        min(map(pace, rule.variants), default=timedelta.max),
        (rule.variants, rule.level, *tests),
    )


def _parameters(left: Plan, right: Plan) -> list[ParameterDiffers]:
    found = []
    for name in sorted(left.parameters.keys() & right.parameters.keys()):
        ours, theirs = left.parameters[name], right.parameters[name]
        for since in sorted({*ours.values, *theirs.values}):
            values = _value(ours, since), _value(theirs, since)
            if values[0] != values[1]:
                found.append(ParameterDiffers(name, ours.title, *values, since))
    return found


def _value(parameter: Parameter, day: date) -> str:
    """The value in force with its unit; a dash before the first."""
    if not parameter.values or day < min(parameter.values):
        return "–"
    value = parameter.at(day)
    shown = ", ".join(map(number, value)) if isinstance(value, list) else number(value)
    return f"{shown} {parameter.unit}"
