"""Times on registers follow from the facts about a person, in whatever order they come."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import id_of
from bulou.ledger.history import Event, unit_of
from bulou.no_miss.screening.enrolments import ENROLLED, KINDS, WITHDRAWN, Period, periods

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
UNIT = "0197a000-0000-7000-8000-000000000001"


def event(kind: str, hours: int, category: str = "", id: str = "", **data: str) -> Event:
    said = {"category": category, **data} if category else dict(data)
    return Event(id or f"{kind}{hours}{category}", kind, NINE + timedelta(hours=hours), "120101001001", None, said)


def spans(found: list[Period]) -> list[tuple[str, float, float | None]]:
    def hours(at: datetime) -> float:
        return (at - NINE) / timedelta(hours=1)

    return [(one.category, hours(one.since), one.until and hours(one.until)) for one in found]


def test_who_is_enrolled_is_on_the_register_until_withdrawn() -> None:
    facts = [event(ENROLLED, 0, "arrival", reason="from Wuhan"), event(WITHDRAWN, 5, "arrival", reason="completed")]

    (found,) = periods(facts)

    assert spans([found]) == [("arrival", 0, 5)]
    assert (found.reason, found.ended) == ("from Wuhan", "completed")


def test_a_second_enrolment_while_on_the_register_says_nothing_new() -> None:
    assert spans(periods([event(ENROLLED, 0, "arrival"), event(ENROLLED, 3, "arrival")])) == [("arrival", 0, None)]


def test_a_person_may_be_on_several_registers_and_leave_one() -> None:
    facts = [event(ENROLLED, 0, "arrival"), event(ENROLLED, 1, "close_contact"), event(WITHDRAWN, 2, "arrival")]

    assert spans(periods(facts)) == [("arrival", 0, 2), ("close_contact", 1, None)]


def test_a_withdrawal_from_no_register_in_particular_is_from_all() -> None:
    facts = [event(ENROLLED, 0, "arrival"), event(ENROLLED, 1, "close_contact"), event(WITHDRAWN, 2)]

    assert [until for _, _, until in spans(periods(facts))] == [2, 2]


def test_who_comes_back_has_two_times_on_the_register() -> None:
    facts = [event(ENROLLED, 0, "arrival"), event(WITHDRAWN, 2, "arrival"), event(ENROLLED, 4, "arrival")]

    assert spans(periods(facts)) == [("arrival", 0, 2), ("arrival", 4, None)]


def test_a_withdrawal_at_the_very_instant_of_an_enrolment_does_not_end_it() -> None:
    assert spans(periods([event(WITHDRAWN, 1), event(ENROLLED, 1, "arrival")])) == [("arrival", 1, None)]


def test_who_recorded_a_fact_is_a_unit_or_nobody() -> None:
    assert str(unit_of(f"unit:{UNIT}")) == UNIT
    assert [unit_of(by) for by in (None, "", "account:x", "unit:x")] == [None] * 4
    assert str(id_of(f"place:{UNIT}", "place")) == UNIT


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(KINDS),
        st.integers(0, 9),
        st.sampled_from(("arrival", "close_contact", "symptomatic")),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(EVENTS, st.randoms())
def test_the_order_in_which_facts_come_changes_nothing(facts: list[Event], chance: object) -> None:
    other = facts[:]
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert periods(facts) == periods(other)


@given(EVENTS)
def test_nobody_is_twice_on_one_register_at_one_instant_and_nobody_enrolled_is_lost(facts: list[Event]) -> None:
    found = periods(facts)

    for one in found:
        assert one.until is None or one.since < one.until
        later = [other for other in found if other.category == one.category and other.since > one.since]
        assert all(one.until is not None and one.until <= other.since for other in later)
    for fact in facts:
        if fact.kind == ENROLLED:
            assert any(
                one.category == fact.data["category"]
                and one.since <= fact.at
                and (one.until is None or fact.at <= one.until)
                for one in found
            )
