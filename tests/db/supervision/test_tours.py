"""Tours: planned over villages and sites of one's area, visited, and missed where nobody comes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger_reads
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.oversight.supervision import routes, services, touring
from bulou.oversight.supervision.models import Stop, Tour
from bulou.plan.rules import rules

Scope = Callable[[str], AbstractContextManager[None]]
NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HERE, NEXT, COUNTY = "120101001001", "120101001002", "120101"
DAY = timedelta(days=1)


@pytest.fixture
def inspector(make_unit: Callable[..., Unit], make_account: Callable[..., Account]) -> Any:
    """A supervision group of the county, the Guangxi duty to come to each stop in force, and a clock."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "inspection.planned"], area="12")
    with clock.at(NOW):
        yield make_account("inspector", make_unit("和平区督查组", COUNTY, "supervision_group"), "supervision_group")


def plan(by: Account, *stops: str, **given: Any) -> Tour:
    said: dict[str, Any] = {"name": "First round", "members": ["county", " ", "CDC"], "days": 3, "id": new_id()}
    said |= given
    with everywhere():
        return touring.plan_tour(said.pop("name"), said.pop("members"), stops, said.pop("days"), by=by, **said)


def stops() -> list[Stop]:
    with everywhere():
        return routes.stops_page(routes.stops_found("", clock.now()), limit=50)


def test_each_stop_is_a_duty_of_the_team_and_is_done_by_coming(inspector: Account, village: Unit) -> None:
    made = plan(inspector, f"area:{HERE}", f"unit:{village.pk}", f"area:{HERE}")

    assert (made.members, made.by) == ("county\nCDC", inspector.unit_id)
    assert [(one.n, one.subject, one.area) for one in stops()] == [
        (1, f"area:{HERE}", HERE),
        (2, f"unit:{village.pk}", HERE),
    ]
    with everywhere():
        (duty,) = ledger_reads.duties_of(f"area:{HERE}")
        assert (duty.owner, duty.state) == (inspector.unit_id, "open")
        touring.visit(stops()[0].id, "all in place", True, by=inspector, id=new_id())
        assert ledger_reads.duties_of(f"area:{HERE}")[0].state == "met"
    assert [(one.visited_at, one.passed) for one in stops()] == [(NOW, True), (None, None)]


def test_a_stop_nobody_came_to_is_missed(inspector: Account) -> None:
    made = plan(inspector, f"area:{HERE}")

    with everywhere(), clock.at(NOW + 8 * DAY):
        ledger.advance()
        assert [row.state for row in ledger_reads.duties_of(f"area:{HERE}")] == ["missed"]
        found = routes.round_(made.id, clock.now())
        assert found
        assert (found.stops, found.visited, found.over, found.percent) == (1, 0, 1, 0)
        assert routes.standing(COUNTY, clock.now()) == {"over": 1, "waiting": 0, "visited": 0}


def test_sent_twice_it_is_one_tour(inspector: Account) -> None:
    id = new_id()
    for _ in range(2):
        plan(inspector, f"area:{HERE}", f"area:{NEXT}", id=id)

    assert len(stops()) == 2
    with everywhere():
        assert Tour.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "tour.incomplete"),
        ({"members": [" "]}, "tour.incomplete"),
        ({"days": 8}, "tour.incomplete"),
        ({"stops": ()}, "tour.incomplete"),
        ({"stops": ("area:450103",)}, "tour.stop"),
        ({"stops": (f"unit:{new_id()}",)}, "tour.stop"),
    ],
)
def test_a_tour_that_is_none_is_refused_and_nothing_kept(inspector: Account, given: dict[str, Any], code: str) -> None:
    where = given.pop("stops", (f"area:{HERE}",))

    with pytest.raises(BulouError) as refused:
        plan(inspector, *where, **given)

    assert refused.value.problems[0].code == code
    assert stops() == []


def test_a_stop_is_visited_once_and_something_must_be_said(inspector: Account) -> None:
    plan(inspector, f"area:{HERE}")
    (one,) = stops()

    with everywhere():
        with pytest.raises(BulouError, match="Say what was seen"):
            touring.visit(one.id, " ", True, by=inspector, id=new_id())
        touring.visit(one.id, "fine", True, by=inspector, id=new_id())
        with pytest.raises(BulouError, match="it has been visited"):
            touring.visit(one.id, "again", True, by=inspector, id=new_id())


def test_what_is_found_at_a_stop_is_counted_there(inspector: Account) -> None:
    made = plan(inspector, f"area:{HERE}", f"area:{NEXT}")
    with everywhere():
        for tour in (made.id, None):
            services.raise_finding("x", "minor", area=HERE, by=inspector, id=new_id(), about=f"area:{HERE}", tour=tour)
        found = routes.found_at(stops())

    assert [found.get(one.id, 0) for one in stops()] == [1, 0]


def test_a_village_sees_who_comes_to_it_and_nobody_elses_stops(inspector: Account, scope: Scope) -> None:
    made = plan(inspector, f"area:{HERE}", f"area:{NEXT}")

    with scope(HERE):
        assert [one.area for one in routes.stops_found("", NOW)] == [HERE]
        assert routes.round_(made.id, NOW) is None
    with scope(COUNTY):
        assert len(routes.rounds(COUNTY, NOW)) == 1


def test_derived_anew_they_are_the_same(inspector: Account) -> None:
    plan(inspector, f"area:{HERE}", f"area:{NEXT}")
    with everywhere():
        touring.visit(stops()[0].id, "fine", False, by=inspector, id=new_id())
        before = list(Tour.objects.values_list()), list(Stop.objects.order_by("id").values_list())
        ledger.rebuild()

        assert (list(Tour.objects.values_list()), list(Stop.objects.order_by("id").values_list())) == before


def test_pages_of_stops_follow_each_other_in_the_order_of_the_route(inspector: Account) -> None:
    plan(inspector, f"area:{NEXT}", f"area:{HERE}")
    plan(inspector, f"area:{HERE}", days=1)

    found: list[Stop] = []
    with everywhere():
        wanted = routes.stops_found("", NOW)
        while page := routes.stops_page(wanted, after=str(found[-1].id) if found else "", limit=1):
            found += page
        assert found == list(routes.stops_stream(wanted))
    assert [(one.area, one.n) for one in found] == [(HERE, 1), (NEXT, 1), (HERE, 2)]
