"""Zones: listed with what is owed in each, set by a command post, adjusted and lifted, each with a page of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, shelf
from bulou.ledger import services as ledger
from bulou.no_miss.control.models import Zone
from bulou.plan.rules import rules
from web.world import NOON, VILLAGE, World

Enter = Callable[..., Client]
HOUR = timedelta(hours=1)


def in_force(world: World, zone: str = "", **data: Any) -> str:
    """A zone set five hours ago, with the duties of the Haibei plan; gives its name in facts."""
    plan = shelf.plan("haibei-2020-74")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "zone.set"], area="12")
    name = zone or str(new_id())
    world.happen("zone.set", f"zone:{name}", NOON - 5 * HOUR, **{"unit_kind": "building", "level": "sealed"} | data)
    return name


def names(answer: Any) -> list[str]:
    return [one.name for one in answer.context["rows"]]


def act(browser: Client, name: str, rows: list[str], **data: str) -> Any:
    given = {"id": str(new_id()), "act": name, "keys": "\r\n".join(rows)}
    return browser.post("/lists/zones/do/", given | {f"data.{key}": value for key, value in data.items()}, follow=True)


def test_a_zone_in_force_stands_in_the_list_with_what_is_owed_there(world: World, enter: Enter) -> None:
    zone = in_force(world, grounds="case 7 lives there", measures=["no-gatherings"])

    answer = enter(world.commander, "en").get("/zones/")

    (line,) = answer.context["rows"]
    assert (line.name, line.measures, line.owner.name) == (
        "Sealed: building",
        "no gatherings",
        world.village.name,
    )
    assert line.counts.open + line.counts.missed > 0
    assert f"/zones/{zone}/" in answer.text
    assert "case 7 lives there" in answer.text


def test_what_is_lifted_is_kept_apart(world: World, enter: Enter) -> None:
    zone = in_force(world)
    world.happen("zone.lifted", f"zone:{zone}", NOON - HOUR, reason="no case in 14 days")
    browser = enter(world.commander, "en")

    assert names(browser.get("/zones/")) == []
    assert names(browser.get("/zones/?state=lifted")) == ["Sealed: building"]
    assert names(browser.get("/zones/?state=all&level=watched")) == []
    assert "no case in 14 days" in browser.get("/zones/?state=all").text


def test_the_list_takes_the_same_queries_however_long_it_is(world: World, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    in_force(world)
    browser.get("/zones/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/zones/")
    for _ in range(4):
        in_force(world)

    with CaptureQueriesContext(connection) as many:
        assert len(names(browser.get("/zones/"))) == 5

    assert len(many) == len(one)


def test_a_command_post_sets_a_zone_and_its_duties_are_on_the_lists(world: World, enter: Enter) -> None:
    in_force(world)
    browser = enter(world.commander, "en")
    zone = str(new_id())
    given = {"id": str(new_id()), "zone": zone, "area": VILLAGE, "data.unit_kind": "stairwell", "data.level": "watched"}

    twice = [browser.post("/zones/new/", given | {"data.grounds": "case 9"}, follow=True) for _ in range(2)]

    assert all(answer.request["PATH_INFO"] == f"/zones/{zone}/" for answer in twice)
    with everywhere():
        assert Zone.objects.get(zone=zone).unit_kind == "stairwell"
        owed = selectors.duties_of(f"zone:{zone}")
    assert {row.owner for row in owed} >= {world.village.pk}


def test_what_is_left_out_is_asked_for_and_nothing_is_kept(world: World, enter: Enter) -> None:
    answer = enter(world.commander, "en").post(
        "/zones/new/", {"id": str(new_id()), "zone": str(new_id()), "data.level": "sealed"}
    )

    assert answer.status_code == 422
    assert answer.text.count("Fill this in.") == 2
    assert not Zone.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_no_command_post_sets_none(world: World, enter: Enter, method: str) -> None:
    browser = enter(world.grid_worker, "en")

    assert getattr(browser, method)("/zones/new/").status_code == 403
    assert "/zones/new/" not in browser.get("/zones/").text


def test_a_zone_is_set_in_no_area_but_ones_own(world: World, enter: Enter) -> None:
    given = {"id": str(new_id()), "zone": str(new_id()), "area": "450103", "data.unit_kind": "building"}

    answer = enter(world.commander, "en").post("/zones/new/", given | {"data.level": "sealed", "data.grounds": "x"})

    assert answer.status_code == 403
    assert not Zone.objects.exists()


def test_zones_are_adjusted_and_lifted_from_the_list(world: World, enter: Enter) -> None:
    in_force(world, measures=["no-gatherings"])
    browser = enter(world.commander, "en")
    (line,) = browser.get("/zones/").context["rows"]

    act(browser, "adjust", [str(line.row.id)], level="watched")
    with everywhere():
        row = Zone.objects.get()
    assert (row.level, row.unit_kind, row.measures) == ("watched", "building", "no-gatherings")
    act(browser, "lift", [str(line.row.id)], reason="no case in 14 days")

    with everywhere():
        assert Zone.objects.get().until == NOON
    again = act(browser, "lift", [str(line.row.id)], reason="again")
    assert "This zone has been lifted already." in again.text


def test_its_page_says_what_it_is_what_is_owed_and_what_happened(world: World, enter: Enter) -> None:
    zone = in_force(world, grounds="case 7 lives there")

    answer = enter(world.commander, "en").get(f"/zones/{zone}/")

    assert "Sealed: building" in answer.text
    assert "case 7 lives there" in answer.text
    assert "Gatherings in a circle are stopped" in answer.text
    assert "Zone set" in answer.text


def test_a_zone_out_of_sight_has_no_page(world: World, enter: Enter) -> None:
    zone = str(new_id())
    world.happen("zone.set", f"zone:{zone}", NOON - HOUR, area="120101001002", unit_kind="building")

    assert enter(world.commander, "en").get(f"/zones/{zone}/").status_code == 200
    assert enter(world.grid_worker, "en").get(f"/zones/{zone}/").status_code == 404


def test_a_duty_about_a_zone_calls_it_by_its_name_on_my_list(world: World, enter: Enter) -> None:
    in_force(world)

    answer = enter(world.grid_worker, "en").get("/my/")

    assert "Gatherings in a circle are stopped" in answer.text
    assert "Sealed: building" in answer.text
