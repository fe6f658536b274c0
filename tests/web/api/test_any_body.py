"""Whatever is sent, the API answers: never a fault of its own, and every fact is accounted for."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory.models import Place
from bulou.directory.scope import everywhere
from bulou.kernel.facts import KINDS
from bulou.kernel.ids import SUBJECT_TYPES

from .conftest import COUNTY, ELSEWHERE, VILLAGE, Caller, World

NUMBERS = st.integers(-(10**40) + 1, 10**40 - 1) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda x: x == 0 or 1e-39 < abs(x) < 1e39
)
ANY = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TIMES = st.sampled_from(["2020-02-10T08:00:00+08:00", "2020-02-10T00:00Z", "2020-W07-1T08:00+08:00", "24:00"])
AREAS = st.sampled_from([VILLAGE] * 6 + [COUNTY, ELSEWHERE, "", "１２"])
RARELY = st.sampled_from([False, False, True])
SPELLINGS = st.sampled_from(["%s", "%s", "{%s}", "urn:uuid:%s", "%s "])
ANYHOW = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def place(world: World) -> str:
    with everywhere():
        return f"place:{Place.objects.create(name='小学', kind='school', area_id=VILLAGE).pk}"


def fitting(schema: dict[str, Any], known: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values a JSON Schema allows, as far as its types and limits go."""
    if "$ref" in schema:
        return fitting(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return st.one_of([fitting(part, known) for part in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    match schema.get("type"):
        case "array":
            return st.lists(fitting(schema.get("items", {}), known), min_size=schema.get("minItems", 0), max_size=3)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", 0), schema.get("maximum", 9))
        case "number":
            return st.decimals(schema.get("minimum", 0), schema.get("maximum", 9), places=2).map(float)
        case "null":
            return st.none()
    return st.sampled_from(["PT2H", "2020-02-09", "2020-02-09T08:00:00+08:00", "person:" + str(UUID(int=7)), "文字"])


@st.composite
def facts(draw: st.DrawFn, subjects: dict[str, str]) -> dict[str, Any]:
    """A fact of some kind as its schema wants it, sometimes with anything at all in one of its places."""
    data = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    schema = data.model_json_schema(by_alias=True)
    fields = {name: fitting(part, schema.get("$defs", {})) for name, part in schema.get("properties", {}).items()}
    required = {name: fields.pop(name) for name in schema.get("required", [])}
    fact: dict[str, Any] = {
        "id": draw(SPELLINGS) % draw(st.uuids()),
        "kind": data.kind,
        "subject": subjects[draw(st.sampled_from(sorted(data.on)))],
        "area": draw(AREAS),
        "at": draw(TIMES),
        "data": draw(st.fixed_dictionaries(required, optional=fields)),
    }
    wrong = draw(st.sampled_from(["", *fact, "by", "supersedes", "extra", "field"])) if draw(RARELY) else ""
    if wrong == "field":
        fact["data"][draw(st.sampled_from([*fields, *required, "note"]))] = draw(ANY)
    elif wrong:
        fact[wrong] = draw(ANY)
    return fact


@pytest.mark.usefixtures("lived")
@ANYHOW
@given(draw=st.data())
def test_every_fact_sent_is_created_unchanged_or_refused(
    draw: st.DataObject, world: World, commander: Caller, place: str
) -> None:
    subjects = {kind: f"{kind}:{UUID(int=7)}" for kind in SUBJECT_TYPES} | {
        "person": f"person:{str(world.inside.pk).upper()}",
        "place": place,
        "unit": f"unit:{world.office.pk}",
        "area": f"area:{COUNTY}",
        "episode": world.episode,
    }
    batch = draw.draw(st.lists(facts(subjects), min_size=8, max_size=12))

    receipt = commander.record(json.dumps(batch))
    again = commander.record(json.dumps(batch))

    assert receipt["created"] + receipt["unchanged"] + len(receipt["refused"]) == len(batch)
    assert (again["created"], again["unchanged"]) == (0, receipt["created"] + receipt["unchanged"])


@ANYHOW
@given(body=st.binary(max_size=60) | st.text('[]{},:"0123456789eE+-.\\u Na', max_size=40).map(str.encode))
def test_any_bytes_are_answered(body: bytes, worker: Caller) -> None:
    for content_type in ("application/json", "application/x-ndjson"):
        response = worker.send(body, content_type)

        assert response.status_code in (200, 400, 415), response.content


@settings(ANYHOW, max_examples=15)
@given(name=st.text(max_size=30), value=st.text(max_size=30))
def test_any_address_and_any_parameter_are_answered(name: str, value: str, worker: Caller) -> None:
    for path in ("/duties/{}", "/subjects/{}/facts", "/areas/{}", "/plans/{}"):
        spelt = path.format(name.replace("/", "").replace("?", "").replace("#", "")) if name else path
        assert worker.get(spelt, purpose="x", after=value).status_code < 500, spelt
    for parameter in ("area", "day", "state", "no_miss", "clause", "after", "limit", "duty", "unowned"):
        assert worker.get("/misses", **{parameter: value}).status_code in (200, 403, 422)
        assert worker.get("/duties", **{parameter: value}).status_code in (200, 403, 422)
