"""Registers keep up with facts that come by any door, late, repeated or taken back, and are read a page at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as reading
from bulou.ledger import services as ledger
from bulou.no_miss.screening import selectors
from bulou.no_miss.screening.models import Enrolment

from .conftest import COUNTY, DAY, HERE, HOUR, NEXT, NOW, Village

Scope = Callable[[str], AbstractContextManager[None]]


def rows() -> list[tuple[object, ...]]:
    with everywhere():
        return list(Enrolment.objects.order_by("id").values_list())


def test_who_is_enrolled_is_on_the_register_with_reason_unit_and_instant(home: Village) -> None:
    id = home.happen("person.enrolled", 0, NOW - DAY, category="arrival", reason="from Wuhan")

    with everywhere():
        row = Enrolment.objects.get()
    assert (str(row.id), row.person_id, row.category, row.since) == (id, home.people[0].pk, "arrival", NOW - DAY)
    assert (row.until, row.reason, row.by, row.area) == (None, "from Wuhan", home.unit.pk, HERE)


def test_a_withdrawal_ends_it_and_taking_that_back_lets_it_go_on(home: Village) -> None:
    home.happen("person.enrolled", 0, NOW - DAY, category="arrival")
    end = home.happen("person.withdrawn", 0, NOW - HOUR, category="arrival")
    with everywhere():
        assert Enrolment.objects.get().until == NOW - HOUR

    home.happen("fact.withdrawn", 0, NOW, reason="wrong person", supersedes=end)

    with everywhere():
        assert Enrolment.objects.get().until is None


def test_an_enrolment_taken_back_never_was(home: Village) -> None:
    id = home.happen("person.enrolled", 0, NOW - DAY, category="arrival")

    home.happen("fact.withdrawn", 0, NOW, reason="wrong person", supersedes=id)

    assert rows() == []


@pytest.mark.parametrize("seed", range(6))
def test_one_at_a_time_in_any_order_or_rebuilt_comes_to_the_same(home: Village, seed: int) -> None:
    chance = Random(seed)
    facts = [
        Fact(
            str(new_id()),
            chance.choice(("person.enrolled", "person.enrolled", "person.withdrawn")),
            f"person:{chance.choice(home.people).pk}",
            HERE,
            NOW - HOUR * chance.randint(1, 40),
            None,
            {"category": chance.choice(("arrival", "close_contact"))},
        )
        for _ in range(14)
    ]
    for fact in chance.sample(facts, len(facts)):
        assert ledger.record([fact]).refused == ()
    one_by_one = rows()

    ledger.rebuild()

    assert rows() == one_by_one
    assert one_by_one


def test_a_thousand_people_cost_no_statement_more_than_ten(home: Village) -> None:
    with everywhere():
        people = [Person(name=f"某{n}", area_id=HERE, synthetic=True) for n in range(1000)]
        Person.objects.bulk_create(people)

    def cost(some: list[Person]) -> int:
        facts = [
            Fact(str(new_id()), "person.enrolled", f"person:{one.pk}", HERE, NOW, None, {"category": "arrival"})
            for one in some
        ]
        with CaptureQueriesContext(connection) as queries:
            assert ledger.record(facts).created == len(some)
        return sum(" enrolment " in query["sql"] for query in queries)

    few = cost(people[:10])

    assert cost(people[10:]) == few <= 3
    with everywhere():
        assert Enrolment.objects.count() == 1000


class TestReading:
    @pytest.fixture(autouse=True)
    def filled(self, home: Village) -> None:
        home.happen("person.enrolled", 0, NOW - 3 * DAY, category="arrival")
        home.happen("person.enrolled", 1, NOW - 2 * DAY, category="close_contact")
        home.happen("person.enrolled", 2, NOW - DAY, area=NEXT, category="arrival")
        home.happen("person.withdrawn", 1, NOW - HOUR, category="close_contact")

    def test_the_latest_come_first_page_after_page(self, home: Village) -> None:
        with everywhere():
            first = selectors.enrolled(COUNTY, limit=2)
            rest = selectors.enrolled(COUNTY, after=str(first[-1].id), limit=2)
            oldest = selectors.enrolled(COUNTY, oldest=True)

        assert [one.person for one in (*first, *rest)] == [person.pk for person in reversed(home.people)]
        assert [one.person for one in oldest] == [person.pk for person in home.people]

    def test_a_register_an_area_a_state_and_a_name_narrow_it(self, home: Village) -> None:
        with everywhere():
            found = {
                "arrival": selectors.enrolled(COUNTY, category="arrival"),
                "here": selectors.enrolled(HERE, state="on"),
                "ended": selectors.enrolled(COUNTY, state="ended"),
                "name": selectors.enrolled(COUNTY, text="丙"),
            }

        names = {person.pk: person.name for person in home.people}
        assert {key: [names[one.person] for one in rows] for key, rows in found.items()} == {
            "arrival": ["丙", "甲"],
            "here": ["甲"],
            "ended": ["乙"],
            "name": ["丙"],
        }

    def test_registers_are_counted_in_one_query(self, home: Village) -> None:
        with everywhere(), CaptureQueriesContext(connection) as queries:
            sizes = selectors.sizes(COUNTY)

        assert len(queries) == 1
        assert {name: (size.now, size.ended) for name, size in sizes.items()} == {
            "arrival": (2, 0),
            "close_contact": (0, 1),
        }

    def test_a_session_sees_its_own_area_alone(self, home: Village, scope: Scope) -> None:
        with scope(NEXT):
            assert [one.area for one in selectors.enrolled("")] == [NEXT]
            assert [one.area for one in selectors.enrolled_stream("")] == [NEXT]

    def test_what_is_owed_about_many_people_is_counted_in_one_query(self, home: Village) -> None:
        with everywhere(), CaptureQueriesContext(connection) as queries:
            assert reading.counts_of(f"person:{person.pk}" for person in home.people) == {}

        assert len(queries) == 1
