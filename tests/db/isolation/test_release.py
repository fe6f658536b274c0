"""The release guard: item by item, refused until met, overridden by two; and the end made later or earlier."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.ledger.guarding import Check
from bulou.no_miss.isolation import release, releasing
from bulou.plan.rules import rules

from .conftest import DAY, NOW, House

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def held(house: House) -> House:
    """Somebody in the first room for ten of fourteen days; the Guangxi plan in force."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "isolation.started"], area="12")
    house.start(0, 0, NOW - 10 * DAY)
    return house


def check(house: House) -> Check:
    return release.check(house.stays(0)[-1], clock.now())


def assess(house: House, outcome: str = "complete") -> None:
    house.happen("release.assessed", house.people[0], clock.now() - HOUR, outcome=outcome)


def refused(code: str) -> object:
    return pytest.raises(BulouError, check=lambda error: error.problems[0].code == code)


def test_what_is_missing_is_said_item_by_item_with_its_clause(held: House) -> None:
    served, assessed = check(held).items

    assert (served.is_met, assessed.is_met) == (False, False)
    assert "14" in served.text.en
    assert assessed.clause == "GX-2.1.e"


def test_nobody_goes_until_all_is_met(held: House) -> None:
    with refused("release.guard"):
        releasing.end(held.people[0], by=held.manager)
    with clock.at(NOW + 4 * DAY):
        with refused("release.guard"):
            releasing.end(held.people[0], by=held.manager)
        assess(held)
        stay = releasing.end(held.people[0], by=held.manager, follow_up_days=7)

        assert stay.ended_at == NOW + 4 * DAY
        assert held.room(0).state == "cleaning"


def test_the_refusal_names_what_is_missing_in_both_languages(held: House) -> None:
    assess(held)

    with pytest.raises(BulouError) as error:
        releasing.end(held.people[0], by=held.manager)

    assert "满 14 天" in error.value.to("zh")
    assert "14 days served" in error.value.to("en")
    assert "Assessed" not in error.value.to("en")


def test_an_assessment_of_an_earlier_isolation_does_not_count(held: House) -> None:
    with clock.at(NOW + 4 * DAY):
        held.happen("release.assessed", held.people[0], NOW - 11 * DAY, outcome="complete")

        assert [item.is_met for item in check(held).items] == [True, False]


def test_an_assessment_that_is_too_old_is_shown_as_such(held: House) -> None:
    assess(held)

    with clock.at(NOW + 4 * DAY):
        assert check(held).items[1].stale_at == NOW - HOUR


def test_who_must_be_transferred_goes_at_once(held: House) -> None:
    assess(held, "transfer")

    assert releasing.end(held.people[0], by=held.manager, reason="transferred").ended_at == NOW


def test_the_dead_are_held_to_no_guard(held: House) -> None:
    assert releasing.end(held.people[0], by=held.manager, reason="died").ended_at == NOW


def test_two_accounts_and_a_reason_let_somebody_go_early(held: House) -> None:
    request = releasing.ask_to_go_early(held.people[0], "a funeral in the family", by=held.nurse)
    asked = check(held).override
    assert asked
    assert (asked.reason, asked.approval) == ("a funeral in the family", None)
    with refused("release.guard"):
        releasing.end(held.people[0], by=held.manager)
    with refused("request.two_people"):
        releasing.agree_to_go_early(held.people[0], request, by=held.nurse)

    releasing.agree_to_go_early(held.people[0], request, by=held.manager)

    assert check(held).may_go
    assert not check(held).is_met
    assert releasing.end(held.people[0], by=held.nurse).ended_at == NOW


def test_an_approval_by_the_same_account_through_another_door_does_not_count(held: House) -> None:
    request = releasing.ask_to_go_early(held.people[0], "x", by=held.nurse)
    held.happen("override.approved", held.people[0], account=held.nurse.pk, request=str(request))
    held.happen("override.approved", held.people[0], request=str(request))

    assert not check(held).may_go


def test_an_approval_is_good_for_a_day(held: House) -> None:
    request = releasing.ask_to_go_early(held.people[0], "x", by=held.nurse)
    releasing.agree_to_go_early(held.people[0], request, by=held.manager)

    with clock.at(NOW + DAY + HOUR):
        assert not check(held).may_go


def test_agreeing_to_what_nobody_asked_for_is_refused(held: House) -> None:
    with refused("request.none"):
        releasing.agree_to_go_early(held.people[0], held.people[1], by=held.manager)


def test_an_isolation_is_made_longer_and_shorter_on_grounds(held: House) -> None:
    assert releasing.extend(held.people[0], 3, "a case on the same floor", by=held.manager).planned_end == NOW + 7 * DAY
    assert (
        releasing.shorten(held.people[0], 5, "the contact was excluded", by=held.manager).planned_end == NOW + 2 * DAY
    )


def test_what_was_shortened_to_now_may_end_now(held: House) -> None:
    releasing.shorten(held.people[0], 4, "new rules", by=held.manager)
    assess(held)

    assert releasing.end(held.people[0], by=held.manager).ended_at == NOW


def test_an_end_in_the_very_moment_of_the_start_is_refused(house: House) -> None:
    house.start(0, 0, NOW)

    with refused("stay.just_begun"):
        releasing.end(house.people[0], by=house.manager, reason="died")


def test_who_is_not_isolated_cannot_be_released(house: House) -> None:
    with refused("stay.none"):
        releasing.end(house.people[0], by=house.manager)


def test_home_isolation_has_the_same_guard(held: House) -> None:
    held.happen("isolation.started", held.people[1], NOW - 3 * DAY, kind="home")

    with refused("release.guard"), everywhere():
        releasing.end(held.people[1], by=held.manager)
