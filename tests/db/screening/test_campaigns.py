"""Campaigns and their doors keep up with facts; the board counts them and the next door is the right one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory import selectors as directory
from bulou.directory.models import Account, Area, Place
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.screening import campaigning, rosters
from bulou.no_miss.screening.campaigns import Coverage
from bulou.no_miss.screening.models import Campaign, Door

from .conftest import COUNTY, DAY, HERE, HOUR, NEXT, NOW, Village

Scope = Callable[[str], AbstractContextManager[None]]
GRIDS = (f"{HERE}001", f"{HERE}002")


@pytest.fixture
def homes(home: Village) -> list[Place]:
    """Three households in two grids, one in the village beside."""
    with everywhere():
        Area.objects.bulk_create([Area(code=code, name=code[-3:], name_en=code[-3:], level="grid") for code in GRIDS])
        areas = (GRIDS[0], GRIDS[0], GRIDS[1], NEXT)
        return [
            Place.objects.create(name=f"{n}号", area_id=area, kind="household", synthetic=True)
            for n, area in enumerate(areas, 1)
        ]


@pytest.fixture
def campaign(home: Village, homes: list[Place]) -> UUID:
    return UUID(home.happen("campaign.opened", f"area:{COUNTY}", NOW - DAY, area=COUNTY, name="拉网", days=3))


def states() -> dict[str, str]:
    with everywhere():
        return dict(Door.objects.order_by("place__name").values_list("place__name", "state"))


def visit(home: Village, place: Place, at: object = NOW, **data: int) -> str:
    return home.happen("household.visited", f"place:{place.pk}", at, area=place.area_id, **data)  # type: ignore[arg-type]


class TestTheRoster:
    def test_is_every_household_of_the_area(self, campaign: UUID) -> None:
        assert states() == dict.fromkeys(("1号", "2号", "3号", "4号"), "waiting")

    def test_is_what_was_found_whatever_came_first(self, home: Village, homes: list[Place]) -> None:
        visit(home, homes[0], NOW - HOUR, present=2)
        visit(home, homes[1], NOW - 30 * HOUR, present=2)
        home.happen("campaign.opened", f"area:{COUNTY}", NOW - DAY, area=COUNTY, name="拉网", days=3)

        assert states() == {"1号": "visited", "2号": "waiting", "3号": "waiting", "4号": "waiting"}

    def test_a_household_that_comes_on_the_books_later_is_on_it(self, home: Village, campaign: UUID) -> None:
        with everywhere():
            new = Place.objects.create(name="5号", area_id=GRIDS[1], kind="household", synthetic=True)
        home.happen("place.registered", f"place:{new.pk}", NOW, area=GRIDS[1], kind="household")

        assert states()["5号"] == "waiting"

    def test_one_that_was_retired_before_anybody_knocked_is_not(
        self, home: Village, homes: list[Place], campaign: UUID
    ) -> None:
        visit(home, homes[0], present=1)
        for place in homes[:2]:
            home.happen("place.retired", f"place:{place.pk}", NOW, area=place.area_id)

        assert states() == {"1号": "visited", "3号": "waiting", "4号": "waiting"}

    def test_a_visit_taken_back_leaves_the_door_as_it_was(
        self, home: Village, homes: list[Place], campaign: UUID
    ) -> None:
        id = visit(home, homes[0], present=2)
        subject, area = f"place:{homes[0].pk}", homes[0].area_id
        home.happen("fact.withdrawn", subject, NOW, area=area, reason="wrong door", supersedes=id)

        assert states()["1号"] == "waiting"

    def test_a_campaign_taken_back_has_no_doors(self, home: Village, campaign: UUID) -> None:
        subject = f"area:{COUNTY}"
        home.happen("fact.withdrawn", subject, NOW, area=COUNTY, reason="wrong area", supersedes=str(campaign))

        assert states() == {}

    def test_a_rebuild_comes_to_the_same(self, home: Village, homes: list[Place], campaign: UUID) -> None:
        visit(home, homes[0], present=0)
        visit(home, homes[2], present=3, arrived=1)
        with everywhere():
            before = list(Door.objects.order_by("id").values())

        ledger.rebuild()

        with everywhere():
            assert list(Door.objects.order_by("id").values()) == before

    def test_costs_no_statement_more_for_many_households(self, home: Village, homes: list[Place]) -> None:
        with everywhere():
            Place.objects.bulk_create([Place(name=f"x{n}", area_id=GRIDS[0], kind="household") for n in range(3000)])

        with CaptureQueriesContext(connection) as queries:
            home.happen("campaign.opened", f"area:{COUNTY}", NOW, area=COUNTY, name="拉网", days=3)

        assert sum(" door" in query["sql"] for query in queries) <= 5
        assert len(states()) > 3000


class TestTheBoard:
    @pytest.fixture(autouse=True)
    def knocked(self, home: Village, homes: list[Place], campaign: UUID) -> None:
        visit(home, homes[0], present=3, expected=2, symptomatic=1)
        visit(home, homes[1], present=0)

    def test_counts_by_area_down_to_the_grid_and_loses_no_household(self, campaign: UUID) -> None:
        with everywhere():
            by = {area: rosters.coverage_by_area(campaign, area) for area in (COUNTY, "120101001", HERE, GRIDS[0])}
            (whole,) = rosters.coverages([campaign]).values()

        assert by[HERE] == {GRIDS[0]: Coverage(2, 1, 1, 1, 1), GRIDS[1]: Coverage(1)}
        assert by["120101001"] == {HERE: Coverage(3, 1, 1, 1, 1), NEXT: Coverage(1)}
        assert by[GRIDS[0]] == {GRIDS[0]: Coverage(2, 1, 1, 1, 1)}
        assert whole == sum(by[COUNTY].values(), Coverage()) == Coverage(4, 1, 1, 1, 1)

    def test_lists_doors_by_what_they_are(self, campaign: UUID) -> None:
        with everywhere():
            found = {
                state: [one.name for one in rosters.doors(campaign, COUNTY, state=state)]
                for state in ("", "waiting", "no_answer", "visited", "unlisted")
            }

        assert found == {
            "": ["2号", "3号", "4号"],
            "waiting": ["3号", "4号"],
            "no_answer": ["2号"],
            "visited": ["1号"],
            "unlisted": ["1号"],
        }

    def test_the_next_door_is_one_nobody_knocked_at_then_the_longest_left(self, campaign: UUID) -> None:
        with everywhere():
            first = rosters.next_door(campaign, HERE)
            assert first
            assert first.name == "3号"
            again = rosters.next_door(campaign, HERE, after=first.place)
            assert again
            assert again.name == "2号"
            assert rosters.next_door(campaign, GRIDS[0], after=again.place) is None

    def test_a_village_sees_its_own_doors_of_the_countys_campaign(self, campaign: UUID, scope: Scope) -> None:
        with scope(NEXT):
            assert [one.name for one in rosters.campaigns()] == ["拉网"]
            assert [one.name for one in rosters.doors(campaign, COUNTY)] == ["4号"]
            assert rosters.coverages([campaign])[campaign] == Coverage(1)

    def test_another_county_does_not_know_of_it(self, campaign: UUID, scope: Scope) -> None:
        with scope("120102"):
            assert rosters.campaigns() == []
            assert rosters.campaign(campaign) is None

    def test_nobody_below_changes_a_campaign_from_above(self, campaign: UUID, scope: Scope) -> None:
        with scope(NEXT):
            assert Campaign.objects.filter(pk=campaign).update(name="x") == 0
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM campaign")
                assert cursor.rowcount == 0

    def test_who_answers_for_many_areas_is_asked_once(self, home: Village) -> None:
        with everywhere(), CaptureQueriesContext(connection) as queries:
            owners = directory.owners_of("village_committee", [HERE, *GRIDS, NEXT])

        assert len(queries) == 1
        assert owners == dict.fromkeys((HERE, *GRIDS), home.unit.pk)


class TestActs:
    @pytest.fixture
    def clerk(self, county: object, make_account: Callable[..., Account]) -> Account:
        return make_account("clerk", county, "county_command")

    def test_opened_twice_with_one_form_it_is_one(self, homes: list[Place], clerk: Account) -> None:
        id = new_id()

        with everywhere():
            for _ in range(2):
                made = campaigning.campaign_open(COUNTY, "拉网", 3, by=clerk, id=id, question="发热吗")
            assert (made.pk, made.question, Campaign.objects.count()) == (id, "发热吗", 1)

    def test_a_door_is_knocked_at_while_the_campaign_goes_on(
        self, homes: list[Place], campaign: UUID, clerk: Account
    ) -> None:
        with everywhere():
            done = campaigning.knock(campaign, homes[0].pk, by=clerk, id=new_id(), present=2, arrived=1)
            assert (done.state, done.unlisted) == ("visited", 1)
            campaigning.campaign_close(campaign, by=clerk, id=new_id())
            with pytest.raises(BulouError, match="nothing was recorded"):
                campaigning.knock(campaign, homes[1].pk, by=clerk, id=new_id(), present=2)

    def test_what_is_not_there_or_over_is_refused(self, campaign: UUID, clerk: Account) -> None:
        with everywhere():
            campaigning.campaign_close(campaign, by=clerk, id=new_id())
            for id in (campaign, new_id()):
                with pytest.raises(BulouError, match="nothing was recorded"):
                    campaigning.campaign_close(id, by=clerk, id=new_id())
            with pytest.raises(BulouError, match="nothing was recorded"):
                campaigning.knock(campaign, new_id(), by=clerk, id=new_id(), present=1)
