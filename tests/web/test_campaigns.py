"""Campaigns on their pages: opened, watched down to the grid, knocked door by door on a phone, ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import Place
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.no_miss.screening.models import Campaign, Door
from web.world import NOON, World

Enter = Callable[..., Client]
HERE = "120101001001"


@pytest.fixture
def homes(world: World) -> list[Place]:
    with everywhere():
        return [directory.place_register(f"滨江道{n}号", "household", HERE, synthetic=True) for n in (1, 2, 3)]


@pytest.fixture
def campaign(world: World, homes: list[Place]) -> str:
    start = NOON - timedelta(hours=3)
    said = {"name": "春季拉网排查", "days": 2, "question": "家里有人发热吗"}
    return world.happen("campaign.opened", "area:120101", start, area="120101", **said)


def knock(browser: Client, campaign: str, place: Place, **given: str) -> Any:
    form = {"id": str(new_id()), "place": str(place.pk), **given}
    return browser.post(f"/campaigns/{campaign}/next/", form)


class TestOpening:
    def test_whoever_commands_the_area_opens_one_with_every_household_on_it(
        self, world: World, enter: Enter, homes: list[Place]
    ) -> None:
        form = {
            "id": str(new_id()),
            "name": "拉网",
            "area": "120101",
            "days": "3",
            "question": "",
            "clause": "GX-1.3.a",
        }

        answer = enter(world.commander, "en").post("/campaigns/open/", form, follow=True)

        assert "The campaign is open" in answer.text
        assert answer.context["total"].doors == 3
        assert "GX-1.3.a" in answer.text

    @pytest.mark.parametrize("wrong", [{"name": " "}, {"days": "0"}, {"days": "61"}, {"days": "x"}])
    def test_what_is_not_filled_in_is_said_and_nothing_opened(
        self, world: World, enter: Enter, wrong: dict[str, str]
    ) -> None:
        form = {"id": str(new_id()), "name": "拉网", "area": "", "days": "3"} | wrong

        answer = enter(world.commander, "en").post("/campaigns/open/", form, follow=True)

        assert "nothing was opened" in answer.text
        with everywhere():
            assert not Campaign.objects.exists()

    def test_it_is_not_for_everybody_nor_for_other_areas(
        self, world: World, enter: Enter, campaign: str, make_account: Any
    ) -> None:
        form = {"id": str(new_id()), "name": "拉网", "area": "45", "days": "3"}
        assert enter(world.commander).post("/campaigns/open/", form).status_code == 403

        browser = enter(make_account("clinic", world.village, "township_clinic"), "en")
        assert browser.post("/campaigns/open/", form | {"area": HERE}).status_code == 403
        assert browser.post(f"/campaigns/{campaign}/close/").status_code == 403
        assert "Open a campaign" not in browser.get("/campaigns/").text


class TestTheBoard:
    def test_says_how_far_it_is_whose_it_is_and_what_is_left(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        for place, present in ((homes[0], 2), (homes[1], 0)):
            world.happen("household.visited", f"place:{place.pk}", NOON, present=present)

        page = enter(world.commander, "en").get(f"/campaigns/{campaign}/")

        assert [(sign.name, n) for sign, n, _, _ in page.context["tiles"]] == [
            ("waiting", 1),
            ("no_answer", 1),
            ("visited", 1),
            ("unlisted", 0),
        ]
        assert page.context["total"].percent == 33
        (part,) = page.context["areas"]
        assert part.coverage.doors == 3
        assert [row.door.name for row in page.context["rows"]] == ["滨江道2号", "滨江道3号"]

    def test_leads_down_to_the_village_and_its_owner(self, world: World, enter: Enter, campaign: str) -> None:
        page = enter(world.commander, "en").get(f"/campaigns/{campaign}/?area=120101001")

        (part,) = page.context["areas"]
        assert part.owner
        assert part.owner.name == "蓉芳里居委会"
        assert enter(world.commander).get(part.url).status_code == 200

    def test_a_number_opens_the_doors_it_counts(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        world.happen("household.visited", f"place:{homes[0].pk}", NOON, present=2, arrived=1)
        browser = enter(world.commander, "en")
        tiles = {sign.name: url for sign, _, _, url in browser.get(f"/campaigns/{campaign}/").context["tiles"]}

        assert [row.door.name for row in browser.get(tiles["unlisted"]).context["rows"]] == ["滨江道1号"]
        assert "1 person on no list" in browser.get(tiles["visited"]).text

    def test_what_nobody_did_when_it_is_over_is_missed(self, world: World, enter: Enter, campaign: str) -> None:
        browser = enter(world.commander, "en")
        browser.post(f"/campaigns/{campaign}/close/", {"id": str(new_id())})
        later = NOON + timedelta(hours=1)
        directory.clock_set(later)

        with clock.at(later):
            page = browser.get(f"/campaigns/{campaign}/")

        assert {row.colour for row in page.context["rows"]} == {"missed"}
        assert "has ended" in page.text
        assert page.context["next_url"] == ""

    def test_a_village_sees_its_part_and_another_province_nothing(
        self, world: World, enter: Enter, campaign: str, stranger: Any, make_account: Any
    ) -> None:
        page = enter(world.grid_worker, "en").get(f"/campaigns/{campaign}/")
        assert page.context["total"].doors == 3
        assert "End it now" not in page.text
        far = enter(make_account("far", stranger, "county_command"))
        assert far.get(f"/campaigns/{campaign}/").status_code == 404
        assert "春季" not in far.get("/campaigns/").text

    def test_costs_the_same_however_many_households_there_are(self, world: World, enter: Enter, campaign: str) -> None:
        browser = enter(world.commander, "en")

        def cost(path: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            return len(queries)

        paths = ("/campaigns/", f"/campaigns/{campaign}/", f"/campaigns/{campaign}/next/")
        before = [cost(path) for path in paths]
        for number in range(5):
            with everywhere():
                new = directory.place_register(f"新{number}号", "household", HERE, synthetic=True)
            world.happen("place.registered", f"place:{new.pk}", NOON, kind="household")

        assert [cost(path) for path in paths] == before
        assert max(before) <= 15


class TestDoorByDoor:
    def test_the_next_door_comes_after_each(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        browser = enter(world.commander, "en")
        first = browser.get(f"/campaigns/{campaign}/next/")
        assert "家里有人发热吗" in first.text
        assert first.context["door"].name == "滨江道1号"

        second = knock(browser, campaign, homes[0], present="2", expected="2")

        assert second.context["door"].name == "滨江道2号"
        assert "2 households left" in second.text

    def test_nobody_answered_is_one_tap_and_comes_again_last(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        browser = enter(world.commander, "en")
        knock(browser, campaign, homes[0], nobody="1")
        knock(browser, campaign, homes[1], present="1")

        last = knock(browser, campaign, homes[2], present="1", arrived="1")

        assert last.context["door"].name == "滨江道1号"
        assert "Return visit due" in last.text
        assert "1 person on no list: put them on file." in last.text
        alone = knock(browser, campaign, homes[0], nobody="1")
        assert alone.context["door"].name == "滨江道1号"
        done = knock(browser, campaign, homes[0], present="1")
        assert "Every household has been visited" in done.text

    def test_a_visit_does_what_the_plan_asks(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        knock(enter(world.commander), campaign, homes[0], present="2")

        with everywhere():
            (fact,) = ledger.facts_of(f"place:{homes[0].pk}")
        assert (fact.kind, fact.data["present"]) == ("household.visited", 2)

    def test_the_same_form_sent_twice_is_one_visit(
        self, world: World, enter: Enter, homes: list[Place], campaign: str
    ) -> None:
        browser, id = enter(world.commander), str(new_id())

        for _ in range(2):
            knock(browser, campaign, homes[0], present="2", id=id)

        with everywhere():
            assert Door.objects.get(place=homes[0].pk).visits == 1

    @pytest.mark.parametrize("wrong", [{"present": ""}, {"present": "many"}, {"present": "1", "arrived": "100"}])
    def test_what_is_no_number_is_said_on_the_same_door(
        self, world: World, enter: Enter, homes: list[Place], campaign: str, wrong: dict[str, str]
    ) -> None:
        answer = knock(enter(world.commander, "en"), campaign, homes[1], note="dog", **wrong)

        assert answer.status_code == 422
        assert answer.context["door"].name == "滨江道2号"
        assert 'value="dog"' in answer.text
        assert "nothing was recorded" in answer.text

    def test_there_is_no_door_of_a_campaign_that_is_over(self, world: World, enter: Enter, campaign: str) -> None:
        browser = enter(world.commander)
        later = NOON + timedelta(days=3)
        directory.clock_set(later)

        with clock.at(later):
            assert browser.get(f"/campaigns/{campaign}/next/").status_code == 404
        assert browser.get(f"/campaigns/{new_id()}/next/").status_code == 404
