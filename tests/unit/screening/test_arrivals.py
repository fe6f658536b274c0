"""Journeys follow from the facts about a person: who told of one, its origin and risk, and what the community said."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.clock import SHANGHAI
from bulou.ledger.history import Event
from bulou.no_miss.screening.arrivals import (
    CHECKED,
    DECLARED,
    GRADED,
    HANDED_OUT,
    KINDS,
    RECEIVED,
    gravest,
    journeys,
    risk_of,
)
from bulou.no_miss.screening.enrolments import ENROLLED

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
HERE, NEXT = "120101001001", "120101001002"


def event(kind: str, hours: float = 0, area: str = HERE, **data: str) -> Event:
    return Event(f"{kind}{hours}{area}{data}", kind, NINE + timedelta(hours=hours), area, None, dict(data))


def test_a_declaration_waits_for_its_community() -> None:
    (found,) = journeys([event(DECLARED, from_area="4201", risk="high", mode="rail", vehicle="G521", source="self")])

    assert (found.state, found.risk, found.from_area, found.mode, found.vehicle) == (
        "waiting",
        "high",
        "4201",
        "rail",
        "G521",
    )
    assert (found.area, found.at, found.told) == (HERE, NINE, ("self",))


def test_several_tell_of_one_journey_and_the_gravest_risk_counts() -> None:
    (found,) = journeys(
        [
            event(DECLARED, from_area="4201", source="self"),
            event(DECLARED, 3, risk="high", source="carrier", vehicle="G521", from_area="42"),
            event(CHECKED, 5, risk="medium", outcome="passed"),
        ]
    )

    assert (found.told, found.risk, found.from_area, found.vehicle) == (
        ("self", "carrier", "checkpoint"),
        "high",
        "4201",
        "G521",
    )
    assert (found.checked_at, found.outcome) == (NINE + timedelta(hours=5), "passed")


def test_what_is_told_days_later_is_another_journey() -> None:
    assert len(journeys([event(DECLARED), event(DECLARED, 49)])) == 2
    assert len(journeys([event(DECLARED), event(DECLARED, 48)])) == 1


def test_whom_only_a_checkpoint_saw_has_come_all_the_same() -> None:
    (found,) = journeys([event(CHECKED, from_area="4201", outcome="passed")])

    assert (found.told, found.state) == (("checkpoint",), "waiting")


@pytest.mark.parametrize("outcome", ["here", "not_here", "gone_on"])
def test_the_community_answers(outcome: str) -> None:
    (found,) = journeys([event(DECLARED), event(RECEIVED, 2, outcome=outcome)])

    assert (found.state, found.answered_at) == (outcome, NINE + timedelta(hours=2))


def test_who_is_put_on_a_register_there_was_found_there() -> None:
    assert [one.state for one in journeys([event(DECLARED), event(ENROLLED, 2, category="arrival")])] == ["here"]
    after_all = [event(DECLARED), event(RECEIVED, 1, outcome="not_here"), event(ENROLLED, 2, category="arrival")]
    assert [one.state for one in journeys(after_all)] == ["here"]


def test_handed_out_to_another_community_it_waits_for_that_one() -> None:
    told = [event(DECLARED), event(RECEIVED, 2, outcome="not_here"), event(DECLARED, 3, area=NEXT, source="department")]

    (found,) = journeys(told)

    assert (found.area, found.state, found.answered_at) == (NEXT, "waiting", None)


def test_handed_out_anew_days_later_it_is_the_same_journey() -> None:
    told = [event(DECLARED), event(RECEIVED, 2, outcome="not_here"), event(HANDED_OUT, 90, area=NEXT)]

    (found,) = journeys(told)
    (confirmed,) = journeys([*told, event(RECEIVED, 95, area=NEXT, outcome="here")])

    assert (found.area, found.state, found.answered_at) == (NEXT, "waiting", None)
    assert (confirmed.area, confirmed.state) == (NEXT, "here")


def test_an_answer_or_an_enrolment_without_an_arrival_is_none() -> None:
    assert journeys([event(RECEIVED, outcome="here"), event(ENROLLED, category="close_contact")]) == []


def test_an_area_has_the_grade_of_the_nearest_area_that_was_graded_at_that_instant() -> None:
    graded = {
        "42": [event(GRADED, 0, "42", risk="medium")],
        "4201": [event(GRADED, 5, "4201", risk="high"), event(GRADED, 9, "4201", risk="low")],
    }

    assert risk_of("420102", NINE + timedelta(hours=4), graded) == "medium"
    assert risk_of("420102", NINE + timedelta(hours=6), graded) == "high"
    assert risk_of("4201", NINE + timedelta(hours=10), graded) == "low"
    assert risk_of("4201", NINE - timedelta(hours=1), graded) == ""
    assert risk_of("33", NINE, graded) == ""


def test_what_is_no_risk_is_none() -> None:
    assert (gravest("", "x"), gravest("low", "high", ""), gravest()) == ("low", "high", "low")


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(KINDS),
        st.integers(0, 120),
        st.sampled_from((HERE, NEXT)),
        risk=st.sampled_from(("low", "high")),
        outcome=st.sampled_from(("here", "not_here")),
        source=st.sampled_from(("self", "carrier")),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(EVENTS, st.randoms())
def test_the_order_in_which_facts_come_changes_nothing(facts: list[Event], chance: object) -> None:
    other = facts[:]
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert journeys(facts) == journeys(other)


@given(EVENTS)
def test_nobody_who_was_told_of_is_lost(facts: list[Event]) -> None:
    found = journeys(facts)

    for fact in facts:
        if fact.kind in (DECLARED, CHECKED):
            (own,) = [one for one in found if timedelta(0) <= fact.at - one.at <= timedelta(days=2)]
            assert fact.data["source"] in own.told
