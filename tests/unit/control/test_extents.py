"""A zone is set once, changes while it is in force, and ends once: whatever order its facts come in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bulou.ledger.history import Event
from bulou.no_miss.control.extents import ADJUSTED, KINDS, LIFTED, SET, extents

START = datetime(2020, 10, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(kind: str, hours: int = 0, **data: Any) -> Event:
    said = {"unit_kind": "building"} | data if kind != LIFTED else data
    return Event(f"{kind}-{hours}", kind, START + HOUR * hours, "120101001001", None, said)


def test_a_zone_is_in_force_from_its_setting_to_its_lifting() -> None:
    (one,) = extents([event(SET, level="sealed", grounds="case 1"), event(LIFTED, 48, reason="14 days without a case")])

    assert (one.since, one.until) == (START, START + HOUR * 48)
    assert (one.unit_kind, one.level, one.grounds, one.reason) == (
        "building",
        "sealed",
        "case 1",
        "14 days without a case",
    )


def test_an_adjustment_changes_what_it_says_and_leaves_when_it_began() -> None:
    (one,) = extents(
        [event(SET, level="sealed", measures=["a", "b"]), event(ADJUSTED, 5, unit_kind="stairwell", level="watched")]
    )

    assert (one.since, one.changed, one.until) == (START, START + HOUR * 5, None)
    assert (one.unit_kind, one.level, one.measures) == ("stairwell", "watched", "")


def test_a_zone_set_twice_is_one_and_set_again_after_its_lifting_another() -> None:
    first, second = extents([event(SET), event(SET, 3), event(LIFTED, 5), event(SET, 9)])

    assert (first.since, first.changed, first.until) == (START, START + HOUR * 3, START + HOUR * 5)
    assert (second.since, second.until) == (START + HOUR * 9, None)


def test_what_was_never_set_is_neither_adjusted_nor_lifted() -> None:
    assert extents([event(ADJUSTED), event(LIFTED, 2)]) == []


def test_a_lifting_at_the_instant_of_the_setting_ends_nothing() -> None:
    (one,) = extents([event(LIFTED), event(SET)])

    assert one.until is None


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 20)), max_size=25), st.randoms())
def test_times_follow_each_other_and_do_not_depend_on_the_order_facts_come_in(
    given_facts: list[tuple[str, int]], chance: Any
) -> None:
    events = [event(kind, hours) for kind, hours in dict.fromkeys(given_facts)]
    found = extents(events)
    chance.shuffle(events)

    assert extents(events) == found
    ends = [one.until for one in found[:-1]]
    assert all(end is not None for end in ends), "only the last goes on"
    assert all(one.until is None or one.until > one.since for one in found)
    assert all(end <= later.since for end, later in zip(ends, found[1:], strict=True) if end)
