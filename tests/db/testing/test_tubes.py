"""Tubes follow from facts by any door, are found by their code in the session's scope, along an index."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.directory.services import NewPerson, person_register
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.history import values_of
from bulou.operations.testing import follower, selectors
from bulou.operations.testing.models import Specimen

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HERE, COUNTY, FAR = "120101001001", "120101", "450103"
HOUR = timedelta(hours=1)
CODE = "TJ20-0210/017"
POOL = "0197a000-0000-7000-8000-000000000077"


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def patient(areas: Any, now: datetime) -> Person:
    with everywhere():
        return person_register(NewPerson("甲", HERE, synthetic=True))


def fact(
    kind: str, subject: str, hours: float, /, area: str = HERE, supersedes: str | None = None, **data: Any
) -> Fact:
    return Fact(str(new_id()), kind, subject, HERE, NOW - hours * HOUR, None, data, supersedes)


def record(*facts: Fact) -> None:
    with everywhere():
        assert ledger.record(list(facts)).refused == ()


def found(text: str, area: str = COUNTY) -> list[selectors.TubeHit]:
    with scope(area):
        return selectors.tubes_find(text, area=area)


def course(person: Person) -> list[Fact]:
    who = f"person:{person.pk}"
    return [
        fact("specimen.collected", who, 9, tube=CODE, risk="at_risk"),
        fact("specimen.received", who, 6, tube=CODE),
        fact("specimen.resulted", who, 2, tube=CODE, result="positive"),
    ]


@pytest.mark.parametrize("text", [CODE, "tj20", "TJ20-02", "ｔｊ２００２１０", "tj200210017"])
def test_a_tube_is_found_by_the_beginning_of_its_code_whatever_its_signs(patient: Person, text: str) -> None:
    record(*course(patient))

    (hit,) = found(text)

    assert (hit.code, hit.name, hit.stage, hit.result) == (CODE, "甲", "specimen.resulted", "positive")
    assert hit.subject == f"person:{patient.pk}"


@pytest.mark.parametrize("text", ["", "t", "tj", "甲", "board", "017", "xx20", "tj20%", "\\"])
def test_what_is_no_beginning_of_a_code_finds_no_tube(patient: Person, text: str) -> None:
    record(*course(patient))

    assert [hit.code for hit in found(text)] == ([CODE] if text == "tj20%" else [])


def test_a_tube_says_how_far_it_is(patient: Person) -> None:
    stages = []
    for one in course(patient):
        record(one)
        stages.append((found("tj20")[0].stage, found("tj20")[0].result))

    assert stages == [
        ("specimen.collected", ""),
        ("specimen.received", ""),
        ("specimen.resulted", "positive"),
    ]


def test_any_order_of_arrival_leaves_the_same_rows(patient: Person) -> None:
    facts, kept = course(patient), set()

    for order in permutations(facts):
        with everywhere():
            Specimen.objects.all().delete()
        record(*order)
        with everywhere():
            follower.follow({f"person:{patient.pk}"}, NOW)
            kept.add(tuple(values_of(row) for row in Specimen.objects.all()))

    assert len(kept) == 1


def test_a_result_that_is_withdrawn_is_no_result(patient: Person) -> None:
    facts = course(patient)
    record(*facts)

    record(fact("fact.withdrawn", facts[2].subject, 1, supersedes=facts[2].id, reason="mixed up"))

    assert [(hit.stage, hit.result) for hit in found("tj20")] == [("specimen.received", "")]


def test_two_people_in_one_tube_are_both_found_and_two_tubes_of_one_person_too(patient: Person, areas: Any) -> None:
    with everywhere():
        other = person_register(NewPerson("乙", HERE, synthetic=True))
    record(
        fact("specimen.collected", f"person:{patient.pk}", 3, tube="P-100"),
        fact("specimen.collected", f"person:{other.pk}", 3, tube="P-100"),
        fact("specimen.collected", f"person:{patient.pk}", 1, tube="P-101"),
    )

    assert {(hit.code, hit.name) for hit in found("p10")} == {("P-100", "甲"), ("P-100", "乙"), ("P-101", "甲")}


def test_a_tube_that_is_a_subject_of_its_own_is_found_without_a_name(areas: Any, now: datetime) -> None:
    record(fact("specimen.received", f"tube:{POOL}", 2, tube="POOL-7"))

    assert [(hit.code, hit.name, hit.subject) for hit in found("pool7")] == [("POOL-7", "", f"tube:{POOL}")]


def test_a_sample_without_a_tube_is_no_tube(patient: Person) -> None:
    record(fact("specimen.collected", f"person:{patient.pk}", 3, risk="at_risk"))

    with everywhere():
        assert not Specimen.objects.exists()


def test_a_tube_out_of_scope_is_not_found(patient: Person) -> None:
    record(*course(patient))

    assert found("tj20", FAR) == []
    with scope(FAR):
        assert selectors.tubes_find("tj20") == []
        assert not Specimen.objects.exists()


def test_only_so_many_are_given(patient: Person) -> None:
    record(*(fact("specimen.collected", f"person:{patient.pk}", n + 1, tube=f"B-{n:03}") for n in range(12)))

    with scope(COUNTY):
        assert [hit.code for hit in selectors.tubes_find("b00", limit=3)] == ["B-000", "B-001", "B-002"]


def test_everything_can_be_derived_anew(patient: Person) -> None:
    record(*course(patient))
    with everywhere():
        before = [values_of(row) for row in Specimen.objects.all()]
        Specimen.objects.all().delete()

        follower.follow(None, NOW)

        assert [values_of(row) for row in Specimen.objects.all()] == before


def test_the_index_serves_under_row_level_security(patient: Person, make_unit: Callable[..., Unit]) -> None:
    """Measured by EXPLAIN: among many tubes only those of the range are looked at."""
    with everywhere():
        made = (
            Specimen(id=new_id(), code=f"K{n:05}", key=f"k{n:05}", subject="tube:x", area=HERE, stage="s", at=NOW)
            for n in range(3000)
        )
        Specimen.objects.bulk_create(made)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE; ANALYZE specimen; SET ROLE bulou_app")

    with scope(COUNTY), connection.cursor() as cursor:
        given = {"key": "k0100", "end": "k0100\U0010ffff", "lo": COUNTY, "hi": "120102", "limit": 9}
        cursor.execute(f"EXPLAIN {selectors._FIND}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "specimen_key" in plan
    assert "Seq Scan on specimen" not in plan
