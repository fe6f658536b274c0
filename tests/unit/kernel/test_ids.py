import time
from uuid import UUID

import pytest

from bulou.kernel.ids import Subject, id_or, ids_of, new_id, new_ids, parse_subject

SOMEBODY = "01970000-0000-7000-8000-000000000001"


def test_a_new_id_is_a_uuid_of_version_7() -> None:
    made = new_id()

    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_a_new_id_carries_the_millisecond_it_was_made_in() -> None:
    before = time.time_ns() // 1_000_000

    made = new_id()

    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_no_two_ids_are_the_same() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_a_subject_is_a_type_and_an_id() -> None:
    assert parse_subject(f"person:{SOMEBODY}") == Subject("person", SOMEBODY)
    assert parse_subject("area:4501") == ("area", "4501")
    assert str(Subject("person", SOMEBODY)) == f"person:{SOMEBODY}"


def test_a_subject_is_written_one_way() -> None:
    assert parse_subject(f"person:{UUID(SOMEBODY).hex.upper()}").id == SOMEBODY


@pytest.mark.parametrize(
    "text", ["", "person", "person:", "person:me", f"dog:{SOMEBODY}", "area:450", f"area:{SOMEBODY}", SOMEBODY]
)
def test_what_is_not_a_subject_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_subject(text)


def test_ids_made_together_are_as_ids_made_alone_and_all_different() -> None:
    before = time.time_ns() // 1_000_000

    made = new_ids(1000)

    assert len(set(made)) == 1000
    assert {one.version for one in made} == {7}
    assert before <= made[0].int >> 80 <= time.time_ns() // 1_000_000
    assert new_ids(0) == []


def test_an_id_that_was_chosen_is_read_and_none_is_refused_in_the_words_of_the_page() -> None:
    id = new_id()

    assert id_or(str(id), KeyError) == id
    for nothing in ("", "x", None):
        with pytest.raises(KeyError):
            id_or(nothing, KeyError)


def test_of_several_texts_those_that_are_ids_are_kept_in_their_order() -> None:
    first, second = new_id(), new_id()

    assert ids_of([str(second), "", "x", str(first), None]) == [second, first]
