"""Every list of the product can do what a list can: narrow, sort, choose columns, keep views; a table says so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bulou.directory.models import Account
from bulou.web import urls
from bulou.web.lists import table
from bulou.web.lists.spec import LISTS, List
from web.world import World

Enter = Callable[..., Client]
NAMES = sorted(LISTS) if urls.urlpatterns else []
FOR = {"accounts": "system_administrator", "looks": "security_administrator"}
"""Lists that are open to administrators alone."""


@pytest.fixture
def reader(world: World, make_unit: Any, make_account: Any) -> Callable[[str], Account]:
    """`reader("looks")`: an account whose list it is."""
    office = make_unit("信息中心", "120101", *FOR.values())

    def made(name: str) -> Account:
        return make_account(FOR[name], office, FOR[name]) if name in FOR else world.commander

    return made


def sorts(made: List) -> list[str]:
    """How a list can be sorted, both ways."""
    unsorted = table.UNSORTED.get(made.name, ())
    columns = [one.name for one in made.columns if one.name not in unsorted]
    return [way for name in columns for way in (name, f"-{name}")]


@pytest.mark.parametrize("name", NAMES)
def test_every_list_opens_sorted_by_every_column_both_ways(name: str, reader: Any, enter: Enter) -> None:
    browser = enter(reader(name), "en")

    opened = {way: browser.get(reverse(name), {"sort": way}) for way in ["", *sorts(LISTS[name])]}

    assert {page.status_code for page in opened.values()} == {200}, opened
    for way, page in opened.items():
        asked = page.context["asked"]
        if not asked.is_native:
            assert list(page.context["rows"]) == list(asked.sorted(page.context["rows"])), way


@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_its_filter_form_its_columns_and_its_views(name: str, reader: Any, enter: Enter) -> None:
    page = enter(reader(name), "en").get(reverse(name)).text

    for part in ("list-tools", 'name="cols"', f'action="/lists/{name}/views/"'):
        assert part in page


@pytest.mark.parametrize("name", NAMES)
def test_a_view_of_every_list_is_kept_for_oneself_or_shared_in_the_area(
    name: str, reader: Any, enter: Enter, make_account: Any
) -> None:
    account = reader(name)
    colleague = make_account("colleague", account.unit, account.role)
    column = next(one.name for one in LISTS[name].columns if one.name not in table.UNSORTED.get(name, ()))
    for title, shared in (("mine", ""), ("ours", "1")):
        given = {"title": title, "query": f"sort={column}", "shared": shared}
        assert enter(account, "en").post(f"/lists/{name}/views/", given).status_code == 302

    seen = [enter(who, "en").get(reverse(name)).context["views"] for who in (account, colleague)]

    assert [[view["title"] for view in views] for views in seen] == [["mine", "ours"], ["ours"]]
    assert all(f"sort={column}" in view["url"] for views in seen for view in views)
