"""What the doors refuse, and how they say it."""

import pytest

from bulou.custody.chain import Breach
from bulou.custody.door import _WORDS, LATE, problem, refused
from bulou.kernel.text import Text
from unit.custody.test_chain import (
    ACCEPTED,
    DEPARTED,
    ENROLLED,
    HOSPITAL,
    JOURNEY,
    RECEIVED,
    REQUESTED,
    SITE,
    act,
    link,
)


def test_a_whole_journey_uploaded_late_is_taken() -> None:
    assert refused([ENROLLED], reversed(JOURNEY[1:])) == {}


def test_a_link_forgotten_and_recorded_later_is_taken_at_its_time() -> None:
    assert refused([ENROLLED, REQUESTED, ACCEPTED, RECEIVED], [DEPARTED]) == {}


def test_a_late_link_that_would_undo_a_receipt_is_refused() -> None:
    late = link("cancelled", 3.5, reason="x")

    assert refused(JOURNEY[:5], [late]) == {late.id: LATE}


def test_what_depends_on_a_refused_fact_is_refused_with_it() -> None:
    stray = link("requested", 1, HOSPITAL, to=str(SITE))

    found = refused([ENROLLED], [stray, link("accepted", 2, SITE)])

    assert [breach.code for breach in found.values()] == ["not_holder", "unasked"]


def test_the_rest_of_a_batch_is_taken() -> None:
    wrong = link("received", 3.5, HOSPITAL)

    assert refused([ENROLLED], [*JOURNEY[1:], wrong]) == {wrong.id: Breach("not_asked", SITE)}


def test_a_late_release_is_always_taken() -> None:
    assert refused(JOURNEY, [act("isolation.ended", 0.5, reason="completed")]) == {}


@pytest.mark.parametrize("code", _WORDS)
def test_every_refusal_says_what_happened_and_what_to_do_in_both_languages(code: str) -> None:
    said = problem(Breach(code, SITE), {SITE: Text(zh="隔离点", en="Isolation site")})

    assert said.code == f"custody.{code}"
    assert said.remedy
    assert "{" not in said.to("zh") + said.to("en")


def test_a_refusal_names_the_unit_it_turns_on() -> None:
    said = problem(Breach("not_holder", SITE), {SITE: Text(zh="隔离点", en="Isolation site")})

    assert said.to("en").startswith("Isolation site holds this person")
    assert said.to("zh").startswith("此人在隔离点手中")
