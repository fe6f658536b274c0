"""Plans as FHIR."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.plan.exchange import fhir
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.prose import names

PLANS = Path(__file__).parents[3] / "plans"
DAY = date(2020, 2, 10)
TITLES = names(fact_kinds(), ROLES)
NOT_IN_R4 = {"subjectCanonical"}
"""What R4B added to the two definitions."""


@pytest.fixture(scope="module")
def guangxi() -> Plan:
    return load(PLANS / "guangxi-2020-9")


@pytest.fixture(scope="module")
def resources(guangxi: Plan) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in fhir.bundle(guangxi, TITLES, DAY)["entry"]]


def actions(action: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield action
    for part in action.get("action", ()):
        yield from actions(part)


def keys(value: Any) -> Iterator[str]:
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(part)
    if isinstance(value, dict):
        yield from value


def duty(resources: list[dict[str, Any]], title: str) -> dict[str, Any]:
    """The action of a duty by its English title."""
    (found,) = [
        action
        for action in actions(resources[0])
        if "definitionCanonical" in action and english(action, "title") == title
    ]
    return found


def english(element: dict[str, Any], name: str) -> str:
    return str(element[f"_{name}"]["extension"][0]["extension"][1]["valueString"])


@pytest.mark.parametrize("path", sorted(PLANS.glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_every_plan_is_a_valid_bundle_with_a_definition_for_each_duty(path: Path) -> None:
    plan = load(path.parent)

    bundle = Bundle.model_validate_json(fhir.document(plan, TITLES, DAY))

    kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
    assert kinds == ["PlanDefinition"] + ["ActivityDefinition"] * len(plan.duties)


def test_only_what_r4_has_is_used(resources: list[dict[str, Any]]) -> None:
    assert NOT_IN_R4 & set(keys(resources)) == set()


def test_a_document_says_the_same_each_time(guangxi: Plan) -> None:
    assert fhir.document(guangxi, TITLES, DAY) == fhir.document(guangxi, TITLES, DAY)


def test_ids_are_those_fhir_allows_and_no_two_are_alike(resources: list[dict[str, Any]]) -> None:
    ids = [resource["id"] for resource in resources]

    assert len(set(ids)) == len(ids)
    assert fhir.identifier("a/b") == "a.b"
    assert len(fhir.identifier("x" * 65)) == 36


def test_clauses_stand_under_their_chapters_with_their_citations(
    guangxi: Plan, resources: list[dict[str, Any]]
) -> None:
    chapters = resources[0]["action"]

    assert [chapter["title"] for chapter in chapters][:2] == ["总述", "1. 排查不漏"]
    clauses = [clause for chapter in chapters for clause in chapter["action"]]
    assert [clause["prefix"] for clause in clauses] == [clause.clause for clause in guangxi.clauses]
    assert clauses[0]["documentation"] == [{"type": "citation", "label": guangxi.clauses[0].cites}]


def test_every_duty_points_at_its_definition(resources: list[dict[str, Any]]) -> None:
    plan, *definitions = resources
    pointed = [action["definitionCanonical"] for action in actions(plan) if "definitionCanonical" in action]

    assert pointed == [definition["url"] for definition in definitions]


def test_a_recurring_duty_has_its_times_of_day(resources: list[dict[str, Any]]) -> None:
    found = duty(resources, "Take temperature every morning and evening")

    assert found["timingTiming"]["repeat"] == {
        "duration": 6,
        "durationUnit": "h",
        "frequency": 2,
        "period": 1,
        "periodUnit": "d",
        "timeOfDay": ["06:00:00", "16:00:00"],
    }


def test_a_duty_once_has_its_deadline_its_trigger_and_its_role(resources: list[dict[str, Any]]) -> None:
    found = duty(resources, "A person with an abnormal temperature is seen by a medic")

    assert found["timingDuration"] == {"value": 2, "unit": "h", "system": "http://unitsofmeasure.org", "code": "h"}
    assert found["trigger"] == [{"type": "named-event", "name": "temperature.read"}]
    assert found["condition"][0]["expression"]["expression"] == (
        "%when.kind = 'temperature.read' and %when.data.celsius >= 37.3"
    )
    assert found["participant"][0]["role"]["coding"][0]["code"] == "township_clinic"


def test_numbers_come_with_the_documents_that_set_them(guangxi: Plan, resources: list[dict[str, Any]]) -> None:
    cited = [artifact for artifact in resources[0]["relatedArtifact"] if artifact["type"] == "documentation"]

    assert len(cited) == len(guangxi.parameters)
    assert all(artifact["citation"] for artifact in cited)


def test_a_checklist_is_an_action_with_its_items() -> None:
    plan = load(PLANS / "shenyang-normalised")
    checklists = [clause.checklist for clause in plan.clauses if clause.checklist]
    resources = [entry["resource"] for entry in fhir.bundle(plan, TITLES, DAY)["entry"]]

    listed = {action["title"]: len(action.get("action", ())) for action in actions(resources[0]) if "title" in action}

    assert checklists
    assert all(listed[checklist.title.zh] == len(checklist.items) for checklist in checklists)


def test_a_level_is_a_condition() -> None:
    plan = load(PLANS / "wujin-2020-54")

    text = json.dumps(fhir.bundle(plan, TITLES, DAY), ensure_ascii=False)

    assert "%level in ('I' | 'II')" in text


def test_a_quote_in_a_value_does_not_end_it() -> None:
    from bulou.plan.exchange.fhir_clauses import _literal

    assert [_literal(value) for value in ("a'b\\", True, 37)] == ["'a\\'b\\\\'", "true", "37"]
