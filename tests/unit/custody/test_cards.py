"""The code of a card: opaque, typed forgivingly, found only among the people one has to do with."""

from uuid import UUID, uuid4

import pytest

from bulou.custody import cards

PERSON, OTHER = UUID("0197c0de-0000-7000-8000-000000000001"), UUID("0197c0de-0000-7000-8000-000000000002")


def test_a_code_is_the_same_every_time_and_another_for_everybody_else() -> None:
    people = [uuid4() for _ in range(200)]

    codes = {cards.code(person) for person in people}

    assert len(codes) == 200
    assert codes == {cards.code(person) for person in people}
    assert all(len(code) == cards.LENGTH and set(code) <= set(cards.ALPHABET) for code in codes)


def test_a_code_holds_nothing_of_the_id() -> None:
    assert PERSON.hex.upper()[:6] not in cards.code(PERSON)
    assert cards.code(PERSON)[:8] != cards.code(OTHER)[:8]


@pytest.mark.parametrize(
    "typed", [lambda code: code, str.lower, lambda code: f" {code[:4]} {code[4:]} ", lambda code: code.replace("-", "")]
)
def test_it_is_found_however_it_is_typed(typed) -> None:  # type: ignore[no-untyped-def]
    assert cards.find(typed(cards.short(PERSON)), [OTHER, PERSON]) == PERSON


def test_letters_taken_for_digits_are_read_as_digits() -> None:
    person = next(one for one in (uuid4() for _ in range(5000)) if {"0", "1"} <= set(cards.short(one)))

    assert cards.find(cards.short(person).replace("0", "o").replace("1", "l"), [person]) == person


@pytest.mark.parametrize("given", ["", "W5K2", "????????", cards.code(OTHER)])
def test_what_is_too_short_or_of_somebody_else_means_nobody(given: str) -> None:
    assert cards.find(given, [PERSON]) is None


def test_the_whole_code_is_found_too() -> None:
    assert cards.find(cards.code(PERSON), [OTHER, PERSON]) == PERSON
