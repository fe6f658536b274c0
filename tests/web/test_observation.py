"""The ledger of medical observation: everybody isolated, by when they may go."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.no_miss.isolation import observation
from web.sites import Site

Enter = Callable[..., Client]
URL = "/isolation/"


@pytest.fixture
def commander(site: Site, enter: Enter) -> Client:
    return enter(site.world.commander, "en")


def names(answer: Any) -> list[str]:
    return [line.name for line in answer.context["rows"]]


def test_who_may_go_first_stands_first_at_home_and_in_sites(site: Site, commander: Client) -> None:
    answer = commander.get(URL)

    assert names(answer)[0] == "丁"
    assert sorted(names(answer)[1:]) == ["乙", "甲"]
    assert "301" in answer.text


def test_it_is_narrowed_to_sites_to_those_past_the_end_and_to_those_released(site: Site, commander: Client) -> None:
    assert names(commander.get(f"{URL}?kind=central")) == ["丁"]
    assert names(commander.get(f"{URL}?state=over")) == []
    site.world.happen("isolation.shortened", f"person:{site.guest.pk}", clock.now(), days=12)
    over = commander.get(f"{URL}?state=over")
    assert names(over) == ["丁"]
    assert "past the end" in over.text
    site.world.happen("isolation.ended", f"person:{site.guest.pk}", clock.now())

    assert names(commander.get(f"{URL}?state=ended")) == ["丁"]
    assert "丁" not in names(commander.get(URL))


def test_whoever_answers_for_the_person_is_named(site: Site, commander: Client) -> None:
    for ago, manager in ((2, "王主任"), (1, "李书记")):
        at = clock.now() - timedelta(hours=ago)
        site.world.happen("manager.named", f"person:{site.guest.pk}", at, manager=manager)
    site.world.happen("medic.assessed", f"person:{site.guest.pk}", clock.now(), finding="well")

    line = commander.get(URL).context["rows"][0]

    assert (line.said.manager, line.said.medic) == ("李书记", site.world.village.name)
    assert "李书记" in commander.get(URL).text


def test_how_long_and_why_it_ended_stand_beside_it(site: Site, commander: Client) -> None:
    site.world.happen("isolation.ended", f"person:{site.guest.pk}", clock.now(), reason="transferred")

    answer = commander.get(f"{URL}?state=ended")

    assert [line.row.days for line in answer.context["rows"]] == [14]
    assert "transferred" in answer.text.lower()


def test_a_village_sees_its_own_and_another_province_nobody(
    site: Site, enter: Enter, stranger: Any, make_account: Any
) -> None:
    foreign = make_account("foreign", stranger, "county_command")

    assert sorted(names(enter(site.world.grid_worker).get(URL))) == ["乙", "甲"]
    assert names(enter(foreign).get(URL)) == []
    assert enter(foreign).get(f"{URL}?area=120101").status_code == 403


def test_opening_it_is_on_record(site: Site, commander: Client) -> None:
    commander.get(URL)

    with everywhere():
        assert AccessLog.objects.filter(account=site.world.commander.pk, purpose="observation: command").count() == 1


def test_a_page_costs_the_same_however_many_are_on_it(site: Site, commander: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            commander.get(URL)
        return len(queries)

    before = cost()
    site.world.happen("isolation.ended", f"person:{site.guest.pk}", clock.now())

    assert cost() == before


def test_pages_follow_one_another_without_a_gap(site: Site) -> None:
    with everywhere():
        whole = observation.observed("120101", now=clock.now())
        after, found = "", []
        while part := observation.observed("120101", now=clock.now(), after=after, limit=1):
            found += part
            after = part[-1].cursor

    assert found == whole
    assert len(found) == 3
