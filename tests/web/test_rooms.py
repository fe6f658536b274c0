"""The room board, one room with its acts, and rooms put on the books."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.no_miss.isolation import site_parts
from bulou.no_miss.isolation import sites as registering
from bulou.no_miss.isolation.models import Room
from bulou.web.desk import rooms as page
from web.sites import Site

Enter = Callable[..., Client]


def do(browser: Client, site: Site, room: int, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id()), **{name: str(value) for name, value in given.items()}}
    return browser.post(site.url(room, act=True), form, follow=True)


@pytest.fixture
def manager(site: Site, enter: Enter) -> Client:
    return enter(site.manager, "en")


class TestTheBoard:
    def test_shows_every_room_with_its_state_and_whoever_is_in_it(self, site: Site, manager: Client) -> None:
        shown = manager.get("/rooms/")

        assert [number for number in range(301, 307) if f">{number}<" not in shown.text] == []
        assert "丁" in shown.text
        assert "day 3 of 14" in shown.text
        assert [int(n) for _, n in shown.context["counts"]] == [1, 5, 0, 0, 0]

    def test_opening_it_is_on_record(self, site: Site, manager: Client) -> None:
        manager.get("/rooms/")

        with everywhere():
            look = AccessLog.objects.get(account=site.manager.pk)
        assert (look.subject, look.purpose) == (f"unit:{site.unit.pk}", "rooms: isolation")

    def test_the_next_days_are_drawn_with_the_same_numbers_in_a_table(self, manager: Client) -> None:
        shown = manager.get("/rooms/")

        picture, days = shown.context["ahead"], shown.context["forecast"].days
        assert [bar.day for bar in picture.bars] == list(days)
        assert shown.text.count('<rect class="left') == len(days) == 14
        assert "Rooms left on each of the next days" in shown.text
        assert "Left then" in shown.text

    def test_a_command_post_sees_the_sites_of_its_area_and_may_act(self, site: Site, enter: Enter) -> None:
        shown = enter(site.world.commander, "en").get("/rooms/")

        assert "Round" in shown.text

    def test_a_village_has_no_site_to_look_at(self, site: Site, enter: Enter) -> None:
        shown = enter(site.world.grid_worker, "en").get("/rooms/")

        assert "No isolation site in your area" in shown.text
        assert "丁" not in shown.text

    def test_a_site_out_of_sight_is_not_there(self, site: Site, enter: Enter) -> None:
        browser = enter(site.world.grid_worker)

        assert browser.get(f"/rooms/?site={site.unit.pk}").status_code == 404
        assert browser.get(site.url(0)).status_code == 404
        assert browser.post(site.url(0, act=True), {"act": "break", "reason": "x"}).status_code == 403
        assert browser.get(f"/rooms/round/?site={site.unit.pk}").status_code == 403

    def test_says_what_is_to_be_put_right(self, site: Site, manager: Client) -> None:
        person = f"person:{site.world.first.pk}"
        site.world.happen("isolation.moved", person, page.clock.now(), place=str(site.rooms[0]))
        site.world.happen("isolation.shortened", f"person:{site.guest.pk}", page.clock.now(), days=12)

        text = manager.get("/rooms/").text

        assert "the room is taken" in text
        assert "past the end" in text

    def test_costs_the_same_however_many_rooms_there_are(self, site: Site, manager: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                manager.get("/rooms/")
            return len(queries)

        before = cost()
        with everywhere():
            registering.rooms_register(site.unit, [registering.NewRoom(str(n), n // 100) for n in range(400, 440)])

        assert cost() == before <= 19


class TestALargeSite:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Parts of four rooms, as if four were five hundred."""
        monkeypatch.setattr(site_parts, "MOST", 4)

    def test_is_shown_a_part_at_a_time_with_the_numbers_of_all_of_it(self, site: Site, manager: Client) -> None:
        first, second = manager.get("/rooms/"), manager.get(f"/rooms/?site={site.unit.pk}&part=2")

        assert [number for number in range(301, 307) if f">{number}<" in first.text] == [301, 302, 303, 304]
        assert [number for number in range(301, 307) if f">{number}<" in second.text] == [305, 306]
        assert "Floor 3, rooms 5 to 6" in first.text
        assert first.context["counts"] == second.context["counts"]

    def test_nobody_is_left_out_of_its_rounds(self, site: Site, manager: Client) -> None:
        rounds = [manager.get(f"/rooms/round/?site={site.unit.pk}&part={part}").text for part in (1, 2)]

        assert ["丁" in one for one in rounds] == [True, False]
        assert "Nobody is isolated here" in rounds[1]

    def test_a_part_that_is_no_number_is_the_first(self, site: Site, manager: Client) -> None:
        shown = manager.get("/rooms/", {"part": "x"})

        assert shown.status_code == 200
        assert ">301<" in shown.text


class TestARoom:
    def test_says_who_is_in_it_and_what_the_guard_misses(self, site: Site, manager: Client) -> None:
        text = manager.get(site.url(0)).text

        assert "丁" in text
        assert "14 days served" in text
        assert text.count("missing") >= 2
        assert "GX-2.1.e" in text

    def test_every_look_at_whoever_is_in_it_is_on_record(self, site: Site, manager: Client) -> None:
        manager.get(site.url(0))

        with everywhere():
            assert AccessLog.objects.filter(account=site.manager.pk, subject=f"person:{site.guest.pk}").count() == 1

    def test_who_looks_but_does_not_run_the_site_may_not_act(self, site: Site, enter: Enter, make_account: Any) -> None:
        cdc = make_account("cdc", site.world.county, "cdc")
        browser = enter(cdc, "en")

        assert "Ask for early release" not in browser.get(site.url(0)).text
        assert do(browser, site, 1, "break", reason="x").status_code == 403
        assert site.state(1) == "free"

    def test_an_act_that_is_none_is_not_there(self, site: Site, manager: Client) -> None:
        assert do(manager, site, 1, "demolish").status_code == 404


class TestActs:
    def test_somebody_found_by_name_is_admitted(self, site: Site, manager: Client) -> None:
        found = manager.get(site.url(1), {"find": "甲"})
        assert "Admit" in found.text

        answer = do(manager, site, 1, "admit", person=site.world.first.pk, days=7)

        assert "The person is in room 302." in answer.text
        assert site.room_of(site.world.first) == site.rooms[1]
        assert "day 2 of 14" in answer.text

    def test_a_taken_room_is_refused_with_what_to_do(self, site: Site, manager: Client) -> None:
        answer = do(manager, site, 0, "admit", person=site.world.first.pk)

        assert answer.status_code == 409
        assert "One person, one room" in answer.text
        assert site.room_of(site.world.first) is None

    def test_the_same_form_sent_twice_is_one_act(self, site: Site, manager: Client) -> None:
        form = {"act": "admit", "id": str(new_id()), "person": str(site.world.first.pk)}

        answers = [manager.post(site.url(1, act=True), form).status_code for _ in range(2)]

        assert answers == [302, 302]

    def test_a_person_moves_and_the_room_left_is_disinfected(self, site: Site, manager: Client) -> None:
        do(manager, site, 0, "move", person=site.guest.pk, to=site.rooms[2])
        assert (site.state(0), site.state(2)) == ("cleaning", "occupied")

        answer = do(manager, site, 0, "disinfect")

        assert "is free" in answer.text
        assert site.state(0) == "free"

    def test_whoever_waits_at_the_site_is_put_into_a_room(self, site: Site, manager: Client) -> None:
        with everywhere():
            place = Room.objects.get(place=site.rooms[0]).place.parent
        assert place
        person = f"person:{site.world.second.pk}"
        site.world.happen(
            "isolation.started", person, page.clock.now(), kind="central", place=f"place:{place.parent_id}"
        )
        assert "Into this room" in manager.get(site.url(1)).text

        do(manager, site, 1, "admit", person=site.world.second.pk)

        assert site.room_of(site.world.second) == site.rooms[1]

    def test_a_room_is_kept_and_let_go(self, site: Site, manager: Client) -> None:
        answer = do(manager, site, 1, "reserve", person=site.world.first.pk)
        assert "kept until 16:30" in answer.text

        do(manager, site, 1, "let-go")

        assert "Reserved" not in manager.get(site.url(1)).text

    def test_a_room_is_taken_out_of_use_and_put_back(self, site: Site, manager: Client) -> None:
        do(manager, site, 1, "break", reason="no hot water")
        assert site.state(1) == "broken"

        do(manager, site, 1, "repair")

        assert site.state(1) == "free"

    def test_routine_disinfection_leaves_whoever_is_in_there(self, site: Site, manager: Client) -> None:
        assert "Routine disinfection of room 301 is recorded." in do(manager, site, 0, "clean").text

    @pytest.mark.parametrize(
        ("act", "given"),
        [
            ("break", {"reason": " "}),
            ("move", {"to": "x"}),
            ("admit", {"person": ""}),
            ("change-end", {"days": "0", "reason": "x"}),
            ("change-end", {"days": "", "reason": "x"}),
            ("release", {"reason": "bored"}),
        ],
    )
    def test_what_is_not_filled_in_is_said_and_nothing_recorded(
        self, site: Site, manager: Client, act: str, given: dict[str, str]
    ) -> None:
        answer = do(manager, site, 0, act, **({"person": site.guest.pk} | given))

        assert answer.status_code == 409
        assert "nothing was recorded" in answer.text
        assert site.state(0) == "occupied"


class TestGoing:
    def test_nobody_is_released_before_all_is_met(self, site: Site, manager: Client) -> None:
        answer = do(manager, site, 0, "release", person=site.guest.pk)

        assert answer.status_code == 409
        assert "Not met: 14 days served" in answer.text
        assert site.state(0) == "occupied"

    def test_an_end_brought_forward_and_an_assessment_let_the_person_go(self, site: Site, manager: Client) -> None:
        do(manager, site, 0, "change-end", person=site.guest.pk, way="shorten", days=11, reason="no contact after all")
        site.assess()
        assert "Yes, all is met" in manager.get(site.url(0)).text

        answer = do(manager, site, 0, "release", person=site.guest.pk, follow_up_days=7)

        assert "The isolation has ended" in answer.text
        assert site.state(0) == "cleaning"

    def test_an_end_is_put_off(self, site: Site, manager: Client) -> None:
        do(manager, site, 0, "change-end", person=site.guest.pk, way="extend", days=7, reason="a case on the floor")

        assert "day 3 of 21" in manager.get(site.url(0)).text

    def test_two_accounts_let_somebody_go_early(self, site: Site, enter: Enter, manager: Client) -> None:
        do(manager, site, 0, "ask-early", person=site.guest.pk, reason="a funeral")
        shown = manager.get(site.url(0))
        assert "another account must agree" in shown.text
        request = shown.context["guests"][0][1].override.request

        nurse = enter(site.nurse, "en")
        do(nurse, site, 0, "agree-early", person=site.guest.pk, request=request)
        do(nurse, site, 0, "release", person=site.guest.pk, reason="other")

        assert site.state(0) == "cleaning"

    def test_two_accounts_let_a_child_in_with_its_guardian(self, site: Site, enter: Enter, manager: Client) -> None:
        child = site.world.second
        assert "Ask to share" in manager.get(site.url(0), {"find": "乙"}).text
        do(manager, site, 0, "ask-share", person=child.pk, reason="a child of six", **{"with": site.guest.pk})
        assert "another account must agree" in manager.get(site.url(0)).text
        request = manager.get(site.url(0)).context["asked"][0].request

        nurse = enter(site.nurse, "en")
        assert "Agree to sharing" in nurse.get(site.url(0)).text
        do(nurse, site, 0, "agree-share", person=child.pk, request=request)
        do(nurse, site, 0, "admit", person=child.pk)

        assert site.room_of(child) == site.rooms[0]


class TestPuttingRoomsOnTheBooks:
    def add(self, browser: Client, site: Site, **given: str) -> Any:
        return browser.post("/rooms/add/", {"site": str(site.unit.pk), **given}, follow=True)

    def test_ranges_and_single_numbers_become_rooms(self, site: Site, manager: Client) -> None:
        answer = self.add(manager, site, building="B", floor="4", numbers="401-403, 410、B-7")

        assert "5 rooms are on the books." in answer.text
        with everywhere():
            made = Room.objects.filter(building="B").order_by("number").values_list("number", flat=True)
            assert list(made) == ["401", "402", "403", "410", "B-7"]

    @pytest.mark.parametrize("numbers", ["", "abc", "401-", "1-9999", "9-1"])
    def test_what_is_no_range_is_refused(self, site: Site, manager: Client, numbers: str) -> None:
        assert "nothing was recorded" in self.add(manager, site, floor="4", numbers=numbers).text

    def test_a_number_that_is_there_is_refused_with_all_that_came_with_it(self, site: Site, manager: Client) -> None:
        answer = self.add(manager, site, floor="3", numbers="300-302")

        assert "nothing was stored twice" in answer.text
        with everywhere():
            assert Room.objects.count() == 6

    def test_only_who_runs_the_site_adds_rooms(self, site: Site, enter: Enter) -> None:
        browser = enter(site.world.grid_worker)

        assert self.add(browser, site, floor="4", numbers="401").status_code == 403
