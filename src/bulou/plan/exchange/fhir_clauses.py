"""Clauses as actions of a PlanDefinition: duties with trigger, condition, timing and role; checklists; the rest."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from bulou.kernel.text import Text
from bulou.plan.exchange.fhir_timing import period_timing, timing
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import Reader, references
from bulou.plan.prose import Names, describe
from bulou.plan.prose import trigger as in_words
from bulou.plan.rules import Condition, Rule, Trigger

Resource = dict[str, Any]
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "ne": "!="}


def system(vocabulary: str) -> str:
    """The name of one of the product's vocabularies, as a code system."""
    return f"urn:bulou:{vocabulary}"


def concept(vocabulary: str, code: str, title: Text | None = None) -> Resource:
    """A code of a vocabulary with its title."""
    return {"coding": [{"system": system(vocabulary), "code": code, **(both("display", title) if title else {})}]}


def both(name: str, text: Text) -> Resource:
    """A text element: Chinese, and English as its translation."""
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text.en}]
    return {name: text.zh, f"_{name}": {"extension": [{"url": _TRANSLATION, "extension": parts}]}}


def titled(title: Text) -> Resource:
    return both("title", title)


def citation(cites: str) -> Resource:
    return {"type": "citation", "label": cites}


def clause_action(clause: Clause, duties: Sequence[Resource], plan: Plan, day: date) -> Resource:
    """A clause with the actions of its duties, one for each checklist with its items, and for each other form."""
    parts = [*duties, *_checklist(clause, plan, day), *_others(clause)]
    return {
        "prefix": clause.clause,
        **titled(clause.title),
        **({"code": [concept("no-miss", clause.no_miss)]} if clause.no_miss else {}),
        "documentation": [citation(clause.cites)],
        **({"action": parts} if parts else {}),
    }


def duty_action(rule: Rule, titles: Names, definition: str) -> Resource:
    """A duty: what opens it, on which conditions, when it is due, whose it is. `definition`: its ActivityDefinition."""
    lines = describe(rule, titles)
    chinese = "；".join(f"{label.zh}：{text.zh}" for label, text in lines)
    english = "; ".join(f"{label.en}: {text.en}" for label, text in lines)
    conditions = list(_conditions(rule, titles))
    return {
        **titled(rule.title),
        **both("textEquivalent", Text(zh=chinese, en=english)),
        "trigger": [{"type": "named-event", "name": rule.when.kind}],
        **({"condition": conditions} if conditions else {}),
        **timing(rule),
        "participant": [{"type": "practitioner", "role": concept("role", rule.role, titles.get(rule.role))}],
        "definitionCanonical": definition,
    }


def _conditions(rule: Rule, titles: Names) -> Iterator[Resource]:
    """The data that open a duty, the level it needs, what ends it, and the data that discharge it, as FHIRPath."""
    if rule.when.where:
        yield _condition("applicability", _path(rule.when, "when"), in_words(rule.when, titles))
    if rule.level:
        levels = ["I", "II", "III", "IV"]
        graver = " | ".join(f"'{level}'" for level in levels[: levels.index(rule.level) + 1])
        said = Text(zh=f"{rule.level} 级及以上响应", en=f"response at level {rule.level} or graver")
        yield _condition("applicability", f"%level in ({graver})", said)
    if rule.until:
        yield _condition("stop", _path(rule.until, "until"), in_words(rule.until, titles))
    if rule.must.where:
        yield _condition("stop", _path(rule.must, "must"), in_words(rule.must, titles))


def _condition(kind: str, expression: str, said: Text) -> Resource:
    body = {**both("description", said), "language": "text/fhirpath", "expression": expression}
    return {"kind": kind, "expression": body}


def _path(trigger: Trigger, name: str) -> str:
    """A trigger as FHIRPath over a fact: `%when.kind = 'temperature.read' and %when.data.celsius >= 37.3`."""
    tests = [_test(test, f"%{name}.data.{test.field}") for test in trigger.where]
    return " and ".join([f"%{name}.kind = {_literal(trigger.kind)}", *tests])


def _test(test: Condition, field: str) -> str:
    if isinstance(test.value, tuple):
        return f"{field} in ({' | '.join(map(_literal, test.value))})"
    return f"{field} {_SIGNS[test.op]} {_literal(test.value)}"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(value)


def _checklist(clause: Clause, plan: Plan, day: date) -> Iterator[Resource]:
    if checklist := clause.checklist:
        first = [day for name in references(checklist.every) for day in sorted(plan.scope[name].values)[:1]]
        every = Reader(plan.scope, max([day, *first])).period(checklist.every) or timedelta(days=1)
        items = [titled(Text(zh=item.zh, en=item.en)) for item in checklist.items]
        yield {**titled(checklist.title), "timingTiming": period_timing(every), "action": items}


def _others(clause: Clause) -> Iterator[Resource]:
    """The forms that nobody performs by a clock, as actions in words."""
    for group in clause.groups:
        roles = dict.fromkeys([group.lead, *group.deputies, *group.members])
        people = [{"type": "practitioner", "role": concept("role", role)} for role in roles]
        functions = [titled(function) for function in group.functions]
        yield {**titled(group.title), "participant": people, **({"action": functions} if functions else {})}
    for needing in (clause.guard, clause.criterion):
        for need in needing.requires if needing else ():
            yield titled(need.text)
    if clause.target:
        yield titled(clause.target.of)
    if clause.register_:
        yield titled(clause.register_.title)
    if clause.principle:
        yield titled(clause.principle.why)
