"""A plan as FHIR R4: a Bundle of one PlanDefinition (chapters, clauses, duties) and an ActivityDefinition a duty.

Only elements that R4 and R4B share are used, so the bundle is valid in both (ADR 0009). Chinese is the language of
every text; English is its `translation` extension. Numbers are those in force on one day.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from bulou.kernel.text import Text
from bulou.plan.chapters import Chapter, chapters
from bulou.plan.exchange.fhir_clauses import (
    Resource,
    both,
    citation,
    clause_action,
    concept,
    duty_action,
    system,
    titled,
)
from bulou.plan.exchange.fhir_timing import timing
from bulou.plan.models import Plan
from bulou.plan.prose import Names
from bulou.plan.rules import Rule, rules
from bulou.plan.standing import all_standing

MEDIA_TYPE = "application/fhir+json"
_TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"


def bundle(plan: Plan, titles: Names, day: date) -> Resource:
    """A plan's own clauses and duties, with the numbers in force on a day, as the JSON of a FHIR Bundle."""
    ours = [rule for rule in all_standing(rules(plan), day) if rule.plan == plan.id]
    resources = [_plan(plan, ours, titles, day), *(_activity(plan, rule, titles) for rule in ours)]
    return {
        "resourceType": "Bundle",
        "id": identifier(plan.id),
        "type": "collection",
        "timestamp": f"{day.isoformat()}T00:00:00Z",
        "entry": [{"fullUrl": resource["url"], "resource": resource} for resource in resources],
    }


def document(plan: Plan, titles: Names, day: date) -> bytes:
    """The bundle as it travels: JSON in UTF-8."""
    return json.dumps(bundle(plan, titles, day), ensure_ascii=False, separators=(",", ":")).encode()


def url(name: str) -> str:
    """The canonical address of a plan or duty: the same name has the same one everywhere."""
    return uuid5(NAMESPACE_URL, f"bulou:{name}").urn


def identifier(name: str) -> str:
    """A name as a FHIR id (letters, digits, hyphens, points; at most 64): as it is, or its UUID where it is longer."""
    plain = name.replace("/", ".")
    return plain if len(plain) <= 64 else str(uuid5(NAMESPACE_URL, f"bulou:{name}"))


def _plan(plan: Plan, ours: Sequence[Rule], titles: Names, day: date) -> Resource:
    return {
        "resourceType": "PlanDefinition",
        **_head(plan, plan.id, plan.title),
        "subtitle": plan.source,
        "type": {"coding": [{"system": _TYPES, "code": "workflow-definition"}]},
        "date": plan.issued.isoformat(),
        "approvalDate": plan.issued.isoformat(),
        **({"lastReviewDate": verified.isoformat()} if (verified := _verified(plan)) else {}),
        "effectivePeriod": {"start": plan.issued.isoformat()},
        "jurisdiction": [concept("area", plan.area or "CN", _area(plan))],
        **({"useContext": [_disease(plan.disease)]} if plan.disease else {}),
        "relatedArtifact": [{"type": "citation", "label": plan.source}, *_parents(plan), *_numbers(plan, day)],
        "action": [_chapter(chapter, plan, ours, titles, day) for chapter in chapters(plan)],
    }


def _head(plan: Plan, name: str, title: Text) -> Resource:
    """What both kinds of definition begin with."""
    return {
        "id": identifier(name),
        "language": "zh",
        "url": url(name),
        "identifier": [{"system": system("name"), "value": name}],
        "version": plan.issued.isoformat(),
        "name": "".join(word.capitalize() for word in name.replace("/", "-").replace(".", "-").split("-")),
        **titled(title),
        "status": "active",
        "experimental": False,
    }


def _activity(plan: Plan, rule: Rule, titles: Names) -> Resource:
    """One duty by itself: what must happen, by whom, when."""
    return {
        "resourceType": "ActivityDefinition",
        **_head(plan, rule.id, rule.title),
        "date": plan.issued.isoformat(),
        "relatedArtifact": [citation(rule.cites)],
        "kind": "Task",
        "intent": "order",
        "code": concept("fact-kind", rule.must.kind, titles.get(rule.must.kind)),
        **timing(rule),
        "participant": [{"type": "practitioner", "role": concept("role", rule.role, titles.get(rule.role))}],
    }


def _chapter(chapter: Chapter, plan: Plan, ours: Sequence[Rule], titles: Names, day: date) -> Resource:
    actions = []
    for clause in chapter.clauses:
        duties = [duty_action(rule, titles, url(rule.id)) for rule in ours if rule.clause == clause.clause]
        actions.append(clause_action(clause, duties, plan, day))
    return {**titled(chapter.heading), "groupingBehavior": "logical-group", "action": actions}


def _verified(plan: Plan) -> date | None:
    return max((parameter.last_verified for parameter in plan.parameters.values()), default=None)


def _area(plan: Plan) -> Text | None:
    return None if plan.area else Text(zh="全国", en="The whole country")


def _disease(disease: str) -> Resource:
    focus = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "focus"}
    return {"code": focus, "valueCodeableConcept": concept("disease", disease)}


def _parents(plan: Plan) -> Iterator[Resource]:
    for parent in plan.extends:
        yield {"type": "derived-from", "label": parent, "resource": url(parent)}


def _numbers(plan: Plan, day: date) -> Iterator[Resource]:
    """Each number with the document that sets it."""
    for name, parameter in sorted(plan.parameters.items()):
        if not parameter.values:
            continue
        since = max((start for start in parameter.values if start <= day), default=min(parameter.values))
        value = parameter.values[since]
        shown = value.value if isinstance(value.value, list) else [value.value]
        text = f"${name} = {', '.join(map(str, shown))} {parameter.unit}"
        yield {"type": "documentation", "label": text, **both("display", parameter.title), "citation": value.reference}
