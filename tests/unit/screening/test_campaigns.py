"""What a campaign comes to: rounds from facts, what was found at a door, and coverage that loses no household."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.clock import SHANGHAI
from bulou.ledger.history import Event
from bulou.no_miss.screening.campaigns import CLOSED, LONGEST, OPENED, VISITED, Coverage, found, rounds

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
END = NINE + timedelta(days=3)


def event(kind: str, hours: float = 0, id: str = "", **data: object) -> Event:
    return Event(id or f"{kind}{hours}{data}", kind, NINE + timedelta(hours=hours), "120101001001", None, dict(data))


def visit(hours: float, present: int, **more: object) -> Event:
    return event(VISITED, hours, present=present, **more)


class TestRounds:
    def test_a_campaign_goes_on_for_its_days(self) -> None:
        (one,) = rounds("120101", [event(OPENED, id="a", name="拉网", days=3, question="发热吗", clause="GX-1.3.a")])

        assert (one.id, one.area, one.name, one.question, one.clause) == ("a", "120101", "拉网", "发热吗", "GX-1.3.a")
        assert (one.opened_at, one.ends_at) == (NINE, END)

    def test_it_may_be_ended_early_but_not_made_longer(self) -> None:
        opened = event(OPENED, id="a", name="拉网", days=3)

        (early,) = rounds("12", [opened, event(CLOSED, 5, campaign="a")])
        (late,) = rounds("12", [opened, event(CLOSED, 500, campaign="a")])
        (other,) = rounds("12", [opened, event(CLOSED, 5, campaign="b")])

        assert [one.ends_at for one in (early, late, other)] == [NINE + timedelta(hours=5), END, END]

    def test_the_longest_is_the_longest(self) -> None:
        (one,) = rounds("12", [event(OPENED, name="x", days=4000)])

        assert one.ends_at - one.opened_at == LONGEST


class TestADoor:
    def test_nobody_has_knocked(self) -> None:
        assert found([], NINE, END).state == "waiting"

    def test_nobody_answered_and_a_return_visit_is_due(self) -> None:
        one = found([visit(1, 0)], NINE, END)

        assert (one.state, one.visits, one.last_at) == ("no_answer", 1, NINE + timedelta(hours=1))

    def test_a_return_visit_finds_them_and_an_empty_house_later_says_no_more(self) -> None:
        one = found([visit(1, 0), visit(5, 2, symptomatic=1), visit(9, 0)], NINE, END)

        assert (one.state, one.visits, one.present, one.symptomatic) == ("visited", 3, 2, 1)

    @pytest.mark.parametrize(
        ("said", "unlisted"),
        [
            ({"expected": 3}, 0),
            ({"expected": 2}, 1),
            ({"arrived": 2}, 2),
            ({"expected": 1, "arrived": 1}, 2),
            ({}, 0),
        ],
    )
    def test_people_no_list_had_are_those_beyond_it_or_come_from_elsewhere(
        self, said: dict[str, int], unlisted: int
    ) -> None:
        assert found([visit(1, 3, **said)], NINE, END).unlisted == unlisted

    def test_visits_before_and_after_do_not_count(self) -> None:
        assert found([visit(-1, 2), visit(73, 2)], NINE, END).state == "waiting"
        assert found([visit(72, 2)], NINE, END).state == "visited"


VISITS = st.lists(
    st.builds(visit, st.integers(-5, 80), st.integers(0, 3), arrived=st.integers(0, 2)),
    max_size=6,
    unique_by=lambda one: one.id,
)
COVERAGES = st.builds(
    lambda visited, none, waiting: Coverage(visited + none + waiting, visited, none),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 50),
)


@given(VISITS, st.randoms())
def test_the_order_in_which_visits_come_changes_nothing(visits: list[Event], chance: object) -> None:
    other = visits[:]
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert found(visits, NINE, END) == found(other, NINE, END)


@given(VISITS, VISITS)
def test_one_more_visit_never_makes_a_door_less_done(visits: list[Event], more: list[Event]) -> None:
    order = ["waiting", "no_answer", "visited"]

    before, after = found(visits, NINE, END), found([*visits, *more], NINE, END)

    assert order.index(before.state) <= order.index(after.state)


@given(st.lists(st.sampled_from(["waiting", "no_answer", "visited"])))
def test_every_household_of_the_roster_is_in_exactly_one_state(states: list[str]) -> None:
    total = sum((Coverage(1, one == "visited", one == "no_answer") for one in states), Coverage())

    assert total.doors == total.visited + total.no_answer + total.waiting == len(states)
    assert (total.percent == 100) == (states.count("visited") == len(states))


@given(st.lists(COVERAGES, max_size=8))
def test_the_parts_add_up_to_the_whole_in_any_grouping(parts: list[Coverage]) -> None:
    half = len(parts) // 2

    whole = sum(parts, Coverage())

    assert whole == sum(parts[:half], Coverage()) + sum(parts[half:], Coverage())
    assert whole.waiting == sum(part.waiting for part in parts) >= 0
    assert 0 <= whole.percent <= 100
