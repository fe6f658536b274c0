"""Lists received keep up with facts, are compared with the register, and are settled with facts that have an owner."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as reading
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.no_miss.screening import matching, settling
from bulou.no_miss.screening.models import Enrolment, Listing, ListingScope
from bulou.plan.rules import rules

from .conftest import COUNTY, DAY, HERE, HOUR, NEXT, NOW, Village

Scope = Callable[[str], AbstractContextManager[None]]
RAIL = "铁路名单0209"


@pytest.fixture
def clerk(home: Village, make_account: Callable[..., Account]) -> Account:
    return make_account("clerk", home.unit, "village_committee")


@pytest.fixture
def sides(home: Village) -> None:
    """甲 on both, 乙 only on theirs, 丙 only on ours."""
    for who in (0, 1):
        home.happen("person.listed", who, NOW - DAY, list=RAIL, category="arrival", source="department")
    for who in (0, 2):
        home.happen("person.enrolled", who, NOW - HOUR, category="arrival")
    home.happen(
        "listing.scoped", f"area:{COUNTY}", NOW - DAY, area=COUNTY, list=RAIL, category="arrival", scope="register"
    )


def by_side(area: str = HERE) -> dict[str, list[matching.Compared]]:
    found = matching.compared(RAIL, "arrival", area, matching.scopes_of(RAIL, "arrival", area))
    return {side: [one for one in found if one.pair.side == side] for side in ("both", "theirs", "ours")}


def listing(home: Village, who: int) -> Listing:
    return Listing.objects.get(person=home.people[who].pk)


def test_a_list_is_counted_with_what_is_left_to_settle(home: Village, sides: None) -> None:
    home.happen("listing.settled", 0, NOW, list=RAIL, outcome="found")

    with everywhere():
        (found,) = matching.received(COUNTY)
    assert (found.name, found.people, found.open) == (RAIL, 2, 1)


def test_both_differences_are_shown(home: Village, sides: None) -> None:
    with everywhere(), CaptureQueriesContext(connection) as queries:
        found = by_side()

    assert len(queries) == 6
    assert {side: [one.pair.person for one in rows] for side, rows in found.items()} == {
        "both": [home.people[0].pk],
        "theirs": [home.people[1].pk],
        "ours": [home.people[2].pk],
    }


def test_somebody_long_on_the_register_is_no_difference_to_a_new_list(home: Village, sides: None) -> None:
    with everywhere():
        Enrolment.objects.filter(person=home.people[2].pk).update(since=NOW - 40 * DAY)
        assert by_side()["ours"] == []


def test_a_village_compares_its_own_people_alone(home: Village, sides: None, scope: Scope) -> None:
    home.happen("person.listed", 2, NOW - DAY, area=NEXT, list=RAIL, category="arrival")

    with scope(NEXT):
        assert [one.pair.person for rows in by_side("").values() for one in rows] == [home.people[2].pk]
        assert [one.people for one in matching.received("")] == [1]


def test_confirmed_they_are_on_the_register_and_no_longer_only_theirs(
    home: Village, sides: None, clerk: Account
) -> None:
    form = new_id()
    with everywhere():
        for _ in range(2):
            settling.settle(listing(home, 1).pk, "found", by=clerk, id=form)
        found = by_side()
        kinds = Counter(fact.kind for fact in reading.facts_of(f"person:{home.people[1].pk}"))

    assert (len(found["theirs"]), len(found["both"])) == (0, 2)
    assert kinds == {"person.listed": 1, "listing.settled": 1, "person.enrolled": 1}


@pytest.mark.parametrize("outcome", ["not_here", "elsewhere", "mistaken"])
def test_what_else_was_found_is_kept_with_a_note_and_registers_nobody(
    home: Village, sides: None, clerk: Account, outcome: str
) -> None:
    with everywhere():
        done = settling.settle(listing(home, 1).pk, outcome, by=clerk, id=new_id(), note="moved in 2018")
        assert (done.state, done.by) == (outcome, home.unit.pk)
        assert not Enrolment.objects.filter(person=home.people[1].pk).exists()


def test_all_on_which_both_agree_are_settled_at_once(home: Village, sides: None, clerk: Account) -> None:
    with everywhere():
        ids = [one.pk for one in Listing.objects.all()]
        assert settling.settle_agreeing(ids[:1], by=clerk, id=new_id()) == 1
        assert settling.settle_agreeing(ids[:1], by=clerk, id=new_id()) == 0


def test_a_department_is_told_of_whom_its_list_does_not_name(home: Village, sides: None, clerk: Account) -> None:
    with everywhere():
        enrolment = Enrolment.objects.get(person=home.people[2].pk)
        settling.tell(enrolment.pk, RAIL, by=clerk, id=new_id())
        (ours,) = by_side()["ours"]

        assert ours.state == "added"
        assert [one.people for one in matching.received(HERE)] == [2]


def test_what_is_none_is_refused(home: Village, sides: None, clerk: Account) -> None:
    with everywhere():
        for listing_, outcome in ((new_id(), "found"), (listing(home, 1).pk, "lost")):
            with pytest.raises(BulouError, match="nothing was recorded"):
                settling.settle(listing_, outcome, by=clerk, id=new_id())
        with pytest.raises(BulouError, match="nothing was recorded"):
            settling.tell(new_id(), RAIL, by=clerk, id=new_id())


def test_a_rebuild_comes_to_the_same(home: Village, sides: None, clerk: Account) -> None:
    with everywhere():
        settling.settle(listing(home, 1).pk, "not_here", by=clerk, id=new_id())
        before = list(Listing.objects.order_by("id").values())

    ledger.rebuild()

    with everywhere():
        assert list(Listing.objects.order_by("id").values()) == before


def test_whom_nobody_looks_for_in_a_day_is_a_miss_of_the_village(home: Village) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.id.endswith("/listed-person-settled")], area="12")
    for who in (0, 1):
        home.happen("person.listed", who, NOW - DAY - HOUR, list=RAIL, category="arrival")
    home.happen("listing.settled", 0, NOW - 2 * HOUR, list=RAIL, outcome="found")
    ledger.advance()

    with everywhere():
        (missed,) = reading.misses(COUNTY).rows
    assert (missed.subject, missed.owner) == (f"person:{home.people[1].pk}", home.unit.pk)


def scoped(home: Village, area: str = HERE, **said: str) -> None:
    home.happen("listing.scoped", f"area:{area}", NOW, area=area, list=RAIL, category="arrival", **said)


def test_until_somebody_says_what_a_list_holds_nobody_is_missing_from_it(home: Village) -> None:
    home.happen("person.listed", 0, NOW - DAY, list=RAIL, category="arrival")
    home.happen("person.enrolled", 2, NOW - HOUR, category="arrival")

    with everywhere():
        lists = matching.received(HERE)
        assert matching.unstated(HERE, lists) == {(RAIL, "arrival")}
        assert by_side()["ours"] == []

    scoped(home, scope="register")
    with everywhere():
        assert [one.pair.person for one in by_side()["ours"]] == [home.people[2].pk]
        assert matching.unstated(HERE, lists) == set()


def test_a_list_of_only_these_people_misses_nobody(home: Village, sides: None) -> None:
    home.happen("listing.scoped", f"area:{COUNTY}", NOW, area=COUNTY, list=RAIL, category="arrival", scope="named")

    with everywhere():
        found = by_side()
    assert found["ours"] == []
    assert len(found["both"] + found["theirs"]) == 2


def test_a_list_of_one_day_misses_only_who_came_on_that_day(home: Village) -> None:
    home.happen("person.listed", 0, NOW - DAY, list=RAIL, category="arrival")
    for who, at in ((1, NOW - 2 * DAY), (2, NOW - DAY)):
        home.happen("arrival.declared", who, at, risk="high")
        home.happen("person.enrolled", who, NOW - HOUR, category="arrival")
    scoped(home, scope="day", day=f"{NOW - DAY:%F}")

    with everywhere():
        assert [one.pair.person for one in by_side()["ours"]] == [home.people[2].pk]


def test_a_list_holds_nothing_outside_the_area_it_is_of(home: Village) -> None:
    home.happen("person.listed", 0, NOW - DAY, list=RAIL, category="arrival")
    home.happen("person.enrolled", 2, NOW - HOUR, area=NEXT, category="arrival")
    scoped(home, scope="register")

    with everywhere():
        assert by_side(COUNTY)["ours"] == []
    scoped(home, NEXT, scope="register")
    with everywhere():
        assert len(by_side(COUNTY)["ours"]) == 1


def test_what_is_said_of_a_county_counts_for_its_village_and_the_last_word_stands(
    home: Village, clerk: Account, scope: Scope
) -> None:
    home.happen("person.listed", 0, NOW - DAY, list=RAIL, category="arrival")
    home.happen("person.enrolled", 2, NOW - HOUR, category="arrival")
    scoped(home, COUNTY, scope="register")
    with scope(HERE):
        assert len(by_side()["ours"]) == 1

    scoped(home, COUNTY, scope="named")

    with scope(HERE):
        assert by_side()["ours"] == []


@pytest.mark.parametrize(
    ("area", "given"),
    [(HERE, {"scope": "everything"}), (HERE, {"scope": "day"}), (COUNTY, {"scope": "register"})],
)
def test_a_scope_that_is_none_is_refused(home: Village, clerk: Account, area: str, given: dict[str, str]) -> None:
    with everywhere(), pytest.raises(BulouError, match="Nothing was recorded"):
        settling.state_scope(RAIL, "arrival", area, given["scope"], by=clerk, id=new_id())

    with everywhere():
        assert not ListingScope.objects.exists()


def test_scopes_derived_anew_are_the_same(home: Village, clerk: Account) -> None:
    with everywhere():
        settling.state_scope(RAIL, "arrival", HERE, "day", by=clerk, id=new_id(), day=NOW.date())
        before = list(ListingScope.objects.values_list())
        ledger.rebuild()

        assert list(ListingScope.objects.values_list()) == before
    assert len(before) == 1
