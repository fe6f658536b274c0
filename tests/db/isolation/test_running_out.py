"""Nobody is held beyond the grounds unnoticed: said a day ahead, a duty until then, and a miss after."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import scope
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger import services, shelf
from bulou.no_miss.isolation import orders, releasing, running_out
from bulou.plan.rules import rules

from .conftest import DAY, NOW, House

KINDS = ("isolation.expiring",)
LET_GO = "guangxi-2020-9/let-go-when-grounds-end-in-site"


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def held(house: House) -> House:
    """Somebody in the first room since now, for fourteen days; the duties to let people go in force."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.when.kind in KINDS], area="12")
    house.start(0, 0)
    return house


def pass_at(at: datetime) -> None:
    with clock.at(at):
        services.advance()


def said(house: House) -> list[Any]:
    with clock.at(NOW + 60 * DAY):
        facts = ledger.facts_of(f"person:{house.people[0]}")
    return [fact for fact in facts if fact.kind == running_out.KIND and fact.effective]


def states(house: House) -> list[tuple[str, str]]:
    return [(row.duty, row.state) for row in ledger.duties_of(f"person:{house.people[0]}")]


def test_nothing_is_said_before_the_last_day(held: House) -> None:
    pass_at(NOW + 12 * DAY)

    assert said(held) == []


def test_a_day_ahead_it_is_said_once_and_the_site_owes_the_release(held: House) -> None:
    pass_at(NOW + 13 * DAY)
    pass_at(NOW + 13 * DAY + timedelta(minutes=5))

    (fact,) = said(held)
    assert fact.at == NOW + 13 * DAY
    (row,) = ledger.duties_of(f"person:{held.people[0]}")
    assert (row.duty, row.state, row.due_at, row.owner) == (LET_GO, "open", NOW + 14 * DAY, held.site.pk)


def test_whoever_is_held_past_the_grounds_is_a_miss(held: House) -> None:
    pass_at(NOW + 14 * DAY + timedelta(minutes=1))

    assert states(held) == [(LET_GO, "missed")]


def test_the_miss_falls_to_the_site_where_the_person_is(held: House, make_unit: Any) -> None:
    other: Unit = make_unit("另一隔离点", "120101", "isolation_site")
    pass_at(NOW + 15 * DAY)

    assert [row.owner for row in ledger.misses("120101").rows if row.duty == LET_GO] == [held.site.pk]
    assert other.pk != held.site.pk


def test_an_isolation_made_longer_in_time_is_spoken_of_anew_and_a_release_in_time_meets_it(held: House) -> None:
    pass_at(NOW + 13 * DAY)
    with clock.at(NOW + 13 * DAY + timedelta(hours=2)):
        releasing.extend(held.people[0], 7, "ill roommate", by=held.manager)
    pass_at(NOW + 15 * DAY)
    assert states(held) == []

    pass_at(NOW + 20 * DAY + timedelta(hours=1))
    held.happen("isolation.ended", held.people[0], NOW + 20 * DAY + timedelta(hours=2), reason="completed")
    pass_at(NOW + 22 * DAY)

    assert states(held) == [(LET_GO, "met")]


def test_made_longer_too_late_it_stays_a_miss(held: House) -> None:
    pass_at(NOW + 15 * DAY)
    with clock.at(NOW + 15 * DAY):
        releasing.extend(held.people[0], 7, "ill roommate", by=held.manager)
    pass_at(NOW + 16 * DAY)

    assert states(held) == [(LET_GO, "missed")]


def test_a_lengthening_that_came_by_another_door_ends_the_duty_too(held: House) -> None:
    pass_at(NOW + 13 * DAY)
    held.happen("isolation.extended", held.people[0], NOW + 13 * DAY + timedelta(hours=1), days=7)
    pass_at(NOW + 15 * DAY)

    assert states(held) == [(LET_GO, "void")]


def test_a_new_order_that_reaches_further_takes_the_word_back(held: House) -> None:
    pass_at(NOW + 13 * DAY)
    with clock.at(NOW + 13 * DAY + timedelta(hours=2)):
        orders.order(held.people[0], "central", 21, "new exposure", by=held.manager)

    assert said(held) == []
    pass_at(NOW + 15 * DAY)
    assert states(held) == []


def test_grounds_shortened_into_the_past_leave_a_day_to_act(held: House) -> None:
    at = NOW + 9 * DAY
    with clock.at(at):
        releasing.shorten(held.people[0], 7, "no contact after all", by=held.manager)
    pass_at(at)

    (row,) = ledger.duties_of(f"person:{held.people[0]}")
    assert (row.opens_at, row.due_at) == (at, at + DAY)


def test_who_has_gone_is_not_spoken_of(held: House) -> None:
    held.happen("isolation.ended", held.people[0], NOW + 2 * DAY, reason="transferred")
    pass_at(NOW + 14 * DAY)

    assert said(held) == []
