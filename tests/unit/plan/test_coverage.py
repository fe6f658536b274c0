from collections.abc import Callable

import pytest

from bulou.plan.coverage import Owed, by_room, claimed_twice, coverage
from bulou.plan.models import SCREENS, Plan

MORE = """
- clause: L-3
  cites: 试
  title: {zh: 三, en: Three}
  shows: [{screen: board}, {screen: rooms, room: operations.resources}]
  principle: {why: {zh: 只作宣示, en: Only declares}}
"""


def test_a_plan_that_claims_its_whole_catalogue_is_complete(loaded: Callable[..., Plan]) -> None:
    found = coverage(loaded({"catalogue.txt": "L-1\nL-2\n"}))

    assert found.complete
    assert (found.plan, found.claimed, found.missing, found.unknown) == ("little", ("L-1", "L-2"), (), ())


def test_clauses_are_counted_by_form_and_by_each_where_there_are_two(loaded: Callable[..., Plan]) -> None:
    found = coverage(loaded({"clauses/2-more.yaml": MORE}))

    assert found.forms == {"duties": 2, "shows": 1, "principle": 1}


def test_what_nobody_claims_and_what_is_not_in_the_document_are_named(loaded: Callable[..., Plan]) -> None:
    found = coverage(loaded({"catalogue.txt": "L-0\nL-1\nL-9\n"}))

    assert not found.complete
    assert (found.claimed, found.missing, found.unknown) == (("L-1",), ("L-0", "L-9"), ("L-2",))


def test_without_a_catalogue_nothing_is_complete(loaded: Callable[..., Plan]) -> None:
    assert not coverage(loaded()).complete


def test_screens_that_do_not_exist_yet_are_owed(loaded: Callable[..., Plan]) -> None:
    found = coverage(loaded({"clauses/2-more.yaml": MORE}))

    assert found.owed == (Owed("L-3", "rooms", "operations.resources"),)


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_screens_that_exist_are_not_owed(loaded: Callable[..., Plan], screen: str) -> None:
    more = MORE.replace("screen: rooms, room: operations.resources", f"screen: {screen}")

    assert coverage(loaded({"clauses/2-more.yaml": more})).owed == ()


def test_a_clause_two_plans_claim_is_named_with_both(loaded: Callable[..., Plan]) -> None:
    little = loaded()
    other = little.model_copy(update={"id": "other", "clauses": little.clauses[:1]})

    assert claimed_twice([little, other]) == {"L-1": ["little", "other"]}
    assert claimed_twice([little]) == {}


def test_what_is_owed_is_listed_room_by_room(loaded: Callable[..., Plan]) -> None:
    more = MORE + MORE.replace("L-3", "L-4") + MORE.replace("L-3", "L-5").replace("screen: rooms", "screen: beds")
    found = coverage(loaded({"clauses/2-more.yaml": more}))

    assert by_room([found, found]) == {
        ("operations.resources", "beds"): ["L-5", "L-5"],
        ("operations.resources", "rooms"): ["L-3", "L-4", "L-3", "L-4"],
    }
