"""A fact that must not come in is refused by name, in both languages, and leaves nothing behind."""

import json
from typing import Any

import pytest

from bulou.kernel.ids import new_id

from .conftest import ELSEWHERE, Caller, World
from .refusals import assert_bilingual, refused

pytestmark = pytest.mark.usefixtures("nothing_stored")
BAD: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"kind": "weather.seen"}, ("fact.kind", "kind")),
    ({"kind": "x" * 100_000}, ("fact.kind", "kind")),
    ({"at": "2020-02-10T12:36:00+08:00"}, ("fact.time", "at")),
    ({"at": "2999-01-01T00:00:00+08:00"}, ("fact.time", "at")),
    ({"at": "0001-01-01T00:00:00+14:00"}, ("fact.time", "at")),
    ({"at": "9999-12-31T23:59:59-12:00"}, ("fact.time", "at")),
    ({"at": "2020-02-10T08:00:00"}, ("fact.malformed", "at")),
    ({"at": "this morning"}, ("fact.malformed", "at")),
    ({"area": ELSEWHERE}, ("fact.outside", "area")),
    ({"area": "12"}, ("fact.outside", "area")),
    ({"area": "nowhere"}, ("fact.area", "area")),
    ({"area": ""}, ("fact.area", "area")),
    ({"subject": f"person:{new_id()}"}, ("fact.nobody", "subject")),
    ({"subject": "person:somebody"}, ("fact.subject", "subject")),
    ({"subject": f"dog:{new_id()}"}, ("fact.subject", "subject")),
    ({"subject": f"place:{new_id()}"}, ("fact.subject", "subject")),
    ({"id": "7"}, ("fact.id", "id")),
    ({"supersedes": "that one"}, ("fact.id", "supersedes")),
    ({"data": {"celsius": 99}}, ("fact.data", "data.celsius")),
    ({"data": {"celsius": "warm"}}, ("fact.data", "data.celsius")),
    ({"data": {"celsius": None}}, ("fact.data", "data.celsius")),
    ({"data": {}}, ("fact.data", "data.celsius")),
    ({"data": {"celsius": 36.6, "mood": "good"}}, ("fact.data", "data.mood")),
]
"""What is changed in a good fact, and the code and field of its refusal."""
NO_TEXT: list[Any] = [5, [], {"a": 1}, True]


def test_facts_that_cannot_be_taken_are_refused_by_name(world: World, worker: Caller) -> None:
    receipt = worker.record([world.fact(**changes) for changes, _ in BAD])

    told = {refusal["place"]: (refusal["code"], refusal["field"]) for refusal in receipt["refused"]}
    assert {place: told.get(place) for place in range(len(BAD))} == dict(enumerate(expected for _, expected in BAD))
    for refusal in receipt["refused"]:
        assert_bilingual(refusal)


def test_a_fact_lacks_nothing(world: World, worker: Caller) -> None:
    keys = ("id", "kind", "subject", "area", "at")
    without = [{name: value for name, value in world.fact().items() if name != key} for key in keys]
    void = [world.fact(**{key: None}) for key in keys]

    receipt = worker.record(without + void)

    assert [(r["code"], r["field"]) for r in receipt["refused"]] == [("fact.absent", key) for key in keys] * 2


def test_a_fact_holds_text_where_text_belongs(world: World, worker: Caller) -> None:
    wrong = [(key, value) for key in ("id", "kind", "subject", "area", "at", "by", "supersedes") for value in NO_TEXT]
    wrong += [(key, value) for key in ("by", "supersedes", "data") for value in (0, False, 1.5, [1])]

    receipt = worker.record([world.fact(**{key: value}) for key, value in wrong])

    assert [(r["code"], r["field"]) for r in receipt["refused"]] == [("fact.malformed", key) for key, _ in wrong]


def test_what_is_no_object_is_no_fact(worker: Caller) -> None:
    receipt = worker.record([None, 5, "text", [], [[]], True])

    assert [(r["place"], r["code"]) for r in receipt["refused"]] == [(n, "fact.malformed") for n in range(6)]


def test_a_key_facts_do_not_have_is_told_rather_than_lost(world: World, worker: Caller) -> None:
    assert refused(worker, world.fact(supersede=str(new_id()))) == ("fact.unknown_key", "supersede")


def test_a_fact_cannot_correct_itself_nor_withdraw_nothing(world: World, worker: Caller) -> None:
    fact = world.fact()

    assert refused(worker, fact | {"supersedes": fact["id"].upper()}) == ("fact.itself", "supersedes")
    assert refused(worker, world.fact("fact.withdrawn", data={"reason": "x"})) == ("fact.withdrawn", "supersedes")


def test_text_no_database_keeps_is_refused(world: World, worker: Caller) -> None:
    data = {"celsius": 36.6}
    facts = [
        fact
        for text in ("\x00", "a\x00b", "\ud800", "\udfffx")
        for fact in (
            world.fact(kind=text),
            world.fact(by=text),
            world.fact(data=data | {"method": text}),
            world.fact(data=data | {text: 1}),
            world.fact(data=data | {"method": [{"a": [text]}]}),
            world.fact(**{text: 1}),
        )
    ]

    receipt = worker.send(json.dumps(facts)).json()

    assert {r["code"] for r in receipt["refused"]} == {"fact.text"}
    assert len(receipt["refused"]) == len(facts)


@pytest.mark.parametrize("depth", [17, 200])
def test_a_fact_nested_too_deeply_is_refused(depth: int, world: World, worker: Caller) -> None:
    deep: Any = 1
    for _ in range(depth):
        deep = [deep]

    assert refused(worker, world.fact(data={"celsius": deep})) == ("fact.deep", "data")


@pytest.mark.usefixtures("lived")
def test_an_id_used_for_something_else_is_refused_by_name(world: World, worker: Caller) -> None:
    (known,) = worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose="x", limit=1)["rows"]

    assert refused(worker, world.fact(id=known["id"])) == ("fact.conflict", "id")
