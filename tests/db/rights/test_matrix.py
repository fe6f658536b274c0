"""Who may open what: every address × everyone × what lies in their area and what does not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bulou.directory import scope
from bulou.directory.scope import everywhere

from .addresses import ADDRESSES, API, Way
from .conftest import World
from .places import HOMES
from .visits import Visit, Visitor, answer, visits

SIGNED_IN = ("worker", "command", "foreign command")
STRANGERS = ("stranger", "closed")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
LEAKING = ("/cases/", "/people/", "/places/", "/duties/trial~", "/api/v1/duties/trial~")
"""Addresses that rest on the scope alone."""
Tour = Callable[[str], list[Visit]]


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every route of the product, as its patterns are written."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def may(name: str, way: Way) -> bool:
    return way.only is None or name in way.only


def is_turned_away(visit: Visit) -> bool:
    """401, or on to the sign-in page."""
    return visit.status == 401 or (visit.status == 302 and urlsplit(visit.location).path == "/sign-in/")


def test_every_route_is_in_the_table_and_every_entry_is_a_route() -> None:
    assert set(routes(get_resolver())) == ADDRESSES.keys()


def test_every_method_of_the_api_is_tried(world: World) -> None:
    visitor: Visitor = world.visitors["command"]
    home = world.homes["here"]
    for route, ways in API.items():
        refused = answer(Client(), visitor, "TRACE", ways[0].path(home))
        if refused.status_code == 405:
            assert set(refused.headers["Allow"].split(", ")) == {way.method for way in ways}, route


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_turned_away_everywhere_but_at_the_door(name: str, tour: Tour) -> None:
    visited = tour(name)

    assert [visit for visit in visited if not visit.way.public and not is_turned_away(visit)] == []
    assert [visit for visit in visited if visit.way.public and visit.status not in visit.way.inside] == []


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_learns_nothing_and_leaves_nothing(name: str, tour: Tour) -> None:
    assert [visit for visit in tour(name) if visit.leaked or visit.looks or visit.written] == []


def test_no_method_opens_what_another_does_not(world: World) -> None:
    client = Client(raise_request_exception=False)
    stranger: Visitor = world.visitors["stranger"]
    home = world.homes["here"]
    opened = [
        (method, way.path(home), response.status_code)
        for ways in ADDRESSES.values()
        for way in ways
        if not way.public
        for method in METHODS
        if (response := answer(client, stranger, method, way.path(home))).status_code not in (302, 401, 405)
        and response.content
    ]

    assert opened == []


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_lies_in_ones_area_is_shown(name: str, tour: Tour) -> None:
    visited = [visit for visit in tour(name) if may(name, visit.way) and (visit.seen or not visit.way.about_home)]

    assert [visit for visit in visited if visit.status not in visit.way.inside] == []
    assert {visit.address for visit in visited if is_turned_away(visit)} == {"/sign-out/", "/sign-in/code/"}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_lies_outside_is_refused(name: str, tour: Tour) -> None:
    visited = [visit for visit in tour(name) if visit.way.about_home and not visit.seen and may(name, visit.way)]

    assert len(visited) > 20
    assert [visit for visit in visited if visit.status not in visit.way.outside] == []


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_is_for_others_is_refused(name: str, tour: Tour) -> None:
    assert [visit for visit in tour(name) if not may(name, visit.way) and visit.status != 403] == []


@pytest.mark.parametrize("name", SIGNED_IN)
def test_no_answer_holds_a_word_of_what_lies_outside(name: str, tour: Tour) -> None:
    assert {visit: visit.leaked for visit in tour(name) if visit.leaked} == {}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_look_at_a_person_is_on_record_once_and_nothing_else_is(name: str, tour: Tour) -> None:
    visited = [visit for visit in tour(name) if visit.way.look != "list"]
    assert len(visited) > 40
    for visit in visited:
        looked = bool(visit.way.look) and visit.seen
        subject = f"{visit.way.look}:{getattr(visit.home, visit.way.look)}" if looked else ""

        assert visit.looks == (((visit.account, subject, visit.home.area),) if looked else ()), visit


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_list_of_people_and_every_search_is_on_record(name: str, tour: Tour) -> None:
    for visit in (visit for visit in tour(name) if visit.way.look == "list"):
        opened = visit.status in visit.way.inside

        assert [(account, subject) for account, subject, _ in visit.looks] == [(visit.account, "")] * opened, visit


@pytest.mark.parametrize("name", SIGNED_IN)
def test_nothing_is_recorded_about_what_lies_outside(name: str, tour: Tour) -> None:
    assert [visit for visit in tour(name) if visit.written and not visit.seen] == []


def test_facts_are_recorded_in_ones_own_area(tour: Tour) -> None:
    written = {name: {visit.home.name for visit in tour(name) if visit.written} for name in SIGNED_IN}

    assert written == {"worker": {"here"}, "command": {"here", "next"}, "foreign command": {"far"}}


def test_the_homes_tell_the_visitors_apart(world: World) -> None:
    seen = {
        name: {home.name for home in world.homes.values() if world.visitors[name].sees(home)}
        for name in (*SIGNED_IN, "stranger")
    }

    assert seen == {
        "worker": {"here"},
        "command": {"here", "next"},
        "foreign command": {"far"},
        "stranger": set(),
    }
    assert len(HOMES) == 3


def test_were_the_scope_wide_open_the_visits_would_tell(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def wide(*_: object) -> Iterator[None]:
        with transaction.atomic(), everywhere():
            yield

    monkeypatch.setattr(scope, "for_account", wide)

    visited = list(visits(world.visitors["worker"], world.homes.values()))

    leaking = {visit.address for visit in visited if visit.leaked}
    found = {start: any(address.startswith(start) for address in leaking) for start in LEAKING}
    assert found == dict.fromkeys(LEAKING, True)
    assert [visit for visit in visited if visit.looks and not visit.seen]
