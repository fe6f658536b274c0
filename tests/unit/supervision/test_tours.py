"""Tours and their stops: visited by the first inspection once planned, in the order of the route."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.kernel.clock import SHANGHAI
from bulou.ledger.history import Event
from bulou.oversight.supervision.tours import stops_of, tours_of

START = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
TOUR, TEAM = "0197a000-0000-7000-8000-000000000001", UUID(int=1)
HERE = "120101001001"


def event(kind: str, hours: float = 0, id: str = "", **data: Any) -> Event:
    return Event(id or f"{kind}/{hours}", kind, START + HOUR * hours, HERE, TEAM, data)


def stop(hours: float = 0, **data: Any) -> Event:
    return event("inspection.planned", hours, **{"tour": TOUR, "n": 2, "days": 3} | data)


def made(hours: float, **data: Any) -> Event:
    return event("inspection.made", hours, **data)


def test_a_tour_says_who_goes_and_until_when() -> None:
    (found,) = tours_of([event("tour.planned", id=TOUR, name="First round", members=["county", "CDC"], days=3)])

    assert (found.name, found.members, found.by) == ("First round", "county\nCDC", TEAM)
    assert found.ends_at == START + timedelta(days=3)


def test_a_round_is_a_week_at_most() -> None:
    (found,) = tours_of([event("tour.planned", name="x", days=90)])

    assert found.ends_at == START + timedelta(days=7)


def test_a_stop_is_visited_by_the_first_inspection_once_it_is_planned() -> None:
    (found,) = stops_of(f"area:{HERE}", [made(-2), stop(), made(5, words="fine", passed=True), made(9)])

    assert (found.visited_at, found.words, found.passed) == (START + HOUR * 5, "fine", True)
    assert (found.n, found.tour, found.due_at) == (2, UUID(TOUR), START + timedelta(days=3))


def test_a_stop_nobody_came_to_stays_open() -> None:
    (found,) = stops_of(f"area:{HERE}", [made(-2), stop()])

    assert (found.visited_at, found.passed, found.words) == (None, None, "")


def test_one_visit_serves_every_stop_planned_before_it_and_none_after() -> None:
    other = "0197a000-0000-7000-8000-000000000002"
    found = list(stops_of(f"area:{HERE}", [stop(), stop(1, tour=other), made(5), stop(6)]))

    assert [one.visited_at is not None for one in found] == [True, True, False]


def test_a_visit_planned_on_no_tour_is_no_stop() -> None:
    assert list(stops_of(f"area:{HERE}", [stop(tour="the round of Monday")])) == []
