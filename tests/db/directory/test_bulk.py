"""People and households come by the thousand: all or none, once, and only into the session's area."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.crypto import vault
from bulou.directory.models import Household, Person, Sex
from bulou.directory.services import (
    NewHousehold,
    NewPerson,
    Registered,
    households_register,
    people_register,
    person_register,
)
from bulou.kernel.errors import BulouError

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
VILLAGE, ELSEWHERE = "120101001001", "450103"
NUMBER = "11010519491231002X"


def test_everything_that_was_given_arrives(scope: Scope) -> None:
    home = NewHousehold(VILLAGE, "滨江道1号\t“2门”\n301\\", synthetic=True)
    somebody = NewPerson(
        name="  欧阳·娜依 ",
        area=VILLAGE,
        household=home.id,
        sex="other",
        birth_date=date(1950, 1, 1),
        nationality="KAZ",
        id_number=NUMBER,
        phone="+852 2123 4567",
        synthetic=True,
    )
    with scope("12"):
        households_register([home])
        people_register([somebody])
        person = Person.objects.select_related("household").get()

    assert person.household is not None
    assert vault().unseal(person.household.address or b"", home.id, "address") == home.address
    assert (person.id, person.name, person.nationality, person.synthetic) == (somebody.id, "欧阳·娜依", "KAZ", True)
    assert (person.sex, person.birth_date) == (Sex.OTHER, date(1950, 1, 1)), "what was given outranks the number"
    assert vault().unseal(person.phone or b"", person.id, "phone") == "+85221234567"
    assert bytes(person.id_index or b"") == vault().index(NUMBER, "resident")


def test_one_by_one_and_by_the_thousand_make_the_same_rows(scope: Scope) -> None:
    columns = ("name", "area", "sex", "birth_date", "nationality", "id_kind", "synthetic", "phone_index", "household")
    with scope("12"):
        person_register(NewPerson("李某", VILLAGE, phone="13812345678"))
        people_register([NewPerson("李某", VILLAGE, phone="13812345678")])
        one, other = Person.objects.values_list(*columns)

    assert [bytes(v) if isinstance(v, memoryview) else v for v in one] == [
        bytes(v) if isinstance(v, memoryview) else v for v in other
    ]


def test_the_number_of_statements_does_not_grow_with_the_people(scope: Scope) -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            people_register([NewPerson(f"村民{n}", VILLAGE) for n in range(count)])
        return len(queries)

    with scope("12"):
        assert statements(1) == statements(500)


def test_one_outside_the_area_keeps_all_of_them_out(scope: Scope) -> None:
    with scope("12"):
        with pytest.raises(BulouError) as refused:
            people_register([NewPerson("李某", VILLAGE), NewPerson("韦某", ELSEWHERE)])
        assert refused.value.problems[0].code == "scope.outside"
        assert Person.objects.count() == 0


def test_one_whose_number_is_on_file_keeps_all_of_them_out(scope: Scope) -> None:
    with scope("12"):
        person_register(NewPerson("李某", VILLAGE, id_number=NUMBER))
        with pytest.raises(BulouError) as refused:
            people_register([NewPerson("王某", VILLAGE), NewPerson("李某", VILLAGE, id_number=NUMBER)])

        assert refused.value.problems[0].code == "person.known"
        assert Person.objects.count() == 1


def test_two_with_one_number_in_a_single_list_are_refused(scope: Scope) -> None:
    with scope("12"), pytest.raises(BulouError) as refused:
        people_register([NewPerson(name, VILLAGE, id_number=NUMBER) for name in ("李某", "李某某")])

    assert refused.value.problems[0].code == "person.known"


def test_an_id_twice_in_one_list_is_one_row(scope: Scope) -> None:
    id = UUID("01970000-0000-7000-8000-000000000001")
    with scope("12"):
        assert people_register([NewPerson("李某", VILLAGE, id=id)] * 2) == Registered(created=1, unchanged=1)


def test_a_file_that_is_there_is_not_overwritten(scope: Scope) -> None:
    with scope("12"):
        there = person_register(NewPerson("李某", VILLAGE))

        assert people_register([NewPerson("改名", VILLAGE, id=there.id)]) == Registered(created=0, unchanged=1)
        assert Person.objects.get().name == "李某"


def test_an_empty_list_does_nothing(scope: Scope) -> None:
    with scope("12"):
        assert people_register([]) == households_register([]) == Registered(0, 0)


def test_unknown_areas_are_named_together(scope: Scope) -> None:
    with scope(""), pytest.raises(BulouError, match="999998, 999999"):
        households_register([NewHousehold("999999"), NewHousehold("999998"), NewHousehold(VILLAGE)])
    with scope(""):
        assert Household.objects.count() == 0
