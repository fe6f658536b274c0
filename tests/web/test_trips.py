"""A trip: many people taken in one vehicle by one act, each in a handover of their own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bulou.custody import cards
from bulou.custody import selectors as custody
from bulou.custody.models import Handover
from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from web.test_lists import act_on
from web.world import NOON, VILLAGE, World

Enter = Callable[..., Client]
BUS = {"vehicle": "津A·转运7", "crew": "王师傅 138"}


@pytest.fixture
def hotel(make_unit: Any) -> Unit:
    unit: Unit = make_unit("和平区隔离点", "120101", "isolation_site")
    return unit


@pytest.fixture
def keeper(hotel: Unit, make_account: Any) -> Account:
    """Who receives people at the site."""
    account: Account = make_account("keeper", hotel, "isolation_site")
    return account


@pytest.fixture
def driver(make_unit: Any, make_account: Any) -> Account:
    account: Account = make_account("driver", make_unit("转运组", "120101", "transport_team"), "transport_team")
    return account


@pytest.fixture
def bus(world: World, hotel: Unit, enter: Enter) -> list[Handover]:
    """The county sends both people of the village to the site in one vehicle."""
    board(world, enter, hotel)
    return rows()


def board(world: World, enter: Enter, hotel: Unit, *people: Person, **given: str) -> Any:
    chosen = [str(one.pk) for one in people or (world.first, world.second)]
    given = given or BUS
    return act_on(enter(world.commander, "en"), "people", "hand-over", chosen, to=f"unit:{hotel.pk}", **given)


def rows() -> list[Handover]:
    with everywhere():
        return list(Handover.objects.select_related("person").order_by("person__name"))


def do(browser: Client, act: str, handovers: list[Handover], **given: str) -> list[str]:
    """Do it for these from the page of their trip; what is said."""
    sent = {"id": str(new_id()), "act": act, "h": [str(one.pk) for one in handovers], "trip": str(handovers[0].trip)}
    answer = browser.post("/handovers/act/", sent | given)
    assert answer["Location"] == f"/handovers/trip/{handovers[0].trip}/"
    return [str(message) for message in get_messages(answer.wsgi_request)]


def holders() -> dict[str, str]:
    """Name of each person to the unit that holds them."""
    with everywhere():
        people = {one.pk: one.name for one in Person.objects.all()}
        units = {one.pk: one.name for one in Unit.objects.all()}
        held = custody.holders(people)
    return {people[id]: units[one.unit] for id, one in held.items() if one.unit}


class TestTheAct:
    def test_takes_many_in_one_vehicle_each_in_a_handover_of_their_own(self, bus: list[Handover]) -> None:
        assert len({one.pk for one in bus}) == 2
        assert len({one.trip for one in bus}) == 1
        assert {(one.trip is None, one.vehicle, one.crew) for one in bus} == {(False, "津A·转运7", "王师傅 138")}

    def test_leads_to_the_trip(self, world: World, enter: Enter, hotel: Unit) -> None:
        page = board(world, enter, hotel)

        assert f"/handovers/trip/{rows()[0].trip}/" in page.text

    def test_without_a_vehicle_is_no_trip(self, world: World, enter: Enter, hotel: Unit) -> None:
        board(world, enter, hotel, vehicle="")

        assert [one.trip for one in rows()] == [None, None]

    def test_of_one_person_is_no_trip(self, world: World, enter: Enter, hotel: Unit) -> None:
        board(world, enter, hotel, world.first)

        assert [(one.trip, one.vehicle) for one in rows()] == [(None, "津A·转运7")]

    def test_may_name_the_team_that_drives(self, world: World, enter: Enter, hotel: Unit, driver: Account) -> None:
        board(world, enter, hotel, carrier=f"unit:{driver.unit_id}")

        assert {(one.carrier, one.trip is None) for one in rows()} == {(driver.unit_id, False)}

    def test_refuses_person_by_person_before_anything_is_recorded(
        self, world: World, enter: Enter, hotel: Unit, make_unit: Any
    ) -> None:
        board(world, enter, make_unit("河东区隔离点", "120101001", "isolation_site"), world.first)
        chosen = [str(world.first.pk), str(world.second.pk)]

        page = enter(world.commander, "en").post("/lists/people/preview/", {"act": "hand-over", "row": chosen})

        assert [one.refused for one in page.context["planned"].refused] == [
            "Is being handed over to 河东区隔离点 already."
        ]
        assert [one.name for one in page.context["planned"].going] == ["乙"]
        assert len(rows()) == 1

    def test_takes_somebody_of_two_registers_once(self, world: World, enter: Enter, hotel: Unit) -> None:
        for category in ("close_contact", "arrival"):
            world.happen("person.enrolled", f"person:{world.first.pk}", NOON - timedelta(hours=1), category=category)
        world.happen("person.enrolled", f"person:{world.second.pk}", NOON, category="arrival")
        browser = enter(world.commander, "en")
        listed = [row.row.id for row in browser.get("/registers/people/").context["rows"]]

        act_on(browser, "enrolments", "hand-over", [str(id) for id in listed], to=f"unit:{hotel.pk}", **BUS)

        assert len(listed) == 3
        assert sorted(one.person.name for one in rows()) == ["乙", "甲"]


class TestThePage:
    def test_shows_everybody_and_what_is_ones_turn(self, enter: Enter, keeper: Account, bus: list[Handover]) -> None:
        page = enter(keeper, "en").get(f"/handovers/trip/{bus[0].trip}/")

        assert [one.name for one, _stayed in page.context["everybody"]] == ["乙", "甲"]
        assert [len(group.people) for group in page.context["turns"]] == [2]
        assert "津A·转运7" in page.text
        assert f"/handovers/trip/{bus[0].trip}/sheet/" in page.text

    def test_passes_all_from_hand_to_hand_by_one_tap_each(
        self, enter: Enter, keeper: Account, driver: Account, bus: list[Handover]
    ) -> None:
        do(enter(keeper), "accepted", bus)
        do(enter(driver), "departed", bus)

        assert do(enter(keeper, "en"), "received", bus)[-1] == "2 people recorded."

        assert holders() == {"甲": "和平区隔离点", "乙": "和平区隔离点"}

    def test_who_is_not_in_the_vehicle_stays_with_the_sender(
        self, enter: Enter, keeper: Account, driver: Account, bus: list[Handover]
    ) -> None:
        do(enter(keeper), "accepted", bus)

        said = do(enter(driver, "en"), "departed", bus[:1])
        do(enter(keeper), "received", bus[:1])

        stayed, gone = bus[1].person.name, bus[0].person.name
        page = enter(keeper, "en").get(f"/handovers/trip/{bus[0].trip}/")
        assert said[-1] == "1 person did not travel and stays in the sender's hands."
        assert holders() == {gone: "和平区隔离点", stayed: "蓉芳里居委会"}
        assert [one.name for one, is_left in page.context["everybody"] if is_left] == [stayed]
        assert "not in the vehicle, stays with the sender" in page.text

    def test_the_receiver_confirms_person_by_person(self, enter: Enter, keeper: Account, bus: list[Handover]) -> None:
        browser = enter(keeper, "en")
        do(browser, "accepted", bus)

        do(browser, "received", bus[:1])
        do(browser, "refused", bus[1:], reason="未到")

        assert [one.stage for one in rows()] == ["received", "refused"]
        assert sorted(holders().values()) == ["和平区隔离点", "蓉芳里居委会"]

    def test_a_delay_is_counted_for_each_person(
        self, world: World, enter: Enter, keeper: Account, bus: list[Handover]
    ) -> None:
        do(enter(keeper), "accepted", bus[:1])
        later = NOON + timedelta(minutes=90)
        directory.clock_set(later)

        with clock.at(later):
            page = enter(world.commander, "en").get(f"/handovers/trip/{bus[0].trip}/")

        over = {one.name: one.over is not None for one, _stayed in page.context["everybody"]}
        assert over == {bus[0].person.name: False, bus[1].person.name: True}

    def test_of_several_senders_is_one_group_for_the_receiver(
        self, world: World, enter: Enter, hotel: Unit, keeper: Account
    ) -> None:
        at = NOON - timedelta(hours=1)
        held = Fact(
            str(new_id()),
            "person.enrolled",
            f"person:{world.second.pk}",
            VILLAGE,
            at,
            f"unit:{world.county.pk}",
            {"category": "close_contact"},
        )
        assert ledger.record([held]).created == 1
        board(world, enter, hotel)

        page = enter(keeper, "en").get("/handovers/")

        (group,) = page.context["turns"]
        assert len(group.people) == 2
        assert len(group.senders) == len({one.sender_id for one in rows()})

    def test_is_not_there_for_another_province(self, enter: Enter, bus: Any, stranger: Unit, make_account: Any) -> None:
        far = enter(make_account("far", stranger, "county_command"))

        assert far.get(f"/handovers/trip/{bus[0].trip}/").status_code == 404
        assert far.get(f"/handovers/trip/{bus[0].trip}/sheet/").status_code == 404

    def test_people_who_leave_together_without_one_become_a_trip(
        self, world: World, enter: Enter, hotel: Unit, keeper: Account
    ) -> None:
        board(world, enter, hotel, vehicle="")
        chosen = {"h": [str(one.pk) for one in rows()], "id": str(new_id())}
        enter(keeper).post("/handovers/act/", chosen | {"act": "accepted"})

        enter(world.grid_worker).post("/handovers/act/", chosen | {"act": "departed", "vehicle": "津A·1"})

        assert {str(one.trip) for one in rows()} == {chosen["id"]}

    def test_takes_the_same_queries_for_two_as_for_one(
        self, enter: Enter, keeper: Account, bus: list[Handover], django_assert_num_queries: Any
    ) -> None:
        browser = enter(keeper)
        browser.get(f"/handovers/trip/{bus[0].trip}/")

        with django_assert_num_queries(12):
            browser.get(f"/handovers/trip/{bus[0].trip}/")


class TestTheSheet:
    def test_has_a_mark_for_the_trip_and_one_for_each(
        self, world: World, enter: Enter, keeper: Account, bus: list[Handover]
    ) -> None:
        page = enter(keeper, "en").get(f"/handovers/trip/{bus[0].trip}/sheet/")

        assert page.text.count("data:image/svg+xml") == 3
        assert all(cards.short(one.person_id) in page.text for one in bus)

    def test_leaves_out_who_was_refused_a_place(self, enter: Enter, keeper: Account, bus: list[Handover]) -> None:
        do(enter(keeper), "refused", bus[:1], reason="满员")

        page = enter(keeper, "en").get(f"/handovers/trip/{bus[0].trip}/sheet/")

        assert cards.short(bus[0].person_id) not in page.text

    def test_is_a_look_on_record(self, world: World, enter: Enter, bus: list[Handover]) -> None:
        with everywhere():
            before = AccessLog.objects.count()

        enter(world.commander).get(f"/handovers/trip/{bus[0].trip}/sheet/")

        with everywhere():
            assert AccessLog.objects.count() == before + 1
