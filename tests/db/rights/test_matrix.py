"""Who may open what: every address × everyone × what lies in their area and what does not."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bulou.api import tokens
from bulou.directory import scope
from bulou.directory.models import Account, Unit
from bulou.directory.purposes import PURPOSES
from bulou.directory.roles import ROLES
from bulou.directory.scope import everywhere

from .addresses import ADDRESSES, API
from .conftest import World
from .places import HOMES
from .visits import Look, Visit, Visitor, answer, called, visits

COUNTY = "120101"
OWN_ONLY = ("isolation_site", "system_administrator", "security_administrator", "audit_administrator")
"""Roles that may act on their own unit's rooms, or do some of the acts of administrators: not on any."""
SIGNED_IN = ("worker", "command", "foreign command", "province", "grid worker")
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


def allowed(world: World, name: str, tour: Tour) -> list[Visit]:
    """The visits of somebody to what their role may open."""
    return [visit for visit in tour(name) if world.visitors[name].may(visit.way)]


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_lies_in_ones_area_is_shown(name: str, world: World, tour: Tour) -> None:
    visited = [visit for visit in allowed(world, name, tour) if visit.seen or not visit.way.about_home]

    assert [visit for visit in visited if visit.status not in visit.way.inside] == []
    assert {visit.address for visit in visited if is_turned_away(visit)} == {"/sign-out/", "/sign-in/code/"}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_lies_outside_is_refused(name: str, world: World, tour: Tour) -> None:
    visited = [visit for visit in allowed(world, name, tour) if visit.way.about_home and not visit.seen]

    assert len(visited) > 20
    assert [visit for visit in visited if visit.status not in visit.way.outside] == []


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_is_for_others_is_refused(name: str, world: World, tour: Tour) -> None:
    refused = [visit for visit in tour(name) if not world.visitors[name].may(visit.way)]

    assert len(refused) > 5
    assert [visit for visit in refused if visit.status not in (403, 404)] == []


@pytest.mark.parametrize("name", SIGNED_IN)
def test_no_answer_holds_a_word_of_what_lies_outside(name: str, tour: Tour) -> None:
    assert {visit: visit.leaked for visit in tour(name) if visit.leaked} == {}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_look_at_a_person_is_on_record_once_and_nothing_else_is(name: str, world: World, tour: Tour) -> None:
    visited = [visit for visit in allowed(world, name, tour) if visit.way.look not in ("list", "names")]
    assert len(visited) > 40
    for visit in visited:
        looked = bool(visit.way.look) and visit.seen and not visit.asked
        sort = "person" if visit.way.look == "guest" else visit.way.look
        person = visit.home.own["guest"] if visit.way.look == "guest" else getattr(visit.home, visit.way.look or "name")
        expected = [(visit.account, f"{sort}:{person}", visit.home.area)] if looked else []

        assert [look[:3] for look in visit.looks] == expected, visit


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_list_of_people_and_every_search_is_on_record(name: str, world: World, tour: Tour) -> None:
    for visit in (visit for visit in allowed(world, name, tour) if visit.way.look in ("list", "names")):
        opened = visit.named if visit.way.look == "names" else visit.status in visit.way.inside and not visit.asked

        assert [look[0] for look in visit.looks] == [visit.account] * opened, visit
        assert not any(look[1].startswith(("person:", "episode:")) for look in visit.looks), visit


@pytest.mark.parametrize("name", SIGNED_IN)
def test_every_answer_that_names_somebody_is_a_look_for_a_purpose_of_the_list(name: str, tour: Tour) -> None:
    named = [visit for visit in tour(name) if visit.named]

    assert len(named) > 20
    assert [visit for visit in named if not visit.looks] == []
    stated = [visit for visit in named if not visit.address.startswith(("/api/", "/exports/"))]
    assert [visit for visit in stated if any(purpose(look) not in PURPOSES for look in visit.looks)] == []
    assert [visit for visit in named if not all(look[3] for look in visit.looks)] == []


def purpose(look: Look) -> str:
    """What a look was for, behind what it showed."""
    return look[3].rpartition(": ")[2]


@pytest.mark.parametrize("name", SIGNED_IN)
def test_nothing_is_recorded_about_what_lies_outside(name: str, tour: Tour) -> None:
    assert [visit for visit in tour(name) if visit.written and not visit.seen] == []


def test_facts_are_recorded_in_ones_own_area(tour: Tour) -> None:
    written = {name: {visit.home.name for visit in tour(name) if visit.written} for name in SIGNED_IN}

    near = {"here", "next"}
    assert written == {
        "worker": {"here"},
        "command": near,
        "foreign command": {"far"},
        "province": near,
        "grid worker": {"here"},
    }


ASKING = 9
"""A role beside its restricted addresses visits one in so many of the others, each another part of them."""


def test_every_role_opens_what_is_its_and_nothing_else(
    world: World, make_unit: Callable[..., Unit], make_account: Callable[[str, Unit, str], Account]
) -> None:
    client, wrong, tried = Client(raise_request_exception=False), [], Counter[str]()
    ways = [(route, way) for route, each in ADDRESSES.items() for way in each]
    for place, role in enumerate(ROLES):
        account = make_account(f"as {role}", make_unit(f"unit {role}", COUNTY, role), role)
        visitor = Visitor.of(account, tokens.create(account.username, 1).text)
        for turn, (route, way) in enumerate(ways):
            restricted = way.only is not None
            if not restricted and (turn + place) % ASKING:
                continue
            home = world.homes["far" if way.about_home and not restricted and (turn // ASKING + place) % 2 else "here"]
            known = world.homes["here"].words + world.homes["next"].words
            found = called(client, visitor, way, home, [world.homes["far"]], known)
            tried[route] += 1
            if problem := _wrong(found, visitor, restricted=restricted):
                wrong.append(f"{role}: {found}: {problem}")

    assert wrong == []
    assert set(tried) == set(ADDRESSES), "every address was tried by several roles"
    assert min(tried.values()) >= len(ROLES) // ASKING


def _wrong(found: Visit, visitor: Visitor, *, restricted: bool) -> str:
    """What is wrong with a visit; empty where nothing is."""
    if found.status >= 500:
        return "it fails"
    if found.leaked:
        return f"it tells {found.leaked}"
    if found.named and not found.looks:
        return "it names somebody off the record"
    if any(not look[3] for look in found.looks):
        return "it is a look without a purpose"
    if restricted and not visitor.may(found.way):
        return "" if found.status in (403, 404) else "it is another role's"
    if restricted and found.status == 403 and visitor.role not in OWN_ONLY:
        return "it is this role's"
    if not restricted and found.status == 403 and found.seen:
        return "it is everybody's in the area"
    if found.way.about_home and not found.seen and not restricted and found.status not in found.way.outside:
        return "it lies outside"
    return ""


def test_the_homes_tell_the_visitors_apart(world: World) -> None:
    seen = {
        name: {home.name for home in world.homes.values() if world.visitors[name].sees(home)}
        for name in (*SIGNED_IN, "stranger")
    }

    assert seen == {
        "worker": {"here"},
        "command": {"here", "next"},
        "foreign command": {"far"},
        "province": {"here", "next"},
        "grid worker": {"here"},
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
