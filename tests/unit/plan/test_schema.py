"""The JSON Schema of a plan's files: it takes what is right, points at what is wrong, and offers every word."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.plan.schema import FILES, schema
from bulou.plan.schema_words import descriptions
from bulou.plan.tree import read_tree
from bulou.plan.vocabulary import BOOKKEEPING
from unit.plan.conftest import CLAUSES, PARAMETERS, PLAN

PLANS = Path(__file__).parents[3] / "plans"
WHERE = {"plan": "plan.yaml", "parameters": "parameters.yaml", "clauses": "clauses/*.yaml", "cases": "cases/*.yaml"}


@cache
def made(file: str) -> dict[str, Any]:
    return schema(file, fact_kinds(), ROLES)


def complaints(file: str, data: Any) -> list[tuple[str, str]]:
    """Where the schema finds something wrong, and what."""
    checker = jsonschema.Draft7Validator(made(file))
    return [("/".join(map(str, e.absolute_path)), e.message) for e in checker.iter_errors(data)]


def read(path: Path) -> Any:
    return json.loads(json.dumps(read_tree(path, path.name).data, default=float))


def clause(**keys: Any) -> list[dict[str, Any]]:
    """The little plan's second clause with keys of its duty replaced; None takes one out."""
    second = yaml.safe_load(CLAUSES)[1]
    duty = second["duties"][0] | keys
    second["duties"] = [{key: value for key, value in duty.items() if value is not None}]
    return [second]


@pytest.mark.parametrize("file", FILES)
def test_it_is_itself_valid(file: str) -> None:
    jsonschema.Draft7Validator.check_schema(made(file))


@pytest.mark.parametrize("file", ["plan", "parameters", "clauses"])
@pytest.mark.parametrize("plan", sorted(path.parent.name for path in PLANS.glob("*/plan.yaml")))
def test_it_takes_the_official_plans(plan: str, file: str) -> None:
    for path in (PLANS / plan).glob(WHERE[file]):
        assert complaints(file, read(path)) == [], path


def test_it_takes_the_cases_of_an_official_plan() -> None:
    for path in (PLANS / "guangxi-2020-9").glob(WHERE["cases"]):
        assert complaints("cases", read(path)) == [], path


@pytest.mark.parametrize(("file", "text"), [("plan", PLAN), ("parameters", PARAMETERS), ("clauses", CLAUSES)])
def test_it_takes_the_little_plan(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / "little.yaml"
    path.write_text(text, encoding="utf-8")

    assert complaints(file, read(path)) == []


@pytest.mark.parametrize(("keys", "place"), [
    ({"by": "nobody"}, "0/duties/0/by"),
    ({"must": "nothing.happened"}, "0/duties/0/must"),
    ({"must": "fact.withdrawn"}, "0/duties/0/must"),
    ({"until": {"after": "14 days"}}, "0/duties/0/until"),
    ({"level": {"at_least": "V"}}, "0/duties/0/level/at_least"),
    ({"within": "2h"}, "0/duties/0/within"),
    ({"wihtin": "PT2H"}, "0/duties/0"),
    ({"when": None}, "0/duties/0"),
    ({"tell": [{"after": "PT2H", "role": "nobody"}]}, "0/duties/0/tell/0/role"),
])  # fmt: skip
def test_it_points_at_the_mistake(keys: dict[str, Any], place: str) -> None:
    assert place in [found for found, _ in complaints("clauses", clause(**keys))]


@pytest.mark.parametrize("where", [
    {"celsius": {"gte": "$fever_threshold"}},
    {"celsius": {"gte": 37, "lt": 40}},
    {"celsius": [37, 38]},
    {"celsius": "$fever_threshold"},
])  # fmt: skip
def test_a_condition_on_a_field_there_is_passes(where: dict[str, Any]) -> None:
    assert complaints("clauses", clause(when={"fact": "temperature.read", "where": where})) == []


@pytest.mark.parametrize("where", [
    {"fahrenheit": 99},
    {"celsius": "hot"},
    {"celsius": {"atleast": 37}},
    {"celsius": []},
    {"celsius": {}},
])  # fmt: skip
def test_a_condition_that_cannot_be_is_pointed_at(where: dict[str, Any]) -> None:
    assert complaints("clauses", clause(when={"fact": "temperature.read", "where": where}))


def test_only_numbers_are_compared_in_order() -> None:
    assert complaints("clauses", clause(must={"fact": "medic.assessed", "where": {"finding": {"gte": 1}}}))


def test_an_option_a_field_does_not_have_is_pointed_at() -> None:
    assert complaints("clauses", clause(must={"fact": "medic.assessed", "where": {"finding": "suspect"}})) == []
    assert complaints("clauses", clause(must={"fact": "medic.assessed", "where": {"finding": "tired"}}))


def test_kinds_and_roles_are_offered_with_their_titles() -> None:
    words = made("clauses")["definitions"]

    assert set(words["kind"]["enum"]) == set(fact_kinds()) - set(BOOKKEEPING)
    assert words["role"]["enum"] == list(ROLES)
    told = dict(zip(words["kind"]["enum"], words["kind"]["enumDescriptions"], strict=True))
    assert told["temperature.read"].endswith("Temperature read")


def test_the_fields_of_a_case_s_fact_are_those_of_its_kind() -> None:
    fact = {"kind": "temperature.read", "at": "2020-02-03 08:00", "data": {"celsius": 38.1}}
    case = {"name": {"zh": "甲", "en": "A"}, "now": "2020-02-03 10:30", "facts": [fact], "expect": []}

    assert complaints("cases", [case]) == []
    assert complaints("cases", [{**case, "facts": [{**fact, "data": {"celcius": 38.1}}]}])
    assert complaints("cases", [{**case, "now": "yesterday"}])


def test_every_key_is_described_in_both_languages_and_no_description_is_left_over() -> None:
    keys = {
        f"{name}.{key}"
        for file in FILES
        for name, part in made(file)["definitions"].items()
        if "." not in name
        for key in part.get("properties", {})
    }

    assert keys == set(descriptions())
    assert all(" · " in text for text in descriptions().values())
