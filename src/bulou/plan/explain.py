"""All there is to say of one clause: its forms in words, its numbers, who owes it, its cases, and who else asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulou.kernel.text import Text
from bulou.plan.cases import Case, full_name
from bulou.plan.form_prose import Told, forms_in_words
from bulou.plan.layering import asked
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import Parameter, references
from bulou.plan.prose import Names, describe
from bulou.plan.rules import Rule


@dataclass(frozen=True)
class DutyExplained:
    """A duty in words, its cases, and the duties of other plans that the same fact does."""

    rule: Rule
    lines: tuple[tuple[Text, Text], ...]
    cases: tuple[Case, ...]
    elsewhere: tuple[Rule, ...]


@dataclass(frozen=True)
class Explained:
    """One clause of one plan. `roles`: who owes it, is told, leads or takes part, in the order they are named."""

    plan: Plan
    clause: Clause
    duties: tuple[DutyExplained, ...]
    forms: tuple[Told, ...]
    parameters: tuple[tuple[str, Parameter], ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A duty a word has to do with, and how: the fact opens, ends or does it; the role owes it or is told."""

    how: str
    rule: Rule


def explain(plan: Plan, clause: Clause, cases: Sequence[Case], rules: Sequence[Rule], titles: Names) -> Explained:
    """One clause. `cases`: the plan's; `rules`: those of all plans there are."""
    own = [rule for rule in rules if rule.plan == plan.id and rule.clause == clause.clause]
    names = sorted(references(clause.model_dump()))
    return Explained(
        plan,
        clause,
        tuple(_duty(plan, rule, cases, rules, titles) for rule in own),
        tuple(forms_in_words(clause, plan.scope, titles)),
        tuple((name, plan.scope[name]) for name in names),
        tuple(dict.fromkeys(_roles(clause))),
    )


def parts(word: str, rules: Iterable[Rule]) -> Iterator[Part]:
    """What a fact kind or a role has to do with the duties of some rules."""
    for rule in rules:
        places = {
            "opens": rule.when.kind,
            "ends": rule.until.kind if rule.until else "",
            "does": rule.must.kind,
            "owes": rule.role,
        }
        yield from (Part(how, rule) for how, found in places.items() if found == word)
        if any(tell.role == word for tell in rule.tell):
            yield Part("told", rule)


def _duty(plan: Plan, rule: Rule, cases: Sequence[Case], rules: Sequence[Rule], titles: Names) -> DutyExplained:
    about = [
        case
        for case in cases
        if rule.id in {full_name(plan, name) for name in (case.duty, *(e.duty for e in case.expect)) if name}
    ]
    others = [other for other in rules if other.plan != plan.id and asked(other) == asked(rule)]
    return DutyExplained(rule, tuple(describe(rule, titles)), tuple(about), tuple(others))


def _roles(clause: Clause) -> Iterator[str]:
    for duty in clause.duties:
        yield duty.by
        yield from (tell.role for tell in duty.tell)
    for group in clause.groups:
        yield from (group.lead, *group.deputies, *group.members)
