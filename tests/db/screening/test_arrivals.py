"""Arrivals keep up with facts from every door; people declare themselves; communities answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere, nowhere
from bulou.directory.services import NewPerson, person_register
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as reading
from bulou.ledger import services as ledger
from bulou.no_miss.screening import declaring, receiving, selectors
from bulou.no_miss.screening.declaring import Declared
from bulou.no_miss.screening.models import Arrival, Declaration, Enrolment
from bulou.oversight.drills.synthetic.people import id_number

from .conftest import COUNTY, DAY, HERE, HOUR, NEXT, NOW, Village

Scope = Callable[[str], AbstractContextManager[None]]
SAID = Declared("申报人", "resident", "", "19900000123", HERE, "450103", NOW - HOUR, "rail", "G521", "3门201")


def number(sequence: int = 997) -> str:
    return id_number("120101", date(2000, 1, 1), sequence)


@pytest.fixture
def said(home: Village) -> Declared:
    return replace(SAID, id_number=number())


def arrivals() -> list[Arrival]:
    with everywhere():
        return list(Arrival.objects.order_by("at", "id"))


class TestFollowing:
    def test_a_carriers_list_and_a_checkpoint_tell_of_one_arrival(self, home: Village) -> None:
        home.happen("arrival.declared", 0, NOW - 5 * HOUR, from_area="4501", risk="low", source="carrier")
        home.happen("arrival.checked", 0, NOW - 3 * HOUR, outcome="passed")

        (found,) = arrivals()

        assert (found.told, found.outcome, found.state) == ("carrier checkpoint", "passed", "waiting")

    def test_a_grade_announced_later_for_that_day_bears_on_who_came(self, home: Village) -> None:
        home.happen("arrival.declared", 0, NOW - HOUR, from_area="450103", risk="low")
        assert arrivals()[0].graded == ""

        home.happen("risk.graded", "area:45", NOW - DAY, area="45", risk="high")

        (found,) = arrivals()
        assert (found.risk, found.graded, found.gravest) == ("low", "high", "high")

    def test_a_declaration_taken_back_never_was_and_a_rebuild_changes_nothing(self, home: Village) -> None:
        id = home.happen("arrival.declared", 0, NOW - HOUR, risk="high")
        home.happen("arrival.declared", 1, NOW - HOUR, risk="low", source="self")
        home.happen("arrival.received", 1, NOW, outcome="not_here")
        home.happen("fact.withdrawn", 0, NOW, reason="wrong person", supersedes=id)
        before = [one.pk for one in arrivals()]

        ledger.rebuild()

        assert [one.pk for one in arrivals()] == before
        assert [(one.person_id, one.state) for one in arrivals()] == [(home.people[1].pk, "not_here")]

    def test_pages_states_risks_and_names_narrow_them(self, home: Village) -> None:
        for number_, risk in enumerate(("low", "medium", "high")):
            home.happen("arrival.declared", number_, NOW - number_ * DAY, risk=risk)
        home.happen("arrival.received", 0, NOW, outcome="here")
        with everywhere():
            first = selectors.arrivals(COUNTY, limit=2)
            rest = selectors.arrivals(COUNTY, after=str(first[-1].id))
            found = [selectors.arrivals(COUNTY, **by) for by in ({"state": "here"}, {"risk": "high"}, {"text": "乙"})]

            assert [one.risk for one in (*first, *rest)] == ["low", "medium", "high"]
            assert [[one.risk for one in rows] for rows in found] == [["low"], ["high"], ["medium"]]
            assert selectors.states(COUNTY) == {"here": 1, "waiting": 2}
            assert [one.id for one in selectors.arrivals_stream(COUNTY)] == [one.id for one in (*first, *rest)]

    def test_another_village_sees_none(self, home: Village, scope: Scope) -> None:
        home.happen("arrival.declared", 0, NOW, risk="high")

        with scope(NEXT):
            assert selectors.arrivals("") == []


class TestDeclaring:
    def test_somebody_new_is_put_on_file_and_waits_for_the_community(self, said: Declared) -> None:
        receipt = declaring.declare(said, origin="192.0.2.1")

        (found,) = arrivals()
        with everywhere():
            person = Person.objects.get(id=found.person_id)
        assert (found.pk, found.state, found.told, found.from_area, found.vehicle) == (
            receipt.id,
            "waiting",
            "self",
            "450103",
            "G521",
        )
        assert (person.name, person.area_id) == ("申报人", HERE)
        assert len(receipt.number) == 9

    def test_a_file_there_is_stays_as_it_is(self, said: Declared) -> None:
        with everywhere():
            known = person_register(
                NewPerson("原名", "450103", id_number=said.id_number, phone="19900000555", synthetic=True)
            )
            before = Person.objects.filter(pk=known.pk).values().get()

        declaring.declare(said, origin="192.0.2.1")

        with everywhere():
            assert Person.objects.filter(pk=known.pk).values().get() == before
        assert [one.person_id for one in arrivals()] == [known.pk]

    def test_the_community_reads_what_they_are_called_though_their_file_is_elsewhere(
        self, said: Declared, scope: Scope
    ) -> None:
        with everywhere():
            known = person_register(NewPerson("原名", "450103", id_number=said.id_number, synthetic=True))
        declaring.declare(said, origin="192.0.2.1")

        with scope(HERE):
            assert selectors.declared_names([known.pk]) == {known.pk: ("申报人", "199****0123")}
        with scope(NEXT):
            assert selectors.declared_names([known.pk]) == {}

    def test_what_is_kept_is_sealed(self, said: Declared) -> None:
        declaring.declare(said, origin="192.0.2.1")

        with connection.cursor() as cursor, everywhere():
            cursor.execute("SELECT to_jsonb(d)::text FROM declaration d")
            ((row,),) = cursor.fetchall()
        assert not any(word in row for word in ("申报人", "19900000123", "3门201", "192.0.2.1"))

    def test_the_risk_is_what_the_origin_was_graded_that_day(self, home: Village, said: Declared) -> None:
        home.happen("risk.graded", "area:45", NOW - DAY, area="45", risk="medium")
        declaring.declare(said, origin="a")
        declaring.declare(replace(said, id_number=number(999), from_area=""), origin="a")

        assert {one.from_area: one.risk for one in arrivals()} == {"450103": "medium", "": "high"}
        assert declaring.risk_from("33", NOW) == "low"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"id_number": "120101200001019970"}, "id_number"),
            ({"phone": "123"}, "phone"),
            ({"name": "  "}, "name"),
            ({"arrived_at": NOW + HOUR}, "arrived_at"),
            ({"arrived_at": NOW - 15 * DAY}, "arrived_at"),
            ({"area": "120101"}, "area"),
            ({"area": "999999999999"}, "area"),
            ({"from_area": "99"}, "area"),
        ],
    )
    def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(
        self, said: Declared, wrong: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(BulouError) as refused:
            declaring.declare(replace(said, **wrong), origin="192.0.2.1")

        assert refused.value.problems[0].field == field
        with everywhere():
            assert (Declaration.objects.count(), Arrival.objects.count()) == (0, 0)

    def test_too_many_from_one_address_are_refused_and_others_are_not(
        self, said: Declared, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(declaring, "MOST", 2)
        for sequence in (995, 993):
            declaring.declare(replace(said, id_number=number(sequence)), origin="192.0.2.1")

        with pytest.raises(BulouError, match="hour"):
            declaring.declare(said, origin="192.0.2.1")

        declaring.declare(said, origin="192.0.2.2")
        monkeypatch.setattr(declaring, "WITHIN", timedelta(0))
        declaring.declare(said, origin="192.0.2.1")

    def test_a_receipt_is_found_by_its_id_alone(self, said: Declared) -> None:
        made = declaring.declare(said, origin="192.0.2.1")

        with nowhere():
            found = declaring.receipt(made.id)
            assert found
            assert found[0] == made
            assert declaring.receipt(uuid4()) is None


class TestAnswering:
    @pytest.fixture
    def clerk(self, home: Village, make_account: Callable[..., Account]) -> Account:
        return make_account("clerk", home.unit, "village_committee")

    def test_here_confirms_and_registers_who_comes_from_where_it_is_risky(self, home: Village, clerk: Account) -> None:
        id = home.happen("arrival.declared", 0, NOW - HOUR, from_area="4501", risk="high")
        form = new_id()

        with everywhere():
            for _ in range(2):
                assert receiving.answer(arrivals()[0].pk, "here", by=clerk, id=form).state == "here"
            enrolled = Enrolment.objects.get()

        assert (enrolled.category, str(arrivals()[0].pk)) == ("arrival", id)
        with everywhere():
            kinds = [fact.kind for fact in reading.facts_of(f"person:{home.people[0].pk}")]
        assert sorted(kinds) == ["arrival.declared", "arrival.received", "person.enrolled"]

    def test_who_comes_from_where_it_is_safe_is_only_confirmed(self, home: Village, clerk: Account) -> None:
        home.happen("arrival.declared", 0, NOW - HOUR, from_area="4501", risk="low")

        with everywhere():
            receiving.answer(arrivals()[0].pk, "here", by=clerk, id=new_id())
            assert not Enrolment.objects.exists()

    def test_a_traveller_from_abroad_goes_on_the_register_of_those(self, home: Village, clerk: Account) -> None:
        home.happen("arrival.declared", 0, NOW - HOUR, risk="high")

        with everywhere():
            receiving.answer(arrivals()[0].pk, "here", by=clerk, id=new_id())
            assert Enrolment.objects.get().category == "arrival_abroad"

    def test_not_here_is_said_with_a_note_and_registers_nobody(self, home: Village, clerk: Account) -> None:
        home.happen("arrival.declared", 0, NOW - HOUR, from_area="4501", risk="high")

        with everywhere():
            done = receiving.answer(arrivals()[0].pk, "not_here", by=clerk, id=new_id(), note="no such flat")
            assert (done.state, done.by) == ("not_here", home.unit.pk)
            assert not Enrolment.objects.exists()

    def test_what_is_none_is_refused(self, home: Village, clerk: Account, scope: Scope) -> None:
        home.happen("arrival.declared", 0, NOW - HOUR, risk="high")
        here = arrivals()[0].pk

        for arrival, outcome, area in ((uuid4(), "here", HERE), (here, "lost", HERE), (here, "here", NEXT)):
            with scope(area), pytest.raises(BulouError, match="nothing was recorded"):
                receiving.answer(arrival, outcome, by=clerk, id=new_id())

    def test_many_arrivals_cost_no_statement_more(self, home: Village) -> None:
        def cost(people: list[Person]) -> int:
            facts = [
                Fact(str(new_id()), "arrival.declared", f"person:{one.pk}", HERE, NOW, None, {"from_area": "4501"})
                for one in people
            ]
            with CaptureQueriesContext(connection) as queries:
                assert ledger.record(facts).created == len(people)
            return len(queries)

        with everywhere():
            people = Person.objects.bulk_create([Person(name=f"某{n}", area_id=HERE) for n in range(300)])
        few = cost(people[:10])

        assert cost(people[10:]) <= few + 2
