"""An arrival its community did not find is handed out anew from the list of arrivals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bulou.directory.models import Area
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.no_miss.screening.models import Arrival
from web.world import NOON, World

Enter = Callable[..., Client]
NEXT = "120101001002"


@pytest.fixture
def astray(world: World) -> Arrival:
    person = f"person:{world.first.pk}"
    world.happen("arrival.declared", person, NOON - timedelta(hours=5), risk="low", from_area="450103")
    world.happen("arrival.received", person, NOON - timedelta(hours=1), outcome="not_here")
    with everywhere():
        return Arrival.objects.get()


def test_the_list_leads_to_it_and_the_other_community_finds_it_there(
    world: World, astray: Arrival, enter: Enter
) -> None:
    browser = enter(world.commander, "en")
    assert f"/arrivals/{astray.pk}/hand-out/" in browser.get("/arrivals/").text
    with everywhere():
        name = Area.objects.get(code=NEXT).name

    page = browser.get(f"/arrivals/{astray.pk}/hand-out/?q={name[:3]}")
    assert NEXT in {one.code for one in page.context["choices"]}
    assert astray.area not in {one.code for one in page.context["choices"]}
    done = browser.post(f"/arrivals/{astray.pk}/hand-out/", {"id": str(new_id()), "area": NEXT}, follow=True)

    assert "Handed out anew" in done.text
    with everywhere():
        after = Arrival.objects.get()
    assert (after.area, after.state) == (NEXT, "waiting")
    assert enter(world.grid_worker).get(f"/arrivals/{astray.pk}/hand-out/").status_code == 404


def test_what_is_no_community_of_the_area_is_refused_in_words(world: World, astray: Arrival, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    answer: Any = browser.post(f"/arrivals/{astray.pk}/hand-out/", {"id": str(new_id()), "area": "45"}, follow=True)

    assert "Choose another community of your area" in answer.text
    with everywhere():
        assert Arrival.objects.get().area == astray.area


def test_who_is_confirmed_is_not_handed_out(world: World, astray: Arrival, enter: Enter) -> None:
    world.happen("arrival.received", f"person:{world.first.pk}", NOON, outcome="here")

    browser = enter(world.commander)

    assert browser.get(f"/arrivals/{astray.pk}/hand-out/").status_code == 404
    assert "hand-out" not in browser.get("/arrivals/").text
