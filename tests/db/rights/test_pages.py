"""Every page of the product, found by its route: it has an example, stands in the frame, and is pictured."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from bulou.cli import album
from bulou.directory.models import Account

from .addresses import PAGES
from .conftest import World
from .pages import ALONE, NONE, SPEECH, Example, examples, sort, visitors
from .visits import Visitor, answer

FRAMED = ('id="main"', 'class="skip"')
QUERIES = 40
"""A page takes no more than this, whatever is on it."""


@pytest.fixture
def who(world: World, make_unit: Any, make_account: Any) -> list[Visitor]:
    return visitors(world, make_unit, make_account)


@pytest.fixture
def every(world: World, who: list[Visitor]) -> list[Example]:
    return examples(world, who)


def test_every_route_opens_something_or_says_why_not(world: World, who: list[Visitor]) -> None:
    client = Client()

    nothing = {route for route in PAGES if sort(client, world, route, who)[0] == NONE}

    assert nothing == set(ALONE)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_stands_in_the_frame(
    every: list[Example], language: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    Account.objects.update(language=language)
    client, wrong = Client(headers={"accept-language": language}), {}

    for one in every:
        with django_assert_max_num_queries(QUERIES, info=one.route):
            page = answer(client, one.visitor, "GET", one.address_in(language)).text
        if problem := problems(page, language):
            wrong[one.address] = problem

    assert wrong == {}


def test_every_page_is_pictured_or_says_why_not(every: list[Example]) -> None:
    taken = {_route(path) for _who, path in album.PAGES.values()} | {route for *_, route in album.FOLLOWED.values()}
    pictured = taken | set(album.SCENES)

    assert {one.name for one in every} == pictured | set(album.UNPICTURED)
    assert pictured & set(album.UNPICTURED) == set()
    assert {origin for _who, origin in album.AGAIN.values()} <= set(album.FOLLOWED)


def _route(path: str) -> str | None:
    return resolve(path.format(shell="en").partition("?")[0]).url_name


def problems(page: str, language: str) -> list[str]:
    """What a page lacks of the frame around every page."""
    said = {
        "one first heading": len(re.findall("<h1[ >]", page)) == 1,
        "a title": bool(re.search(r"<title>\s*[^\s<·]", page)),
        "its language": f'lang="{SPEECH[language]}"' in page,
        "a main part": page.count("<main") == 1,
        "a width of its own": 'name="viewport"' in page,
    }
    return [word for word, there in said.items() if not there]
