"""People sent by other offices: new ones go on file, known ones are brought up to date, and all of it can be undone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bulou.directory import selectors
from bulou.directory.crypto import vault
from bulou.directory.models import Person
from bulou.directory.probing import probing
from bulou.directory.services import (
    Draft,
    NewPerson,
    Taken,
    people_draft,
    people_retire,
    people_take,
    person_register,
    put,
    taking,
)
from bulou.kernel.errors import BulouError

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
VILLAGE, NEXT, ELSEWHERE = "120101001001", "120101001002", "450103"
NUMBER = "11010519491231002X"


def somebody(**given: Any) -> NewPerson:
    return NewPerson(**{"name": "演示甲", "area": VILLAGE, "nationality": "", "synthetic": True} | given)


def drafts(*people: NewPerson) -> list[Draft]:
    return [one for one in people_draft(people) if isinstance(one, Draft)]


def take(*people: NewPerson, area: str = "120101", apply: bool = True) -> list[Taken]:
    with transaction.atomic():
        return people_take(drafts(*people), area=area, apply=apply)


def test_somebody_new_goes_on_file_with_what_their_number_says(scope: Scope) -> None:
    (taken,) = take(somebody(id_number=NUMBER, phone="13800000001"))

    with scope("120101"):
        person = Person.objects.get()
    assert (taken.outcome, taken.id) == ("created", person.id)
    assert (person.sex, person.birth_date, person.nationality) == ("female", date(1949, 12, 31), "CHN")
    assert vault().unseal(person.phone or b"", person.id, "phone") == "+8613800000001"


@pytest.mark.parametrize("given", [{"id_number": NUMBER}, {"phone": "13800000001"}, {}])
def test_the_same_person_sent_again_is_unchanged(given: dict[str, str], scope: Scope) -> None:
    (first,) = take(somebody(**given))
    (again,) = take(somebody(**given))

    assert (again.outcome, again.id) == ("unchanged", first.id)
    with scope(""):
        assert Person.objects.count() == 1


def test_what_differs_is_brought_up_to_date_and_told_column_by_column(scope: Scope) -> None:
    take(somebody(id_number=NUMBER, phone="13800000001"))

    (taken,) = take(somebody(id_number=NUMBER, phone="13800000002", area=NEXT, name="演示乙"))

    assert taken.outcome == "updated"
    assert taken.change is not None
    assert (taken.change["area"], taken.change["name"]) == ((VILLAGE, NEXT), ("演示甲", "演示乙"))
    with scope("120101"):
        person = Person.objects.get()
    assert (person.name, person.area_id, person.initials) == ("演示乙", NEXT, "ysy")
    assert vault().unseal(person.phone or b"", person.id, "phone") == "+8613800000002", "sealed for the person's row"
    assert bytes(person.phone_index or b"") == vault().index("+8613800000002", "phone")


def test_an_empty_cell_says_nothing(scope: Scope) -> None:
    take(somebody(id_number=NUMBER, phone="13800000001", sex="other", nationality="KAZ"))

    (taken,) = take(somebody(id_number=NUMBER, sex="other"))

    assert taken.outcome == "unchanged"


def test_a_person_of_another_province_is_refused_and_left_alone(scope: Scope) -> None:
    with scope("45"):
        person_register(somebody(id_number=NUMBER, area=ELSEWHERE))

    (taken,) = take(somebody(id_number=NUMBER))

    assert taken.outcome == "rejected"
    assert taken.problem is not None and "属地以外" in taken.problem.text.zh
    with scope(""):
        assert Person.objects.get().area_id == ELSEWHERE


def test_a_rehearsal_tells_the_same_and_changes_nothing(scope: Scope) -> None:
    take(somebody(id_number=NUMBER))

    told = take(somebody(id_number=NUMBER, area=NEXT), somebody(name="演示丙"), apply=False)

    assert [taken.outcome for taken in told] == ["updated", "created"]
    with scope(""):
        assert [person.area_id for person in Person.objects.all()] == [VILLAGE]


def test_a_change_is_put_back_unless_somebody_changed_the_person_since(scope: Scope) -> None:
    take(somebody(id_number=NUMBER, phone="13800000001"))
    (taken,) = take(somebody(id_number=NUMBER, phone="13800000002"))
    assert taken.id and taken.change
    with scope("120101"):
        assert put([(taken.id, taken.change)], back=True) == {taken.id}
        assert put([(taken.id, taken.change)], back=True) == set(), "it no longer stands as the change left it"
        person = Person.objects.get()

    assert vault().unseal(person.phone or b"", person.id, "phone") == "+8613800000001"


def test_who_was_registered_by_mistake_is_off_the_books_and_may_be_registered_anew(scope: Scope) -> None:
    numbered, plain = take(somebody(id_number=NUMBER), somebody(name="演示丙"))
    with scope("120101"):
        assert people_retire([numbered.id, plain.id]) == 2  # type: ignore[list-item]
        assert selectors.people_page("120101") == []
        assert selectors.find("演示") == []
        assert selectors.person_file(numbered.id) is None  # type: ignore[arg-type]

    again = take(somebody(id_number=NUMBER), somebody(name="演示丙"))

    assert [taken.outcome for taken in again] == ["created", "created"]
    assert again[1].id == plain.id, "known by what the row says"
    with scope("120101"):
        assert len(selectors.people_page("120101")) == 2


def test_a_thousand_people_take_as_many_statements_as_one(scope: Scope) -> None:
    with CaptureQueriesContext(connection) as one:
        take(somebody())
    with CaptureQueriesContext(connection) as many:
        take(*(somebody(name=f"演示{n}") for n in range(1000)))

    assert len(many) == len(one) + 2, "the planner is told of them"


def test_who_is_known_is_found_by_one_probe_a_row_under_row_level_security(scope: Scope) -> None:
    """Where a condition cannot use the key, the database reads everybody in scope for each row."""
    with transaction.atomic(), scope(""), connection.cursor() as cursor, probing():
        taking._stage(cursor, drafts(somebody(id_number=NUMBER)))
        cursor.execute(f"EXPLAIN {taking._MET.partition('DROP AS')[2]}", {"lo": "", "hi": "~"})
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DROP TABLE taking")

    assert plan.count("person_pkey on person") == 2, plan
    assert "person_id_index_key on person" in plan, plan
    assert "person_area" not in plan, plan


def test_what_is_wrong_with_one_is_told_in_their_place(scope: Scope) -> None:
    good, bad = people_draft([somebody(id_number=NUMBER), somebody(id_number="110105194912310021", phone="1")])

    assert isinstance(good, Draft)
    assert isinstance(bad, BulouError)
