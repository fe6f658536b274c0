"""What screens read: who holds, what is open in the order of its delay, counts, and one page after another."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulou.config.rooms import fact_kinds
from bulou.custody import selectors
from bulou.custody.clocks import CLOCKS, NEXT
from bulou.custody.models import OPEN
from bulou.directory.models import Person
from bulou.directory.roles import ROLES
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.ledger import clocks, services
from bulou.plan.load import load
from bulou.plan.rules import rules
from db.custody.conftest import NINE, NOW, VILLAGE, Hands, enrolled, fact, journey, record

Queries = Callable[[int], AbstractContextManager[None]]
ONE = {name: timedelta(hours=1) for name in OPEN}


@pytest.fixture
def under_way(hands: Hands) -> list[Person]:
    """Four people, each a link further; the first asked for at 10:00, the last received at 13:00."""
    with everywhere():
        people = Person.objects.bulk_create(Person(name=f"人{n}", area_id=VILLAGE) for n in range(4))
    for n, person in enumerate(people):
        assert record(enrolled(person, hands), *journey(person, hands)[: n + 1]).refused == ()
    return people


def stages(now: datetime = NOW, **asked: object) -> list[str]:
    with everywhere():
        found = selectors.on_the_way(ONE, now, **{"limit": 50, **asked})  # type: ignore[arg-type]
        return [row.stage for row, _ in found]


def test_the_holder_of_each_person_is_read_at_once(
    under_way: list[Person], hands: Hands, django_assert_num_queries: Queries
) -> None:
    with everywhere(), django_assert_num_queries(1):
        found = selectors.holders(person.pk for person in under_way)

    assert [found[person.pk].unit for person in under_way] == [hands.village.pk] * 3 + [hands.site.pk]


def test_who_was_released_is_in_nobodys_hands(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), fact("person.withdrawn", person, 2, hands.village))

    with everywhere():
        assert selectors.holders([person.pk]) == {}
        assert selectors.held_by(hands.village.pk, limit=5) == []


def test_a_unit_knows_whom_it_holds_now(under_way: list[Person], hands: Hands) -> None:
    with everywhere():
        assert set(selectors.held_by(hands.village.pk, limit=9)) == {person.pk for person in under_way[:3]}
        assert selectors.held_by(hands.site.pk, limit=9) == [under_way[3].pk]


def test_the_longest_overdue_comes_first(under_way: list[Person]) -> None:
    assert stages() == ["requested", "accepted", "departed", "received"]
    with everywhere():
        tight = ONE | {"received": timedelta(minutes=-300)}
        assert [row.stage for row, _ in selectors.on_the_way(tight, NOW, limit=1)] == ["received"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"stage": "departed"}, ["departed"]),
        ({"overdue": True, "now": NINE + timedelta(hours=3, minutes=30)}, ["requested", "accepted"]),
        ({"limit": 2}, ["requested", "accepted"]),
    ],
)
def test_the_board_is_narrowed(under_way: list[Person], asked: dict[str, object], found: list[str]) -> None:
    assert stages(**asked) == found  # type: ignore[arg-type]


def test_the_board_of_one_unit(under_way: list[Person], hands: Hands) -> None:
    assert len(stages(unit=hands.site.pk)) == 4
    assert stages(unit=hands.hospital.pk) == []


def test_pages_follow_each_other_without_gap_or_repetition(under_way: list[Person]) -> None:
    seen, after = [], ""
    with everywhere():
        while found := selectors.on_the_way(ONE, NOW, after=after, limit=1):
            seen.append(found[-1][0].stage)
            after = selectors.key_of(*found[-1])

    assert seen == ["requested", "accepted", "departed", "received"]


@pytest.mark.parametrize("after", ["", "x", "x.y", "2020-02-03.1"])
def test_a_cursor_that_cannot_be_read_begins_at_the_beginning(under_way: list[Person], after: str) -> None:
    assert len(stages(after=after)) == 4


def test_counts_are_by_link_and_by_unit(
    under_way: list[Person], hands: Hands, django_assert_num_queries: Queries
) -> None:
    with everywhere(), django_assert_num_queries(1):
        counted = selectors.tally(ONE, NINE + timedelta(hours=3, minutes=30))

    assert {name: (one.open, one.overdue) for name, one in counted.stages.items()} == {
        "requested": (1, 1),
        "accepted": (1, 1),
        "departed": (1, 0),
        "received": (1, 0),
    }
    assert [(unit, one.open, one.overdue) for unit, one in counted.receivers] == [(hands.site.pk, 4, 2)]
    assert counted.total == selectors.Counted(4, 2)


def test_a_transport_team_sees_what_is_agreed_in_its_area(under_way: list[Person], hands: Hands) -> None:
    with everywhere():
        assert selectors.open_of_unit(hands.car.pk) == []
        assert [row.stage for row in selectors.open_of_unit(hands.car.pk, carries_in="120101")] == ["accepted"]
        assert len(selectors.open_of_unit(hands.site.pk)) == 4


def test_the_chain_of_a_person_is_read_in_two_queries(
    under_way: list[Person], hands: Hands, django_assert_num_queries: Queries
) -> None:
    with everywhere(), django_assert_num_queries(2):
        held, moved = selectors.chain_of(under_way[3].pk)

    assert [one.unit for one in held] == [hands.site.pk, hands.village.pk]
    assert [one.stage for one in moved] == ["received"]


def test_nothing_is_seen_from_elsewhere(under_way: list[Person]) -> None:
    with scope("45"):
        assert selectors.on_the_way(ONE, NOW, limit=9) == []
        assert selectors.tally(ONE, NOW).total == selectors.Counted(0, 0)


def test_a_plan_in_force_sets_the_clock_of_a_link(areas: object) -> None:
    plan = load(Path(__file__).parents[3] / "plans" / "guangxi-2020-9", kinds=fact_kinds(), roles=ROLES)
    guangxi = [rule for rule in rules(plan) if rule.when.kind.startswith("handover.")]
    with clock.at(NOW):
        before = clocks.within(NEXT, VILLAGE, NOW)
        services.adopt(guangxi, area="12")

    assert before == {}
    assert clocks.within(NEXT, VILLAGE, NOW) == dict(CLOCKS)
    assert clocks.within(NEXT, "450103", NOW) == {}
    assert CLOCKS.keys() == NEXT.keys() == set(OPEN)
