"""What is taken and what is refused: every fact of a batch is created, unchanged or refused, whatever it holds."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import parse_fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, services
from bulou.ledger.check import Given
from bulou.ledger.engines import store
from bulou.ledger.intake import Receipt, check_all
from histories import START, trial_rules

NOW = START + timedelta(days=2)
VILLAGE = "120101001001"


@pytest.fixture(autouse=True)
def house(people: list[str], owners: dict[str, Unit]) -> Iterator[None]:
    with clock.at(NOW):
        services.adopt(trial_rules(), area="")
        yield


def reading(person: str, **changed: Any) -> dict[str, Any]:
    """A temperature as a device sends it."""
    plain = {"id": str(new_id()), "kind": "temperature.read", "subject": person, "area": VILLAGE}
    return {**plain, "at": (NOW - timedelta(hours=1)).isoformat(), "data": {"celsius": 36.6}, **changed}


def record(*facts: Given, area: str = "") -> Receipt:
    return services.record(facts, area=area)


def refusals(*facts: Given, area: str = "") -> list[tuple[str, str]]:
    """Code and field of each refusal; every one has its words in both languages."""
    receipt = record(*facts, area=area)
    for refusal in receipt.refused:
        assert refusal.problem.to("zh") != refusal.problem.to("en")
    return [(refusal.problem.code, refusal.problem.field) for refusal in receipt.refused]


def deep(levels: int) -> Any:
    found: Any = 1
    for _ in range(levels):
        found = [found]
    return found


def stored() -> int:
    with everywhere():
        ((number,),) = store.query("SELECT count(*) FROM fact")
    return int(number)


def test_a_batch_is_created_once_and_then_unchanged(people: list[str]) -> None:
    batch = [reading(person) for person in people]

    first, second = record(*batch), record(*batch)

    assert (first.created, first.unchanged, first.refused) == (2, 0, ())
    assert (second.created, second.unchanged, second.refused) == (0, 2, ())
    assert stored() == 2


def test_a_batch_may_repeat_itself(people: list[str]) -> None:
    fact = reading(people[0])

    receipt = record(fact, fact, json.dumps(fact))

    assert (receipt.created, receipt.unchanged) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"id": "7"}, "fact.id", "id"),
        ({"id": None}, "fact.absent", "id"),
        ({"kind": "temperature.guessed"}, "fact.kind", "kind"),
        ({"kind": 7}, "fact.malformed", "kind"),
        ({"subject": "person"}, "fact.subject", "subject"),
        ({"subject": "person:7"}, "fact.subject", "subject"),
        ({"subject": f"unit:{UUID(int=7)}"}, "fact.subject", "subject"),
        ({"subject": f"person:{UUID(int=7)}"}, "fact.nobody", "subject"),
        ({"area": "12010"}, "fact.area", "area"),
        ({"area": ""}, "fact.area", "area"),
        ({"area": "450103"}, "fact.outside", "area"),
        ({"at": "yesterday"}, "fact.malformed", "at"),
        ({"at": "2020-02-01T08:00:00"}, "fact.malformed", "at"),
        ({"at": (NOW + timedelta(minutes=6)).isoformat()}, "fact.time", "at"),
        ({"at": "1999-12-31T23:59:59+00:00"}, "fact.time", "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "fact.time", "at"),
        ({"by": 7}, "fact.malformed", "by"),
        ({"by": "a\tb"}, "fact.by", "by"),
        ({"supersedes": 12345678123456781234567812345678}, "fact.malformed", "supersedes"),
        ({"id": 12345678123456781234567812345678}, "fact.malformed", "id"),
        ({"supersede": str(UUID(int=7))}, "fact.unknown_key", "supersede"),
        ({"by": "a\x00b"}, "fact.text", "by"),
        ({"kind": "temperature.read\ud800"}, "fact.text", "kind"),
        ({"subject": "person:\x00"}, "fact.text", "subject"),
        ({"data": {"celsius": 20}}, "fact.data", "data.celsius"),
        ({"data": {"celsius": 36.6, "colour": "red"}}, "fact.data", "data.colour"),
        ({"data": {"celsius": 36.6, "method": "a\x00b"}}, "fact.text", "data"),
        ({"data": [36.6]}, "fact.malformed", "data"),
        ({"data": {"celsius": deep(17)}}, "fact.deep", "data"),
        ({"data": {}}, "fact.data", "data.celsius"),
        ({"supersedes": "7"}, "fact.id", "supersedes"),
        ({"supersedes": ["7"]}, "fact.malformed", "supersedes"),
        ({"kind": "fact.withdrawn", "data": {}}, "fact.withdrawn", "supersedes"),
    ],
)
def test_a_bad_fact_is_refused_by_its_field_and_the_rest_is_taken(
    changed: dict[str, Any], code: str, field: str, people: list[str]
) -> None:
    assert refusals(reading(people[0], **changed), reading(people[1]), area="12") == [(code, field)]
    assert stored() == 1


@pytest.mark.parametrize("name", ["id", "kind", "subject", "at"])
def test_an_absent_field_is_named(name: str, people: list[str]) -> None:
    fact = reading(people[0])
    del fact[name]

    assert refusals(fact) == [("fact.absent", name)]


def test_what_is_no_fact_at_all_is_refused() -> None:
    assert [code for code, _ in refusals("{", b"\xff", "[]", "7", "null", '{"at": NaN}')] == ["fact.malformed"] * 6


def test_a_fact_cannot_supersede_itself(people: list[str]) -> None:
    id = str(new_id())

    assert refusals(reading(people[0], id=id, supersedes=id.upper())) == [("fact.itself", "supersedes")]


def test_a_waiver_lacking_its_reason_is_refused(people: list[str]) -> None:
    data = {"duty": "trial/daily", "opens_at": NOW.isoformat(), "approved_by": "unit:1"}

    assert refusals(reading(people[0], kind="duty.waived", data=data)) == [("fact.data", "data.reason")]


def test_the_same_id_with_other_content_is_refused_in_a_batch_and_later(people: list[str]) -> None:
    fact = reading(people[0])
    other = {**fact, "data": {"celsius": 39}}

    assert refusals(fact, other) == [("fact.conflict", "id")]
    assert refusals(other) == [("fact.conflict", "id")]
    assert refusals({**fact, "subject": people[1]}) == [("fact.conflict", "id")]


def test_an_id_is_the_same_however_it_is_written(people: list[str]) -> None:
    fact = reading(people[0])
    shouted = {**fact, "id": fact["id"].upper(), "subject": fact["subject"].replace("person:", "person:{") + "}"}

    assert record(fact, shouted).unchanged == 1
    assert record(shouted).unchanged == 1
    with everywhere():
        assert [str(row.id) for row in selectors.facts_of(people[0])] == [fact["id"]]


def test_who_recorded_it_is_kept_in_one_spelling(people: list[str], owners: dict[str, Unit]) -> None:
    unit = f"unit:{next(iter(owners.values())).pk}"
    fact = reading(people[0], by=unit.replace("unit:", "unit:{").upper().replace("UNIT", "unit") + "}")

    assert record(fact, {**fact, "by": unit}).unchanged == 1
    with everywhere():
        assert [row.by for row in selectors.facts_of(people[0])] == [unit]


def test_a_fact_made_in_the_program_is_checked_as_one_that_was_sent(people: list[str]) -> None:
    good = parse_fact(reading(people[0]))
    spoilt: list[dict[str, Any]] = [
        {"by": 7},
        {"supersedes": UUID(int=7)},
        {"id": None},
        {"subject": "person:\x00"},
        {"data": {"celsius": 36.6, "method": "\ud800"}},
        {"data": {"celsius": deep(17)}},
    ]

    found = refusals(*(replace(good, **changed) for changed in spoilt))

    assert [code for code, _ in found] == ["fact.malformed"] * 3 + ["fact.text"] * 2 + ["fact.deep"]


def test_nobody_corrects_a_fact_of_another_area_by_any_door(people: list[str]) -> None:
    theirs = reading(people[0])
    record(theirs)
    elsewhere = reading(people[1], area="450103001001", supersedes=theirs["id"])
    fine = reading(people[1], area="450103001001")

    receipt = record(elsewhere, fine, elsewhere, area="45")

    assert [(refusal.place, refusal.problem.code) for refusal in receipt.refused] == [
        (0, "fact.outside"),
        (2, "fact.outside"),
    ]
    assert (receipt.created, receipt.unchanged, receipt.total) == (1, 0, 3)
    assert record(elsewhere).created == 1


def test_a_correction_inside_the_senders_area_is_taken(people: list[str]) -> None:
    wrong = reading(people[0])
    record(wrong, area="12")

    assert record(reading(people[0], supersedes=wrong["id"]), area="1201").created == 1


def test_corrections_cost_one_query_however_many(people: list[str]) -> None:
    first = [reading(people[0]) for _ in range(40)]
    record(*first)

    def queries(number: int) -> int:
        facts = [reading(people[0], supersedes=fact["id"]) for fact in first[:number]]
        with CaptureQueriesContext(connection) as seen:
            check_all(facts, area="12", latest=NOW)
        return len(seen)

    assert queries(1) == queries(40) <= 4
    assert queries(0) == 0


def test_a_refusal_names_the_line_the_field_and_the_remedy(people: list[str]) -> None:
    receipt = record(reading(people[0]), reading(people[0], id="7"))

    (refusal,) = receipt.refused

    assert refusal.to("en") == "fact 2: id: '7' is not a UUID. Use a UUID, made where the fact is made."
    assert refusal.to("zh").startswith("第 2 条: id: '7' 不是 UUID。请用 UUID")


def test_numbers_are_the_same_however_they_are_written(people: list[str]) -> None:
    fact = json.dumps(reading(people[0]))

    receipt = record(fact, json.loads(fact), fact.replace("36.6", "36.60"), fact.replace("36.6", "3.66e1"))

    assert (receipt.created, receipt.unchanged) == (1, 3)


def test_a_fact_a_little_ahead_of_the_clock_is_taken_and_waits_for_it(people: list[str]) -> None:
    ahead = NOW + timedelta(minutes=4)

    assert record(reading(people[0], at=ahead.isoformat(), data={"celsius": 39})).created == 1

    with everywhere():
        assert selectors.duties_of(people[0]) == []
        with clock.at(ahead):
            services.advance()
            assert {row.duty for row in selectors.duties_of(people[0])} == {"trial/fever"}


def test_drills_may_know_the_future(people: list[str]) -> None:
    later = reading(people[0], at=(NOW + timedelta(days=9)).isoformat())

    assert services.record([later], allow_future=True).created == 1


def test_nothing_of_nothing_is_nothing() -> None:
    assert record() == Receipt(0, 0, ())


def test_any_number_of_facts_comes_in_batches(people: list[str]) -> None:
    receipts = list(services.record_all([reading(people[n % 2]) for n in range(7)], size=3))

    assert [receipt.created for receipt in receipts] == [3, 3, 1]


texts = st.text(st.characters(exclude_categories=()), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
FIELDS = ["id", "kind", "subject", "area", "at", "by", "data", "supersedes"]


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[str, Any, bool]]:
    """What to spoil in each fact of a batch: which field, by what, and whether the fact comes twice."""
    spoilt = st.sampled_from([*FIELDS, "data.method", "data.celsius", ""])
    return draw(st.lists(st.tuples(spoilt, values | st.datetimes().map(str), st.booleans()), max_size=5))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=batches())
def test_rows_in_are_created_unchanged_or_refused_whatever_comes(
    batch: list[tuple[str, Any, bool]], people: list[str]
) -> None:
    facts = []
    for field, value, twice in batch:
        fact = reading(people[0])
        if field.startswith("data."):
            fact["data"] = {"celsius": 36.6, field.removeprefix("data."): value}
        elif field:
            fact[field] = value
        facts += [fact] * (2 if twice else 1)

    with transaction.atomic():
        receipt = record(*facts)
        again = record(*facts)

    assert receipt.total == len(facts)
    assert (again.created, len(again.refused)) == (0, len(receipt.refused))
    assert again.unchanged == receipt.created + receipt.unchanged


@pytest.mark.parametrize("many", [1, services.FEW + 1], ids=["fast path", "whole path"])
@pytest.mark.parametrize("text", [r"a\b\\c", 'says "so"', "tab\tline\nreturn\r", "体温计·坏了", r"\N", "\\."])
def test_every_character_of_a_fact_is_kept_by_either_path(people: list[str], text: str, many: int) -> None:
    facts = [reading(people[0], kind="symptoms.reported", data={"symptoms": [], "since": text}) for _ in range(many)]

    receipt = record(*facts)

    assert receipt.created == many, receipt.refused
    with everywhere():
        assert {fact.data["since"] for fact in selectors.facts_of(people[0])} == {text}
    assert record(*facts).unchanged == many


def test_who_recorded_it_may_have_any_printable_name(people: list[str]) -> None:
    by = r"unit:the \ village \N office"

    record(*(reading(people[0], by=by) for _ in range(services.FEW + 1)))

    with everywhere():
        assert {fact.by for fact in selectors.facts_of(people[0])} == {by}
