"""Facts that come by other doors keep rooms and stays right, in whatever order they come."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.history import values_of
from bulou.no_miss.isolation import follower
from bulou.no_miss.isolation.models import Room, Stay

from .conftest import DAY, NOW, House

HOUR = timedelta(hours=1)
MANY = 4500
"""More stays than fit into one statement as single values."""


def rows() -> list[tuple[object, ...]]:
    with everywhere():
        stays = [values_of(stay) for stay in Stay.objects.order_by("id")]
        return [*stays, *Room.objects.order_by("pk").values_list("pk", "state", "since", "reserved_for")]


def test_two_people_put_into_one_room_are_both_shown_and_the_second_has_no_bed(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    house.start(1, 0, NOW - HOUR)

    (first,), (second,) = house.stays(0), house.stays(1)
    assert (first.room_id, second.room_id) == (house.rooms[0], None)
    assert (second.claimed, second.trouble) == (house.rooms[0], "taken")


def test_an_earlier_fact_that_comes_late_takes_the_bed(house: House) -> None:
    house.start(1, 0, NOW - HOUR)
    house.start(0, 0, NOW - DAY)

    assert house.stays(0)[0].slot == 0
    assert house.stays(1)[0].trouble == "taken"


def test_a_late_end_and_cleaning_put_right_what_stood_beside_the_room(house: House) -> None:
    house.start(0, 0, NOW - 5 * DAY)
    house.start(1, 0, NOW - HOUR)

    house.happen("isolation.ended", house.people[0], NOW - DAY)
    assert house.stays(1)[0].trouble == "unclean"
    house.happen("room.cleaned", house.rooms[0], NOW - 12 * HOUR, kind="terminal")

    assert house.stays(1)[0].slot == 0


def test_a_withdrawn_start_never_was(house: House) -> None:
    start = house.start(0, 0, NOW - DAY)
    house.start(1, 0, NOW - HOUR)

    withdrawal = house.happen("fact.withdrawn", house.people[0], NOW, supersedes=start, reason="wrong person")

    assert house.stays(0) == []
    assert house.stays(1)[0].slot == 0
    house.happen("fact.withdrawn", house.people[0], NOW, supersedes=withdrawal, reason="it was right")
    assert house.stays(1)[0].trouble == "taken"


def test_two_people_change_rooms_in_one_batch(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    house.start(1, 1, NOW - DAY)
    swap = [
        Fact(str(new_id()), "isolation.moved", f"person:{house.people[n]}", "120101", NOW, None, {"place": str(room)})
        for n, room in ((0, house.rooms[1]), (1, house.rooms[0]))
    ]
    cleaned = [
        Fact(str(new_id()), "room.cleaned", f"place:{house.rooms[n]}", "120101", NOW, None, {"kind": "terminal"})
        for n in (0, 1)
    ]

    ledger.record([*swap, *cleaned])

    assert [house.stays(n)[-1].room_id for n in (0, 1)] == [house.rooms[1], house.rooms[0]]


def test_a_site_without_a_room_is_shown_as_waiting_for_one(house: House) -> None:
    with everywhere():
        site = Room.objects.get(pk=house.rooms[0]).place.parent.parent.pk  # type: ignore[union-attr]

    house.happen("isolation.started", house.people[0], kind="central", place=f"place:{site}")

    stay = house.stays(0)[0]
    assert (stay.room_id, stay.unit, stay.trouble) == (None, house.site.pk, "no_room")


@pytest.mark.parametrize("place", ["a room we know", "place:", "0197a000-0000-7000-8000-000000000009"])
def test_a_place_that_is_none_does_not_stop_the_fact(house: House, place: str) -> None:
    house.happen("isolation.started", house.people[0], kind="central", place=place)

    assert [(stay.claimed, stay.trouble) for stay in house.stays(0)] == [(None, "no_room")]


def test_a_fact_ahead_of_the_clock_counts_when_the_clock_gets_there(house: House) -> None:
    house.start(0, 0, NOW + DAY)
    assert house.room(0).state == "free"

    with clock.at(NOW + 2 * DAY):
        ledger.advance()

    assert house.room(0).state == "occupied"


def test_a_clock_set_back_takes_back_what_had_not_happened_yet(house: House) -> None:
    house.start(0, 0, NOW - DAY)
    before = rows()
    house.happen("isolation.ended", house.people[0], NOW)
    house.start(1, 1, NOW)

    with clock.at(NOW - HOUR):
        ledger.advance()

    assert rows() == before


def test_a_fact_that_bears_on_no_room_asks_nothing_of_it(house: House) -> None:
    house.start(0, 0)
    with everywhere(), CaptureQueriesContext(connection) as queries:
        house.happen("temperature.read", house.people[0], celsius=36.6)

    assert [q["sql"] for q in queries if " room" in q["sql"] or '"stay"' in q["sql"]] == []


def test_whatever_the_order_and_the_batches_the_rows_are_those_of_everything_derived_anew(house: House) -> None:
    random = Random(2020)
    facts = [fact for _ in range(60) if (fact := _random_fact(random, house))]
    while facts:
        size = random.randint(1, 4)
        batch, facts = facts[:size], facts[size:]
        assert ledger.record(batch).refused == ()
        incremental = rows()
        with everywhere():
            follower.follow(None, NOW)
        assert rows() == incremental


def _random_fact(random: Random, house: House) -> Fact:
    person, room = random.choice(house.people), random.choice(house.rooms[:3])
    at = NOW - random.randint(0, 40) * HOUR
    kind, data = random.choice(
        [
            ("isolation.started", {"kind": "central", "place": str(room)}),
            ("isolation.started", {"kind": "central", "place": str(room)}),
            ("isolation.moved", {"place": str(room)}),
            ("isolation.ended", {}),
            ("isolation.extended", {"days": 2}),
            ("isolation.shortened", {"days": 1}),
            ("room.cleaned", {"kind": "terminal"}),
            ("room.cleaned", {"kind": "terminal"}),
            ("room.broken", {"reason": "x"}),
            ("room.repaired", {}),
        ]
    )
    subject = f"place:{room}" if kind.startswith("room.") else f"person:{person}"
    return Fact(str(new_id()), kind, subject, "120101", at, None, data)


def test_however_many_isolations_end_they_take_the_same_few_statements(house: House, areas: object) -> None:
    with everywhere():
        people = Person.objects.bulk_create(
            [Person(name=str(n), area_id="120101001001", synthetic=True) for n in range(MANY)], batch_size=1000
        )
    subjects = [f"person:{person.pk}" for person in people]
    started = [
        Fact(str(new_id()), "isolation.started", s, "120101", NOW - DAY, None, {"kind": "home"}) for s in subjects
    ]
    ended = [Fact(str(new_id()), "isolation.ended", s, "120101", NOW, None, {}) for s in subjects]
    ledger.record(started)

    counts = []
    for batch in (ended[:100], ended[100:]):
        with CaptureQueriesContext(connection) as queries:
            ledger.record(batch)
        counts.append(len([q for q in queries if "stay" in q["sql"] or "room" in q["sql"]]))

    assert counts[0] == counts[1] <= 12
    with everywhere():
        assert Stay.objects.filter(ended_at=NOW).count() == MANY
