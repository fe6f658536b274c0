"""The room board: what stands on it, what it looks ahead to, and what it costs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Person
from bulou.directory.scope import scope
from bulou.kernel import clock
from bulou.ledger import services as ledger
from bulou.no_miss.isolation import room_board, selectors, services, sites
from bulou.no_miss.isolation.room_board import Board, Guest
from bulou.plan.rules import Trigger
from histories import trial_rules

from .conftest import DAY, NOW, House


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


def board(house: House) -> Board:
    return room_board.board(house.site.pk, clock.now())


def guest(house: House, room: int = 0) -> Guest:
    return board(house).rooms[room].guests[0]


def test_rooms_stand_by_building_floor_and_number_as_people_count(house: House) -> None:
    sites.rooms_register(house.site, [sites.NewRoom("1002", 10), sites.NewRoom("310", 3), sites.NewRoom("39", 3)])

    floors = [(floor.floor, [room.number for room in floor.rooms]) for floor in board(house).floors]

    assert floors == [(3, ["39", "301", "302", "303", "304", "305", "306", "310"]), (10, ["1002"])]


def test_every_room_is_counted_once_by_what_it_can_be_used_for(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    services.take_out_of_use(house.rooms[1], "x", by=house.manager)
    services.reserve(house.rooms[2], house.people[1], by=house.manager)

    assert board(house).counts == {"occupied": 1, "free": 3, "kept": 1, "cleaning": 0, "broken": 1}
    with clock.at(NOW + timedelta(hours=4)):
        assert board(house).counts["kept"] == 0


def test_a_guest_is_shown_with_the_day_the_readings_and_the_end(house: House) -> None:
    house.start(0, 0, NOW - 3 * DAY)
    house.happen("temperature.read", house.people[0], NOW - DAY, celsius=38.0)
    house.happen("temperature.read", house.people[0], NOW - timedelta(hours=1), celsius=36.6)
    with clock.at(NOW + timedelta(hours=9)):
        house.happen("temperature.read", house.people[0], NOW + timedelta(hours=8), celsius=37.3)
        found = guest(house)

    assert (found.name, found.day, found.days, found.is_over) == ("甲", 3, 14, False)
    assert found.morning
    assert found.evening
    assert (found.morning.celsius, found.morning.is_fever) == (36.6, False)
    assert (found.evening.celsius, found.evening.is_fever) == (37.3, True)


def test_a_reading_that_was_withdrawn_is_not_shown(house: House) -> None:
    house.start(0, 0, NOW - 3 * DAY)
    reading = house.happen("temperature.read", house.people[0], NOW - timedelta(hours=1), celsius=36.6)
    house.happen("fact.withdrawn", house.people[0], NOW, supersedes=reading, reason="x")

    assert guest(house).morning is None


def test_the_board_warns_a_day_before_the_grounds_end_and_lists_who_is_held_beyond(house: House) -> None:
    house.start(0, 0, NOW - 13 * DAY)
    assert [one.name for one in board(house).soon] == ["甲"]

    with clock.at(NOW + DAY):
        assert [one.name for one in board(house).due] == ["甲"]
        assert board(house).soon == board(house).over == []


def test_nobody_is_called_held_too_long_before_the_evening_of_the_last_day(house: House) -> None:
    house.start(0, 0, NOW - 14 * DAY)

    with clock.at(NOW + timedelta(hours=10, minutes=59)):
        assert (guest(house).is_due, guest(house).is_over) == (True, False)
    with clock.at(NOW + timedelta(hours=11)):
        assert (guest(house).is_due, guest(house).is_over) == (False, True)
        assert [one.name for one in board(house).over] == ["甲"]


def test_whose_grounds_end_at_night_is_held_too_long_from_then_on(house: House) -> None:
    house.start(0, 0, NOW - 14 * DAY + timedelta(hours=13))

    with clock.at(NOW + timedelta(hours=12, minutes=59)):
        assert (guest(house).is_soon, guest(house).is_over) == (True, False)
    with clock.at(NOW + timedelta(hours=13)):
        assert (guest(house).is_due, guest(house).is_over) == (False, True)


def test_it_is_shown_whether_who_may_go_soon_is_assessed(house: House) -> None:
    house.start(0, 0, NOW - 13 * DAY)
    assert not guest(house).is_assessed

    house.happen("release.assessed", house.people[0], outcome="complete")

    assert guest(house).is_assessed
    with clock.at(NOW + DAY):
        assert not guest(house).is_assessed


def test_whoever_has_no_bed_stands_beside_the_room_or_waits_for_one(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    house.start(1, 0, NOW)
    house.happen("isolation.started", house.people[2], kind="central", place=str(site_place(house)))

    shown = board(house)

    assert [(one.name, one.trouble) for one in shown.rooms[0].guests] == [("甲", ""), ("乙", "taken")]
    assert [(one.name, one.trouble) for one in shown.waiting] == [("丙", "no_room")]
    assert [one.trouble for one in shown.troubled] == ["taken", "no_room"]
    assert [one.name for one in selectors.waiting(house.site.pk)] == ["丙"]
    assert selectors.is_here(house.people[2], house.rooms[1])


def test_the_next_fourteen_days_say_who_leaves_and_what_is_free_then(house: House) -> None:
    house.start(0, 0, NOW - 20 * DAY)
    house.start(1, 1, NOW - 12 * DAY)
    house.start(2, 2, NOW - DAY)

    ahead = board(house).ahead

    assert [day.leaving for day in ahead] == [1, 0, 1] + [0] * 10 + [1]
    assert [day.free for day in ahead] == [4, 4] + [5] * 11 + [6]


def test_a_test_that_some_plan_asks_for_is_due_until_it_is_taken(house: House) -> None:
    rule = next(rule for rule in trial_rules() if rule.id == "trial/daily")
    ledger.adopt([replace(rule, id="trial/swab", must=Trigger("specimen.collected"))], area="")
    house.happen("isolation.started", house.people[0], NOW - DAY, kind="central", place=str(house.rooms[0]))
    assert guest(house).is_test_due

    house.happen("specimen.collected", house.people[0])

    assert not guest(house).is_test_due


def test_a_person_from_elsewhere_has_no_name_here(house: House) -> None:
    with scope(""):
        far = Person.objects.create(name="远客", area_id="450103", synthetic=True)
    house.people.append(far.pk)
    house.start(3, 0, NOW - DAY)

    assert guest(house).name is None


def test_rooms_of_another_area_are_not_seen(house: House) -> None:
    with scope("450103"):
        assert board(house).rooms == []
        assert selectors.site_of(house.rooms[0]) is None
        assert room_board.room(house.rooms[0], house.site.pk, NOW) is None


def test_one_room_is_what_the_board_shows_of_it(house: House) -> None:
    house.start(0, 0, NOW - DAY)

    assert room_board.room(house.rooms[0], house.site.pk, NOW) == board(house).rooms[0]
    assert [one.number for one in selectors.free_rooms(house.site.pk, NOW)] == ["302", "303", "304", "305", "306"]


def test_the_board_takes_seven_queries_however_full_it_is(house: House) -> None:
    costs = []
    for person, room in ((0, 0), (1, 1), (2, 2)):
        house.start(person, room, NOW - DAY)
        with CaptureQueriesContext(connection) as queries:
            board(house)
        costs.append(len(queries))

    assert costs == [7, 7, 7]


def site_place(house: House) -> object:
    place = house.room(0).place
    with scope(""):
        while place.parent:
            place = place.parent
    return place.pk
