"""Isolation sites side by side: where rooms are free, and where something must be put right."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.no_miss.isolation import sites as registering
from web.sites import Site

Enter = Callable[..., Client]


@pytest.fixture
def commander(site: Site, enter: Enter) -> Client:
    return enter(site.world.commander, "en")


def test_each_site_leads_to_its_rooms_and_says_how_full_it_is(site: Site, commander: Client) -> None:
    shown = commander.get("/sites/")

    assert f"/rooms/?site={site.unit.pk}" in shown.text
    assert [(sign.name, n) for sign, n in shown.context["tiles"]][:2] == [("occupied", 1), ("free", 5)]
    assert "1 site, 1 open." in shown.text


def test_what_must_be_put_right_is_counted_and_leads_to_where_it_is(site: Site, commander: Client) -> None:
    site.world.happen("isolation.shortened", f"person:{site.guest.pk}", clock.now(), days=12)

    shown = commander.get("/sites/")

    assert "1 person to put right in 1" in shown.text
    assert site.unit.name in commander.get(shown.context["wrong"]).text
    assert "No isolation site answers to this filter" in commander.get("/sites/?view=full").text


def test_the_room_board_leads_back_to_all_sites(site: Site, enter: Enter) -> None:
    assert 'href="/sites/"' in enter(site.manager, "en").get("/rooms/").text


def test_nobody_is_named_so_that_no_purpose_is_asked(site: Site, enter: Enter, make_account: Any) -> None:
    shown = enter(make_account("cdc", site.world.county, "cdc"), "en").get("/sites/")

    assert shown.status_code == 200
    assert "丁" not in shown.text


def test_a_village_sees_no_site_of_its_county(site: Site, enter: Enter) -> None:
    assert site.unit.name not in enter(site.world.grid_worker, "en").get("/sites/").text


def test_it_costs_the_same_however_many_sites_there_are(
    site: Site, commander: Client, make_unit: Callable[..., Any]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            commander.get("/sites/")
        return len(queries)

    before = cost()
    for n in range(3):
        unit = make_unit(f"site {n}", site.unit.area_id, "isolation_site")
        with everywhere():
            registering.rooms_register(unit, [registering.NewRoom("1", 1)])

    assert cost() == before <= 12
