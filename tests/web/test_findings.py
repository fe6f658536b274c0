"""Findings on their pages: listed, raised, put right by whose they are, closed by who found them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.oversight.supervision.models import Finding
from bulou.plan.rules import rules
from web.world import NOON, VILLAGE, World

Enter = Callable[..., Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def inspector(world: World, make_unit: Callable[..., Unit], make_account: Any) -> Account:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        kinds = ("finding.raised", "finding.returned", "finding.rectified", "plan.activated")
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind in kinds], area="12")
    found: Account = make_account(
        "inspector", make_unit("和平区督查组", "120101", "supervision_group"), "supervision_group"
    )
    return found


def raise_one(browser: Client, world: World, **given: str) -> Any:
    said = {"id": str(new_id()), "area": VILLAGE, "words": "nobody keeps watch at the gate", "severity": "serious"}
    return browser.post("/findings/new/", said | {"to": str(world.village.pk)} | given, follow=True)


def act(browser: Client, what: str, **given: str) -> Any:
    with everywhere():
        id = Finding.objects.get().id
    return browser.post(f"/findings/{id}/act/", {"act": what, "id": str(new_id())} | given, follow=True)


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """The business clock so much later, in the database as in the test."""
    directory.clock_set(NOON + by)
    with clock.at(NOON + by):
        yield


def state() -> str:
    with everywhere():
        return Finding.objects.get().state


def test_the_whole_way_of_a_finding(world: World, inspector: Account, enter: Enter) -> None:
    page = raise_one(enter(inspector, "en"), world)
    assert "nobody keeps watch at the gate" in page.text
    assert world.village.name in page.text
    assert "It is right: close" not in page.text

    owned = enter(world.grid_worker, "en")
    mine = owned.get("/my/")
    assert "A serious finding is put right within a day" in mine.text
    assert "nobody keeps watch at the gate" in mine.text
    assert act(owned, "rectify").status_code == 409
    said = act(owned, "rectify", words="two guards since noon")
    assert "Only whoever found it closes it" in said.text
    assert act(owned, "verify").status_code == 409
    assert state() == "rectified"

    finder = enter(inspector, "en")
    assert act(finder, "return", words="gate open again").status_code == 200
    assert state() == "returned"
    act(enter(world.grid_worker, "en"), "rectify", words="locked now")
    closed = act(enter(inspector, "en"), "verify")
    assert "Closed by whoever found it" in closed.text
    assert state() == "closed"


def test_what_nobody_puts_right_is_a_miss_that_leads_to_it(world: World, inspector: Account, enter: Enter) -> None:
    raise_one(enter(inspector, "en"), world)
    with later(25 * HOUR):
        ledger.advance()
        misses = enter(world.commander, "en").get("/misses/")
        listed = enter(inspector, "en").get("/findings/?state=over")

    with everywhere():
        found = Finding.objects.get()
    assert f"/findings/{found.id}/" in misses.text
    assert "nobody keeps watch" in misses.text
    (line,) = listed.context["rows"]
    assert (line.over, line.owner.name) == (HOUR, world.village.name)
    tiles = {sign.name: n for sign, n, *_ in listed.context["tiles"]}
    assert tiles == {"over": 1, "owed": 1, "rectified": 0, "escalated": 0, "closed": 0}


def test_each_number_leads_to_just_its_rows(world: World, inspector: Account, enter: Enter) -> None:
    browser = enter(inspector, "en")
    for severity in ("minor", "grave"):
        raise_one(browser, world, severity=severity)
    with later(5 * HOUR):
        page = browser.get("/findings/")
        for _sign, n, _colour, url in page.context["tiles"]:
            assert len(browser.get(url).context["rows"]) == n
        assert [line.row.severity for line in page.context["rows"]] == ["grave", "minor"]
        assert len(browser.get("/findings/?severity=grave").context["rows"]) == 1
        assert len(browser.get("/findings/?found=1").context["rows"]) == 2
        assert len(browser.get("/findings/?ours=1").context["rows"]) == 0


def test_what_is_left_out_is_asked_for_and_kept(world: World, inspector: Account, enter: Enter) -> None:
    browser = enter(inspector, "en")

    nobody = raise_one(browser, world, to="")
    unsaid = raise_one(browser, world, severity="")

    assert (nobody.status_code, unsaid.status_code) == (422, 422)
    assert "Choose the unit that puts it right" in nobody.text
    assert "nobody keeps watch at the gate" in nobody.text
    with everywhere():
        assert not Finding.objects.exists()


def test_the_form_offers_units_of_the_area_and_clauses_somebody_inspects_by(
    world: World, inspector: Account, enter: Enter
) -> None:
    page = enter(inspector, "en").get(f"/findings/new/?area={VILLAGE}&about=area:{VILLAGE}")

    assert world.village.pk in {one.id for one in page.context["units"]}
    assert "GX-1.2.a" in page.context["clauses"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_inspects_nobody_raises_none(world: World, enter: Enter, method: str) -> None:
    browser = enter(world.grid_worker, "en")

    assert getattr(browser, method)("/findings/new/").status_code == 403
    assert "/findings/new/" not in browser.get("/findings/").text


def test_many_are_reminded_of_at_once_and_none_is_closed_by_another(
    world: World, inspector: Account, enter: Enter
) -> None:
    browser = enter(inspector, "en")
    raise_one(browser, world)
    with everywhere():
        key = str(Finding.objects.get().id)
    given = {"keys": key, "id": str(new_id()), "act": "remind"}

    done = browser.post("/lists/findings/do/", given, follow=True)
    shut = browser.post("/lists/findings/preview/", {"row": key, "act": "verify"})

    assert "recorded" in done.text
    with everywhere():
        assert Finding.objects.get().reminded == 1
    assert "The unit has not said yet that it is right." in shut.text


def test_a_finding_out_of_sight_has_no_page(world: World, enter: Enter) -> None:
    there = world.happen("finding.raised", f"finding:{new_id()}", NOON - HOUR, area="120101001002", words="x")

    assert enter(world.commander).get(f"/findings/{there}/").status_code == 200
    assert enter(world.grid_worker).get(f"/findings/{there}/").status_code == 404
    assert enter(world.grid_worker).get(f"/findings/{new_id()}/").status_code == 404


def test_the_list_takes_the_same_queries_however_long_it_is(world: World, inspector: Account, enter: Enter) -> None:
    browser = enter(inspector, "en")
    raise_one(browser, world)
    browser.get("/findings/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/findings/")
    for _ in range(4):
        raise_one(browser, world)

    with CaptureQueriesContext(connection) as many:
        assert len(browser.get("/findings/").context["rows"]) == 5

    assert len(many) == len(one)
