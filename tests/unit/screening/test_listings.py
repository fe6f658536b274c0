"""Lists of other departments follow from facts; held against the register, nobody is lost between the two."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.clock import SHANGHAI
from bulou.ledger.history import Event
from bulou.no_miss.screening.listings import (
    BOTH,
    KINDS,
    LISTED,
    ONLY_OURS,
    ONLY_THEIRS,
    SCOPED,
    SETTLED,
    Named,
    claims,
    named,
    reconciled,
    scopes,
)

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
HERE, NEXT = "120101001001", "120101001002"


def event(kind: str, hours: float = 0, area: str = HERE, **data: str) -> Event:
    return Event(f"{kind}{hours}{area}{data}", kind, NINE + timedelta(hours=hours), area, None, dict(data))


def stands(found: list[Named]) -> list[tuple[str, str, str]]:
    return [(one.list, one.area, one.state) for one in found]


def test_whom_a_list_names_is_to_be_looked_for() -> None:
    (found,) = named([event(LISTED, list="rail", category="arrival")])

    assert (found.list, found.category, found.state, found.at) == ("rail", "arrival", "open", NINE)


def test_the_same_list_sent_again_says_nothing_new() -> None:
    assert len(named([event(LISTED, list="rail"), event(LISTED, 5, list="rail")])) == 1


def test_a_finding_settles_its_list_and_one_that_names_none_settles_all() -> None:
    told = [event(LISTED, list="rail"), event(LISTED, list="phones")]

    assert stands(named([*told, event(SETTLED, 1, list="rail", outcome="not_here")])) == [
        ("phones", HERE, "open"),
        ("rail", HERE, "not_here"),
    ]
    assert {one.state for one in named([*told, event(SETTLED, 1, outcome="found")])} == {"found"}


def test_sent_on_to_another_village_it_is_open_again() -> None:
    told = [event(LISTED, list="rail"), event(SETTLED, 1, outcome="elsewhere"), event(LISTED, 2, NEXT, list="rail")]

    assert stands(named(told)) == [("rail", NEXT, "open")]


def test_somebody_the_village_told_the_department_of_is_added_until_the_list_names_them_too() -> None:
    added = event(SETTLED, 1, list="rail", outcome="added", category="arrival")

    assert stands(named([added])) == [("rail", HERE, "added")]
    assert stands(named([added, event(LISTED, 2, list="rail")])) == [("rail", HERE, "open")]


def test_a_finding_about_nobody_listed_is_none() -> None:
    assert named([event(SETTLED, list="rail", outcome="found")]) == []


def test_a_person_both_name_in_different_villages_differs() -> None:
    one, two = UUID(int=1), UUID(int=2)

    found = reconciled({one: HERE, two: f"{HERE}001"}, {one: NEXT, two: f"{HERE}002"})

    assert [(pair.side, pair.differs) for pair in found] == [(BOTH, True), (BOTH, False)]


PEOPLE = st.dictionaries(st.integers(0, 12).map(lambda n: UUID(int=n)), st.sampled_from((HERE, NEXT)), max_size=10)


@given(PEOPLE, PEOPLE)
def test_theirs_and_ours_are_both_and_only_theirs_and_only_ours(theirs: dict[UUID, str], ours: dict[UUID, str]) -> None:
    found = reconciled(theirs, ours)
    sides = {side: [pair for pair in found if pair.side == side] for side in (BOTH, ONLY_THEIRS, ONLY_OURS)}
    both, only_theirs, only_ours = (len(sides[side]) for side in (BOTH, ONLY_THEIRS, ONLY_OURS))

    assert len(theirs) + len(ours) == 2 * both + only_theirs + only_ours
    assert len(found) == both + only_theirs + only_ours == len(theirs.keys() | ours.keys())
    assert {pair.person for pair in found} == theirs.keys() | ours.keys()
    assert all(pair.theirs == theirs.get(pair.person) and pair.ours == ours.get(pair.person) for pair in found)


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(KINDS),
        st.integers(0, 9),
        st.sampled_from((HERE, NEXT)),
        list=st.sampled_from(("rail", "phones")),
        outcome=st.sampled_from(("found", "not_here", "added")),
    ),
    max_size=10,
    unique_by=lambda one: one.id,
)


@given(EVENTS, st.randoms())
def test_the_order_in_which_facts_come_changes_nothing(facts: list[Event], chance: object) -> None:
    other = facts[:]
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert named(facts) == named(other)


@given(EVENTS)
def test_nobody_a_list_names_is_lost(facts: list[Event]) -> None:
    found = {one.list for one in named(facts)}

    assert {fact.data["list"] for fact in facts if fact.kind == LISTED} <= found


def scope(kind: str, area: str = "120101", day: str = "", at: int = 0) -> Event:
    said = {"list": "rail", "category": "arrival", "scope": kind} | ({"day": day} if day else {})
    return Event(f"{kind}{at}", SCOPED, NINE + timedelta(hours=at), area, None, said)


@pytest.mark.parametrize(
    ("stated", "claimed"),
    [
        ([], False),
        ([scope("named")], False),
        ([scope("register")], True),
        ([scope("register", "120102")], False),
        ([scope("day", day="2020-02-09")], True),
        ([scope("day", day="2020-02-08")], False),
        ([scope("day")], False),
        ([scope("register"), scope("named", at=1)], False),
    ],
)
def test_absence_from_a_list_says_something_only_within_what_it_holds(stated: list[Event], claimed: bool) -> None:
    assert claims(scopes(stated), "120101001001", {date(2020, 2, 9)}) is claimed
