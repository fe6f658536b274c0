"""Who is isolated where, from facts alone: claims of people, beds of rooms."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.isolation.occupancy import Claim, Happened, claims_of, seats_of

START = datetime(2020, 2, 1, 10, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def fact(what: str, day: float = 0, id: str = "", account: str | None = None, /, **data: Any) -> Happened:
    return Happened(id or f"{what}@{day}", what, START + day * DAY, "120101", data, account)


def started(day: float = 0, place: str = "r1", **data: Any) -> Happened:
    return fact("isolation.started", day, kind="central", place=place, **data)


def ended(day: float) -> Happened:
    return fact("isolation.ended", day)


def moved(day: float, place: str) -> Happened:
    return fact("isolation.moved", day, place=place)


def cleaned(day: float, kind: str = "terminal") -> Happened:
    return fact("room.cleaned", day, kind=kind)


def times(claims: list[Claim]) -> list[tuple[str | None, float, float | None]]:
    return [(c.place, (c.started - START) / DAY, (c.ended - START) / DAY if c.ended else None) for c in claims]


def planned(*facts: Happened) -> float:
    return (claims_of("p", facts)[-1].planned_end - START) / DAY


class TestClaims:
    def test_a_start_opens_one_and_an_end_closes_it(self) -> None:
        assert times(claims_of("p", [started(), ended(14)])) == [("r1", 0, 14)]

    def test_a_second_start_in_the_same_room_changes_nothing(self) -> None:
        assert times(claims_of("p", [started(), started(3)])) == [("r1", 0, None)]

    def test_a_move_closes_one_room_and_opens_the_next_in_the_same_isolation(self) -> None:
        claims = claims_of("p", [started(), moved(2, "r2")])

        assert times(claims) == [("r1", 0, 2), ("r2", 2, None)]
        assert claims[0].isolation == claims[1].isolation
        assert claims[1].begun == START

    def test_a_start_elsewhere_is_a_move(self) -> None:
        assert times(claims_of("p", [started(), started(2, "r2")])) == [("r1", 0, 2), ("r2", 2, None)]

    def test_somebody_taken_from_home_into_a_site_has_one_isolation(self) -> None:
        home = fact("isolation.started", 0, kind="home")

        claims = claims_of("p", [home, started(3)])

        assert [(claim.kind, claim.isolation) for claim in claims] == [("home", home.id), ("central", home.id)]

    def test_a_move_of_somebody_who_is_not_in_isolation_opens_nothing(self) -> None:
        assert claims_of("p", [moved(0, "r1"), started(1), ended(2), moved(3, "r2")])[1:] == []

    def test_an_end_at_the_very_instant_of_the_start_does_not_end_it(self) -> None:
        assert times(claims_of("p", [started(1), ended(1)])) == [("r1", 1, None)]

    def test_who_moves_twice_in_one_instant_was_only_in_the_last_room(self) -> None:
        claims = claims_of("p", [started(), fact("isolation.moved", 1, "a", place="r2"),
                                 fact("isolation.moved", 1, "b", place="r3")])  # fmt: skip

        assert times(claims) == [("r1", 0, 1), ("r3", 1, None)]

    def test_a_later_isolation_is_another(self) -> None:
        claims = claims_of("p", [started(), ended(5), started(9)])

        assert claims[0].isolation != claims[1].isolation

    def test_the_order_facts_come_in_does_not_matter(self) -> None:
        facts = [started(), moved(2, "r2"), ended(5), started(9)]

        assert claims_of("p", facts) == claims_of("p", reversed(facts))


class TestGrounds:
    """Until when somebody may be held."""

    def test_an_isolation_that_does_not_say_lasts_fourteen_days(self) -> None:
        assert planned(started()) == 14

    def test_the_start_says_how_long(self) -> None:
        assert planned(started(days=7)) == 7

    def test_the_order_outranks_the_start(self) -> None:
        assert planned(fact("isolation.ordered", -1, kind="central", days=10), started(days=7)) == 10

    def test_an_order_counts_from_the_last_exposure_at_the_hour_of_the_start(self) -> None:
        order = fact("isolation.ordered", -1, kind="central", days=14, counted_from="2020-01-28")

        assert planned(order, started()) == 10

    def test_days_are_added_and_taken_off(self) -> None:
        extended, shortened = fact("isolation.extended", 5, days=3), fact("isolation.shortened", 6, days=4)

        assert planned(started(), extended) == 17
        assert planned(started(), extended, shortened) == 13

    def test_an_isolation_is_never_shortened_to_before_it_began(self) -> None:
        assert planned(started(), fact("isolation.shortened", 1, days=30)) == 0

    def test_a_new_order_replaces_what_was_added_before_it(self) -> None:
        order = fact("isolation.ordered", 6, kind="central", days=20)

        assert planned(started(), fact("isolation.extended", 5, days=3), order) == 20

    def test_an_order_of_an_earlier_isolation_does_not_reach_into_the_next(self) -> None:
        facts = [fact("isolation.ordered", 0, kind="central", days=21), started(0), ended(5), started(10)]

        assert planned(*facts) == 24

    def test_a_person_moved_keeps_the_day_they_go(self) -> None:
        assert {c.planned_end for c in claims_of("p", [started(), moved(5, "r2")])} == {START + 14 * DAY}


def claim(person: str, start: float, end: float | None = None, sharing: Any = ()) -> Claim:
    until = None if end is None else START + end * DAY
    begun = START + start * DAY
    return Claim(f"{person}{start}", person, "central", "120101", "r1", f"{person}{start}", begun, begun, until, begun,
                 begun, sharing)  # fmt: skip


def troubles(*claims: Claim, facts: tuple[Happened, ...] = ()) -> list[str]:
    return [seats_of(claims, facts).seats[one.id].trouble for one in claims]


class TestSeats:
    def test_the_first_has_the_room_and_the_second_only_claims_it(self) -> None:
        assert troubles(claim("a", 0), claim("b", 1)) == ["", "taken"]

    def test_a_room_is_not_used_again_before_terminal_cleaning(self) -> None:
        first, second = claim("a", 0, 5), claim("b", 6)

        assert troubles(first, second) == ["", "unclean"]
        assert troubles(first, second, facts=(cleaned(5.5, "routine"),)) == ["", "unclean"]
        assert troubles(first, second, facts=(cleaned(5.5),)) == ["", ""]

    def test_cleaning_while_somebody_is_in_does_not_count(self) -> None:
        assert troubles(claim("a", 0, 5), claim("b", 6), facts=(cleaned(4),)) == ["", "unclean"]

    def test_out_clean_and_in_at_one_instant_is_in_order(self) -> None:
        assert troubles(claim("a", 0, 5), claim("b", 5), facts=(cleaned(5),)) == ["", ""]

    def test_nobody_goes_into_a_broken_room_until_it_is_repaired(self) -> None:
        broken, repaired = fact("room.broken", 0, reason="x"), fact("room.repaired", 2)

        assert troubles(claim("a", 1), facts=(broken,)) == ["broken"]
        assert troubles(claim("a", 3), facts=(broken, repaired)) == [""]

    def test_a_child_shares_by_an_approval_for_that_person_given_before(self) -> None:
        guardian = claim("a", 0)

        assert troubles(guardian, claim("b", 1, None, (("ok", "a", START),))) == ["", ""]
        assert troubles(guardian, claim("b", 1, None, (("ok", "c", START),))) == ["", "taken"]
        assert troubles(guardian, claim("b", 1, None, (("ok", "a", START + 2 * DAY),))) == ["", "taken"]

    def test_one_approval_serves_once(self) -> None:
        sharing = (("ok", "a", START),)

        assert troubles(claim("a", 0), claim("b", 1, None, sharing), claim("c", 2, None, sharing)) == ["", "", "taken"]

    def test_no_more_than_four_share(self) -> None:
        others = [claim(name, 1 + n, None, ((name, "a", START),)) for n, name in enumerate("bcde")]

        assert troubles(claim("a", 0), *others) == ["", "", "", "", "full"]

    def test_whoever_only_claims_a_room_still_has_to_be_cleaned_after(self) -> None:
        assert seats_of([claim("a", 0), claim("b", 1, 2)], ()).state == "occupied"
        assert seats_of([claim("a", 0, 1), claim("b", 2, 3)], ()).state == "cleaning"

    @pytest.mark.parametrize(
        ("claims", "facts", "state", "since"),
        [
            ([], (), "free", None),
            ([claim("a", 1)], (), "occupied", 1),
            ([claim("a", 1, 2)], (), "cleaning", 2),
            ([claim("a", 1, 2)], (cleaned(3), cleaned(4)), "free", 3),
            ([claim("a", 1, 2)], (fact("room.broken", 3, reason="x"),), "broken", 3),
            ([claim("a", 1)], (fact("room.broken", 3, reason="x"),), "occupied", 1),
        ],
    )
    def test_the_state_of_a_room(self, claims: list[Claim], facts: Any, state: str, since: float | None) -> None:
        occupied = seats_of(claims, facts)

        assert occupied.state == state
        assert occupied.since == (None if since is None else START + since * DAY)


class TestApprovals:
    ASKED = {"with": "person:a", "reason": "a child of six"}

    def sharing(self, asker: str | None, agreer: str | None, request: str = "ask") -> int:
        facts = [
            fact("sharing.requested", 0, "ask", asker, **self.ASKED),
            fact("sharing.approved", 1, "ok", agreer, request=request),
            started(2),
        ]
        return len(claims_of("p", facts)[0].sharing)

    def test_another_account_agrees(self) -> None:
        assert self.sharing("one", "two") == 1

    def test_nobody_agrees_with_themselves(self) -> None:
        assert self.sharing("one", "one") == 0

    def test_a_fact_nobody_signed_in_for_agrees_to_nothing(self) -> None:
        assert self.sharing(None, "two") == self.sharing("one", None) == 0

    def test_an_approval_of_what_was_not_asked_counts_for_nothing(self) -> None:
        assert self.sharing("one", "two", request="other") == 0
