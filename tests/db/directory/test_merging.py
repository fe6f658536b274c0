"""Two files of one person become one: nothing is lost, both ids lead there, and it can be taken back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from bulou.directory import selectors
from bulou.directory.crypto import vault
from bulou.directory.models import Person
from bulou.directory.services import (
    Draft,
    NewPerson,
    people_draft,
    people_merge,
    people_part,
    people_take,
    person_register,
)
from bulou.kernel.errors import BulouError

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
VILLAGE, NUMBER = "120101001001", "11010519491231002X"


def put_on_file(**given: Any) -> UUID:
    person: UUID = person_register(NewPerson(**{"name": "演示甲", "area": VILLAGE, "synthetic": True} | given)).id
    return person


def test_the_older_file_learns_what_it_did_not_know(scope: Scope) -> None:
    with scope("12"):
        older, newer = put_on_file(phone="13800000001"), put_on_file(id_number=NUMBER, phone="13800000002")

        people_merge(newer, older)

        (person,) = Person.objects.all()
    assert person.id == older
    assert vault().unseal(person.id_number or b"", older, "id_number") == NUMBER, "sealed for the older one's row"
    assert vault().unseal(person.phone or b"", older, "phone") == "+8613800000001", "what was known stays"
    assert (person.sex, person.birth_date) == ("female", date(1949, 12, 31))


def test_both_ids_lead_to_the_one_file_and_the_number_finds_it(scope: Scope) -> None:
    with scope("12"):
        older, newer = put_on_file(), put_on_file(id_number=NUMBER)
        people_merge(newer, older)

        assert (selectors.file_of(newer), selectors.file_of(older)) == (older, None)
        assert selectors.parts_of(older) == [newer]
        assert [hit.id for hit in selectors.find(NUMBER)] == [str(older)]
        assert selectors.names([f"person:{newer}"]) == {f"person:{newer}": "演示甲"}


def test_who_is_sent_again_under_a_merged_file_is_the_one_they_became(scope: Scope) -> None:
    new = NewPerson("演示乙", VILLAGE, nationality="", phone="13800000002", synthetic=True)
    (draft,) = people_draft([new])
    assert isinstance(draft, Draft)
    with transaction.atomic():
        (taken,) = people_take([draft], area="12")
    with scope("12"):
        older = put_on_file()
        people_merge(taken.id, older)  # type: ignore[arg-type]
    with transaction.atomic():
        (again,) = people_take([draft], area="12")

    assert (again.outcome, again.id) == ("unchanged", older)


def test_a_merging_is_taken_back_whole(scope: Scope) -> None:
    with scope("12"):
        older, newer = put_on_file(), put_on_file(id_number=NUMBER, phone="13800000002")
        change = people_merge(newer, older)

        people_part(newer, older, change)

        people = {person.id: person for person in Person.objects.all()}
        assert bytes(people[newer].id_index or b"") == vault().index(NUMBER, "resident")
        assert (people[older].id_number, people[older].phone, people[older].sex) == (None, None, "unknown")


def test_a_file_out_of_scope_or_part_of_another_is_not_merged(scope: Scope) -> None:
    with scope(""):
        older, newer, third, foreign = put_on_file(), put_on_file(), put_on_file(), put_on_file(area="450103")
    with scope("12"):
        people_merge(newer, older)
        for new, into in ((newer, third), (third, newer), (older, third), (third, foreign)):
            with pytest.raises(BulouError):
                people_merge(new, into)
        with pytest.raises(BulouError):
            people_part(third, older, {})
