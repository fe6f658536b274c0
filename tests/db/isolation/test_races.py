"""Two at once, for real: threads, each with a session of its own, let go at one moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from random import Random
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.history import values_of
from bulou.no_miss.isolation import follower, services
from bulou.no_miss.isolation.models import Room, Stay
from storm.lineup import at

from .conftest import NOW, House

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def together(*acts: Act) -> list[str]:
    """What comes of acts that all begin at one moment: `done`, or the code of the refusal."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        try:
            barrier.wait(30)
            at(NOW, act)()
        except BulouError as error:
            return error.problems[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def inside(act: Act) -> Act:
    """The act within its own scope, as a request has it, but each in its own transaction."""

    def scoped() -> object:
        with everywhere():
            return act()

    return scoped


def admitting(house: House, person: UUID, room: UUID) -> Act:
    return inside(partial(services.admit, person, room, by=house.manager))


def assert_sound() -> None:
    """No room with two people, no person in two rooms, and rows as everything derived anew gives them."""
    with everywhere():
        stays = Stay.objects.filter(ended_at__isnull=True)
        assert max(Counter(stay.person_id for stay in stays).values(), default=0) <= 1
        assert max(Counter(stay.room_id for stay in stays if stay.room_id).values(), default=0) <= 1
        before = sorted(map(str, map(values_of, Stay.objects.all())))
        states = list(Room.objects.order_by("pk").values_list("pk", "state"))
        follower.follow(None, NOW)
        assert sorted(map(str, map(values_of, Stay.objects.all()))) == before
        assert list(Room.objects.order_by("pk").values_list("pk", "state")) == states


@pytest.fixture
def crowd(house: House) -> Iterator[list[UUID]]:
    with everywhere():
        made = [Person.objects.create(name=str(n), area_id="120101001001", synthetic=True) for n in range(8)]
    yield [person.pk for person in made]


def test_of_eight_who_want_one_room_one_gets_it(house: House, crowd: list[UUID]) -> None:
    answers = together(*(admitting(house, person, house.rooms[0]) for person in crowd))

    assert Counter(answers) == {"done": 1, "room.taken": 7}
    assert_sound()


def test_of_six_rooms_for_one_person_one_is_used(house: House, crowd: list[UUID]) -> None:
    answers = together(*(admitting(house, crowd[0], room) for room in house.rooms))

    assert Counter(answers) == {"done": 1, "person.has_a_room": 5}
    assert_sound()


def test_of_eight_who_keep_one_room_one_gets_it(house: House, crowd: list[UUID]) -> None:
    acts = [inside(partial(services.reserve, house.rooms[0], person, by=house.manager)) for person in crowd]

    assert Counter(together(*acts)) == {"done": 1, "room.kept": 7}


def test_six_rooms_kept_at_once_for_one_person_leave_one_kept(house: House, crowd: list[UUID]) -> None:
    acts = [inside(partial(services.reserve, room, crowd[0], by=house.manager)) for room in house.rooms]

    assert Counter(together(*acts)) == {"done": 6}

    with everywhere():
        assert Room.objects.filter(reserved_for=crowd[0]).count() == 1


def test_an_admission_and_an_upload_about_one_room_leave_one_person_in_it(house: House, crowd: list[UUID]) -> None:
    data = {"kind": "central", "place": str(house.rooms[0])}
    upload = Fact(str(new_id()), "isolation.started", f"person:{crowd[1]}", "120101", NOW, None, data)

    answers = together(admitting(house, crowd[0], house.rooms[0]), lambda: ledger.record([upload]))

    assert answers in (["done", "done"], ["room.taken", "done"])
    assert_sound()


@pytest.mark.parametrize("seed", range(5))
def test_whatever_eight_people_do_at_once_the_house_stays_sound(house: House, crowd: list[UUID], seed: int) -> None:
    random = Random(seed)
    for person, room in zip(crowd[:4], house.rooms, strict=False):
        house.happen("isolation.started", person, NOW - timedelta(days=1), kind="central", place=str(room))

    def act() -> Act:
        person, room = random.choice(crowd), random.choice(house.rooms)
        return random.choice(
            [
                admitting(house, person, room),
                inside(partial(services.move, person, room, by=house.manager)),
                inside(partial(services.clean, room, "terminal", by=house.nurse)),
                lambda: house.happen("isolation.ended", person),
                lambda: house.happen("isolation.moved", person, place=str(room)),
            ]
        )

    for _ in range(3):
        together(*(act() for _ in range(8)))

    assert_sound()
