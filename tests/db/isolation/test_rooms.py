"""Acts about rooms: what each leaves behind, and what each refuses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from bulou.directory.models import Account, Place, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.isolation import services, sites
from bulou.no_miss.isolation.models import Room, Stay

from .conftest import DAY, NOW, House

Refuses = Callable[[str], AbstractContextManager[object]]


@pytest.fixture
def refuses() -> Refuses:
    """`with refuses("room.taken"): …`"""
    return lambda code: pytest.raises(BulouError, check=lambda error: error.problems[0].code == code)


@pytest.fixture(autouse=True)
def seen(areas: object) -> object:
    with scope("120101"):
        yield


class TestAdmission:
    def test_a_person_gets_a_free_room_and_the_room_is_occupied(self, house: House) -> None:
        stay = services.admit(house.people[0], house.rooms[0], by=house.manager, days=10)

        assert (stay.room_id, stay.slot, stay.planned_end) == (house.rooms[0], 0, NOW + 10 * DAY)
        assert house.room(0).state == "occupied"
        assert house.room(0).since == NOW

    def test_the_isolation_is_on_the_books_at_the_persons_home_where_the_site_answers_for_it(
        self, house: House, make_unit: Callable[..., Unit], make_account: Callable[..., Account]
    ) -> None:
        assert services.admit(house.people[0], house.rooms[0], by=house.manager).area == "120101"

    def test_the_same_act_sent_twice_is_one(self, house: House) -> None:
        id = new_id()

        first = services.admit(house.people[0], house.rooms[0], by=house.manager, id=id)
        with clock.at(NOW + timedelta(seconds=3)):
            second = services.admit(house.people[0], house.rooms[0], by=house.manager, id=id)

        assert first.pk == second.pk
        assert len(house.stays(0)) == 1

    def test_one_person_one_room(self, house: House, refuses: Refuses) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)

        with refuses("room.taken"):
            services.admit(house.people[1], house.rooms[0], by=house.manager)

        assert house.stays(1) == []

    def test_nobody_has_two_rooms(self, house: House, refuses: Refuses) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)

        with refuses("person.has_a_room"), clock.at(NOW + DAY):
            services.admit(house.people[0], house.rooms[1], by=house.manager)
        with refuses("person.has_a_room"):
            services.admit(house.people[0], house.rooms[0], by=house.manager)

        assert [stay.room_id for stay in house.stays(0)] == [house.rooms[0]]
        assert house.room(1).state == "free"

    def test_somebody_from_home_isolation_keeps_their_days(self, house: House) -> None:
        house.happen("isolation.started", house.people[0], NOW - 3 * DAY, kind="home")

        stay = services.admit(house.people[0], house.rooms[0], by=house.manager)

        assert (stay.begun_at, stay.planned_end) == (NOW - 3 * DAY, NOW + 11 * DAY)
        assert [one.kind for one in house.stays(0)] == ["home", "central"]

    def test_a_room_is_not_used_again_before_terminal_cleaning(self, house: House, refuses: Refuses) -> None:
        house.start(0, 0, NOW - 2 * DAY)
        house.happen("isolation.ended", house.people[0], NOW - DAY)
        assert house.room(0).state == "cleaning"

        with refuses("room.unclean"):
            services.admit(house.people[1], house.rooms[0], by=house.manager)
        services.clean(house.rooms[0], "routine", by=house.nurse)
        with refuses("room.unclean"):
            services.admit(house.people[1], house.rooms[0], by=house.manager)
        assert services.clean(house.rooms[0], "terminal", by=house.nurse).state == "free"

        assert services.admit(house.people[1], house.rooms[0], by=house.manager).slot == 0

    def test_a_room_out_of_use_takes_nobody_until_it_is_put_right(self, house: House, refuses: Refuses) -> None:
        assert services.take_out_of_use(house.rooms[0], "the window does not close", by=house.nurse).state == "broken"

        with refuses("room.broken"):
            services.admit(house.people[0], house.rooms[0], by=house.manager)
        assert services.put_back_into_use(house.rooms[0], by=house.nurse).state == "free"

    def test_terminal_cleaning_waits_until_the_person_has_left(self, house: House, refuses: Refuses) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)

        with refuses("room.inhabited"):
            services.clean(house.rooms[0], "terminal", by=house.nurse)

    def test_a_room_of_another_area_is_none(
        self, house: House, stranger: Unit, make_account: Callable[..., Account], refuses: Refuses
    ) -> None:
        account = make_account("foreign", stranger, "county_command")

        with scope("450103"), refuses("room.unknown"):
            services.admit(house.people[0], house.rooms[0], by=account)

    def test_what_the_ledger_refuses_changes_nothing(self, house: House, refuses: Refuses) -> None:
        with refuses("fact.nobody"):
            services.admit(uuid4(), house.rooms[0], by=house.manager)

        assert house.room(0).state == "free"


class TestMoving:
    def test_the_days_go_on_and_the_room_left_is_to_be_cleaned(self, house: House) -> None:
        house.start(0, 0, NOW - 2 * DAY)

        stay = services.move(house.people[0], house.rooms[1], by=house.manager, reason="noise")

        assert (stay.room_id, stay.planned_end) == (house.rooms[1], NOW + 12 * DAY)
        assert [house.room(n).state for n in (0, 1)] == ["cleaning", "occupied"]

    def test_a_move_into_a_room_that_is_taken_leaves_everybody_where_they_are(
        self, house: House, refuses: Refuses
    ) -> None:
        house.start(0, 0, NOW - DAY)
        house.start(1, 1, NOW - DAY)

        with refuses("room.taken"):
            services.move(house.people[0], house.rooms[1], by=house.manager)

        assert [house.room(n).state for n in (0, 1)] == ["occupied", "occupied"]
        assert house.stays(0)[-1].room_id == house.rooms[0]

    def test_somebody_who_is_not_here_cannot_be_moved(self, house: House, refuses: Refuses) -> None:
        with refuses("stay.none"):
            services.move(house.people[0], house.rooms[1], by=house.manager)


class TestSharing:
    def test_a_child_may_be_with_its_guardian_by_two_accounts_and_a_reason(self, house: House) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)
        house.share(1, 0)

        stay = services.admit(house.people[1], house.rooms[0], by=house.manager)

        assert (stay.room_id, stay.slot) == (house.rooms[0], 1)
        assert stay.approval is not None

    def test_nobody_agrees_to_their_own_request(self, house: House, refuses: Refuses) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)
        request = services.ask_to_share(house.people[1], house.people[0], "a child", by=house.nurse)

        with refuses("request.two_people"):
            services.agree_to_share(house.people[1], request, by=house.nurse)
        with refuses("request.none"):
            services.agree_to_share(house.people[2], request, by=house.manager)

    def test_an_approval_for_one_lets_no_other_in(self, house: House, refuses: Refuses) -> None:
        services.admit(house.people[0], house.rooms[0], by=house.manager)
        house.share(1, 0)

        with refuses("room.taken"):
            services.admit(house.people[2], house.rooms[0], by=house.manager)


class TestReservation:
    def test_a_room_is_kept_for_one_person_for_a_while(self, house: House, refuses: Refuses) -> None:
        services.reserve(house.rooms[0], house.people[0], by=house.manager)

        with refuses("room.kept"):
            services.admit(house.people[1], house.rooms[0], by=house.manager)
        with refuses("room.kept"):
            services.reserve(house.rooms[0], house.people[1], by=house.manager)
        with clock.at(NOW + timedelta(hours=4)):
            assert services.admit(house.people[1], house.rooms[0], by=house.manager).slot == 0

    def test_whoever_it_is_kept_for_gets_it_and_it_is_kept_no_longer(self, house: House) -> None:
        services.reserve(house.rooms[0], house.people[0], by=house.manager)

        services.admit(house.people[0], house.rooms[0], by=house.manager)

        assert house.room(0).reserved_for_id is None

    def test_one_room_is_kept_for_a_person_at_a_time(self, house: House) -> None:
        services.reserve(house.rooms[0], house.people[0], by=house.manager)

        services.reserve(house.rooms[1], house.people[0], by=house.manager, until=NOW + DAY)

        assert [house.room(n).reserved_for_id for n in (0, 1)] == [None, house.people[0]]
        assert services.let_go(house.rooms[1], by=house.manager).reserved_for_id is None

    def test_a_room_is_let_go_when_the_person_is_put_into_another(self, house: House) -> None:
        services.reserve(house.rooms[0], house.people[0], by=house.manager)

        services.admit(house.people[0], house.rooms[1], by=house.manager)

        assert house.room(0).reserved_for_id is None

    def test_only_a_free_room_is_kept_and_only_for_somebody(self, house: House, refuses: Refuses) -> None:
        services.take_out_of_use(house.rooms[0], "flooded", by=house.nurse)

        with refuses("room.broken"):
            services.reserve(house.rooms[0], house.people[0], by=house.manager)
        with refuses("person.unknown"):
            services.reserve(house.rooms[1], uuid4(), by=house.manager)
        with refuses("room.unknown"):
            services.reserve(uuid4(), house.people[0], by=house.manager)
        with refuses("room.unknown"):
            services.let_go(uuid4(), by=house.manager)


class TestRegistering:
    def test_a_site_nests_into_buildings_floors_and_rooms(self, house: House) -> None:
        rooms = sites.rooms_register(house.site, [sites.NewRoom("501", 5, "B栋", negative=True)], by=house.manager)

        names = []
        place: Place | None = rooms[0].place
        while place:
            names.append((place.kind, place.name))
            place = place.parent
        assert [kind for kind, _ in names] == [sites.ROOM, sites.FLOOR, sites.BUILDING, sites.SITE]
        assert Place.objects.filter(unit=house.site, kind=sites.SITE).count() == 1

    def test_a_number_is_given_once(self, house: House, refuses: Refuses) -> None:
        with refuses("row.known"):
            sites.rooms_register(house.site, [sites.NewRoom("301", 3)])

    def test_a_unit_that_is_no_site_has_no_rooms(self, house: House, village: Unit, refuses: Refuses) -> None:
        with refuses("site.role"):
            sites.rooms_register(village, [sites.NewRoom("1")])


class TestTheDatabaseItself:
    """Whatever a program does, these rows cannot be."""

    def put(self, house: House, person: int, **given: object) -> None:
        with everywhere(), transaction.atomic():
            Stay.objects.create(
                **{
                    "id": new_id(),
                    "person_id": house.people[person],
                    "area": "120101",
                    "kind": "central",
                    "isolation": new_id(),
                    "begun_at": NOW,
                    "started_at": NOW,
                    "planned_end": NOW,
                    "planned_at": NOW,
                    "room_id": house.rooms[0],
                    "slot": 0,
                }
                | given
            )

    @pytest.mark.parametrize(
        ("given", "constraint"),
        [
            ({}, "stay_one_a_bed"),
            ({"slot": 1}, "stay_shared_by_approval"),
            ({"slot": 4, "approval": new_id()}, "stay_room_and_bed"),
            ({"slot": None}, "stay_room_and_bed"),
            ({"room_id": None}, "stay_room_and_bed"),
            ({"slot": None, "room_id": None, "ended_at": NOW - DAY}, "stay_forward"),
        ],
    )
    def test_two_people_in_one_bed_are_refused(self, house: House, given: dict[str, object], constraint: str) -> None:
        self.put(house, 0)

        with pytest.raises(IntegrityError, match=constraint):
            self.put(house, 1, **given)

    def test_one_person_in_two_rooms_is_refused(self, house: House) -> None:
        self.put(house, 0)

        with pytest.raises(IntegrityError, match="stay_one_a_person"):
            self.put(house, 0, room_id=house.rooms[1])


def test_a_site_of_ten_thousand_rooms_is_put_on_the_books_at_once(house: House) -> None:
    with everywhere():
        made = sites.rooms_register(house.site, [sites.NewRoom(f"R{n}") for n in range(10_000)])

        assert Room.objects.filter(unit=house.site).count() == len(made) + len(house.rooms)
