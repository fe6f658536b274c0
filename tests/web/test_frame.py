"""What stands around every page: what it costs, the clock, the level, the language.

That every page of the product stands in the frame, and who may open which: `tests/db/rights`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from bulou.directory import services as directory
from bulou.directory.models import Unit
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import selectors
from bulou.ledger import services as ledger

Enter = Callable[..., Client]


def test_the_pages_are_found_at_the_root() -> None:
    assert get_resolver().resolve("/my/").url_name == "my"


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("/", 16),
        ("/areas/120101001/", 16),
        ("/misses/", 14),
        ("/duties/", 14),
        ("/my/", 7),
        ("/cases/", 7),
        ("/plans/", 9),
        ("/plans/guangxi-2020-9/", 8),
        ("/plans/compare/?left=guangxi-2020-9&right=shenyang-normalised", 5),
        ("/plans/guangxi-2020-9/picture/", 5),
        ("/plans/guangxi-2020-9/booklet/", 6),
        ("/plans/guangxi-2020-9/GX-2.1.h/", 9),
        ("/clock/", 5),
        ("/account/", 6),
        ("/account/security/", 7),
        ("person", 21),
        ("unit", 16),
        ("why", 16),
    ],
)
def test_a_page_takes_a_fixed_number_of_queries(
    world: Any, enter: Enter, django_assert_num_queries: Any, page: str, queries: int
) -> None:
    browser = enter(world.commander, "en")
    address = {
        "person": f"/people/{world.second.pk}/",
        "unit": f"/units/{world.village.pk}/",
        "why": f"/duties/{_missed_key(world)}/",
    }.get(page, page)
    browser.get(address)

    with django_assert_num_queries(queries):
        assert browser.get(address).status_code == 200


def test_twice_the_people_cost_no_query_more(world: Any, enter: Enter, django_assert_max_num_queries: Any) -> None:
    browser = enter(world.grid_worker, "en")
    for number in range(3):
        new = directory.NewPerson(f"丙{number}", "120101001001", synthetic=True)
        with world.everywhere():
            person = directory.person_register(new)
        world.happen("isolation.started", f"person:{person.pk}", datetime(2020, 2, 8, 5, tzinfo=SHANGHAI), kind="home")

    with django_assert_max_num_queries(9):
        page = browser.get("/my/")

    assert "丙2" in page.text


def test_the_drill_clock_is_loud_and_the_real_one_quiet(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    assert "Drill clock, not the real time" in browser.get("/plans/").text
    directory.clock_set(None)
    with clock.at(None):
        assert "Drill clock" not in browser.get("/plans/").text


def test_synthetic_data_are_marked_on_every_page(world: Any, enter: Enter) -> None:
    Unit.objects.filter(pk=world.county.pk).update(synthetic=True)
    browser = enter(world.commander, "en")

    for address in ("/", "/misses/", "/cases/", "/plans/"):
        assert "Synthetic data" in browser.get(address).text


def test_the_gravest_level_above_the_area_is_shown(world: Any, enter: Enter) -> None:
    for level, area, day in (("II", "12", 1), ("III", "120101", 5), ("IV", "120102", 6)):
        at = datetime(2020, 2, day, tzinfo=SHANGHAI)
        world.happen("response.level_set", f"area:{area}", at, area=area, level=level)
    ledger.advance()

    page = enter(world.commander, "en").get("/plans/").text

    assert "Level II response" in page
    assert "since 1 Feb 00:00" in page


def test_a_page_that_is_not_there_says_so_in_both_languages(client: Client, db: None) -> None:
    page = client.get("/nowhere/")

    assert page.status_code == 404
    assert "没有这一页" in page.text
    assert "No such page" in page.text


def test_a_page_that_fails_says_so_in_both_languages_and_that_nothing_was_kept(
    world: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(world.commander)
    browser.raise_request_exception = False
    monkeypatch.setattr(selectors, "board", lambda *_args: 1 / 0)

    page = browser.get("/")

    assert page.status_code == 500
    assert "本次操作没有保存" in page.text
    assert "was not saved" in page.text


def test_a_form_without_its_token_is_refused_in_both_languages(db: None) -> None:
    page = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})

    assert page.status_code == 403
    assert "页面已过期" in page.text


def _missed_key(world: Any) -> str:
    with world.everywhere():
        rows = selectors.misses("120101", clause="GX-2.1.h").rows
    return next(row.key for row in rows if row.subject == f"person:{world.second.pk}")
