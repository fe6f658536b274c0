"""How a site stands, beside its rooms: checks, the six-in-one team, what guests asked for; which site comes first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger import services, shelf
from bulou.no_miss.isolation import site_state
from bulou.operations.support.models import HelpNeed
from bulou.plan.rules import rules
from web.sites import Site

Enter = Callable[..., Client]


@pytest.fixture
def manager(site: Site, enter: Enter) -> Client:
    return enter(site.manager, "en")


def do(browser: Client, site: Site, act: str, **given: Any) -> Any:
    return browser.post(f"/rooms/site/{site.unit.pk}/", {"act": act, "id": str(new_id()), **given}, follow=True)


def facts(site: Site, kind: str) -> list[Any]:
    with everywhere():
        return [fact.data for fact in ledger.facts_of(f"unit:{site.unit.pk}") if fact.kind == kind]


def test_the_six_posts_stand_empty_until_somebody_fills_them(site: Site, manager: Client) -> None:
    assert "6 posts empty" in manager.get("/rooms/").text

    answer = do(manager, site, "fill", post="doctor", name="赵医生", phone="022-10000001")

    assert "5 posts empty" in answer.text
    assert "赵医生" in answer.text
    assert facts(site, "post.filled") == [{"post": "doctor", "name": "赵医生", "phone": "022-10000001"}]


def test_who_fills_a_post_last_is_shown(site: Site, manager: Client) -> None:
    do(manager, site, "fill", post="head", name="钱主任")
    do(manager, site, "fill", post="head", name="孙主任")

    answer = manager.get("/rooms/")

    assert [post.name for post, _ in answer.context["posts"] if post.post == "head"] == ["孙主任"]


def test_a_check_says_what_is_wanting_and_meets_its_duty(site: Site, manager: Client) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.id.endswith("site-fitness-checked")], area="12")
    happened(site, "unit.designated", role="isolation_site")
    assert "never checked" in manager.get("/rooms/").text

    answer = do(manager, site, "check", checklist="site-fitness", failed=["air", "zones"])

    assert "Air-conditioning of its own; Clean, buffer and contaminated zones are apart" in answer.text
    assert facts(site, "checklist.completed") == [{"checklist": "site-fitness", "failed": ["air", "zones"]}]
    with everywhere():
        assert [row.state for row in ledger.duties_of(f"unit:{site.unit.pk}")] == ["met"]


def happened(site: Site, what: str, **data: Any) -> None:
    site.world.happen(what, f"unit:{site.unit.pk}", clock.now(), site.unit.area_id, **data)


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("fill", {"post": "cook", "name": "x"}),
        ("fill", {"post": "head", "name": " "}),
        ("check", {"checklist": "none-such"}),
        ("brought", {"need": "x"}),
    ],
)
def test_what_is_not_filled_in_is_said_and_nothing_recorded(site: Site, manager: Client, act: str, given: Any) -> None:
    answer = do(manager, site, act, **given)

    assert "nothing was recorded" in answer.text
    assert facts(site, "post.filled") == facts(site, "checklist.completed") == []


def test_what_guests_asked_for_is_brought_and_stays_until_they_confirm(site: Site, manager: Client) -> None:
    site.world.happen("help.requested", f"person:{site.guest.pk}", clock.now(), need="medicine", words="降压药")
    page = manager.get("/rooms/")
    (asked,) = page.context["asked_for"]
    assert (asked.room, asked.word) == ("301", "medicine")
    assert "降压药" in page.text

    answer = do(manager, site, "brought", need=str(asked.need.id))

    assert "brought, not confirmed yet" in answer.text
    with everywhere():
        assert HelpNeed.objects.get().state == "delivered"


def test_only_whoever_runs_the_site_acts_on_it(site: Site, enter: Enter, stranger: Unit, make_account: Any) -> None:
    assert do(enter(make_account("elsewhere", stranger, "isolation_site")), site, "fill").status_code == 404
    assert do(enter(site.world.grid_worker), site, "fill").status_code in (403, 404)
    assert do(enter(site.manager), site, "dance").status_code == 404


def test_the_board_opens_on_the_site_where_most_must_be_put_right(site: Site, enter: Enter, make_unit: Any) -> None:
    first: Unit = make_unit("AA隔离点", "120101", "isolation_site")
    browser = enter(site.world.commander, "en")
    site.world.happen("isolation.shortened", f"person:{site.guest.pk}", clock.now(), days=12)

    assert browser.get("/rooms/").context["site"].id == site.unit.pk
    assert browser.get(f"/rooms/?site={first.pk}").context["site"].id == first.pk


def test_the_page_takes_the_same_queries_however_much_was_asked_for(site: Site, manager: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get("/rooms/")
        return len(queries)

    site.world.happen("help.requested", f"person:{site.guest.pk}", clock.now(), need="food")
    before = cost()
    for need in ("medicine", "rubbish"):
        site.world.happen("help.requested", f"person:{site.guest.pk}", clock.now(), need=need)

    assert cost() == before


def test_a_site_opens_and_closes_on_its_page(site: Site, enter: Enter, make_unit: Any, make_account: Any) -> None:
    hotel = make_unit("和平区酒店", "120101", "isolation_site")
    keeper = enter(make_account("keeper", hotel, "isolation_site"), "en")
    assert "This site is not open yet: nobody can be taken in." in keeper.get("/rooms/").text

    def act(name: str, **given: str) -> str:
        sent = {"act": name, "id": str(new_id()), **given}
        return str(keeper.post(f"/rooms/site/{hotel.pk}/", sent, follow=True).text)

    for check in site_state.checklists("120101"):
        act("check", checklist=check.checklist)
    opened = act("open", note="区指挥部")
    unsaid = act("close", reason=" ")
    assert "The site is open." in opened
    assert "This site is not open yet" not in opened
    assert "nothing was recorded" in unsaid


def test_the_page_says_what_keeps_a_site_from_opening(
    site: Site, enter: Enter, make_unit: Any, make_account: Any
) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.id.endswith("site-fitness-checked")], area="12")
    hotel = make_unit("和平区酒店", "120101", "isolation_site")
    keeper = enter(make_account("keeper", hotel, "isolation_site"), "en")

    page = keeper.get("/rooms/").text
    answer = keeper.post(f"/rooms/site/{hotel.pk}/", {"act": "open", "id": str(new_id())}, follow=True).text

    assert f"{len(site_state.checklists('120101'))} checks stand in the way:" in page
    assert "6 posts of the team are empty; that does not keep it shut." in page
    assert "It may not open yet; nothing was recorded." in answer


def test_nobody_closes_a_site_over_its_guests(site: Site, manager: Client) -> None:
    answer = do(manager, site, "close", reason="改作他用")

    assert "It does not close over those who are in it (1)" in answer.text
    assert facts(site, "site.closed") == []
