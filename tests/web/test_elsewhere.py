"""Duties my list leads away from: a link of a handover, a release behind its guard, the answer to an appeal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.rules import rules
from web.sites import Site
from web.world import NOON, World

Enter = Callable[..., Client]


def adopt(*kinds: str) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind.startswith(kinds)], area="12")


def by_site(world: World, site: Any, kind: str) -> None:
    at = NOON - timedelta(hours=1)
    fact = Fact(str(new_id()), kind, f"person:{world.first.pk}", "120101001001", at, f"unit:{site.pk}", {})
    assert ledger.record([fact]).refused == ()


def tasks(page: Any, must: str) -> list[tuple[Any, str]]:
    return [(task.form, task.page) for one in page.context["groups"] for task in one.tasks if task.row.must == must]


def test_a_link_leads_to_the_handover_of_that_person(world: World, enter: Enter, make_unit: Any) -> None:
    site = make_unit("和平区隔离点", "120101", "isolation_site")
    adopt("handover.")
    world.happen("handover.requested", f"person:{world.first.pk}", NOON - timedelta(hours=2), to=f"unit:{site.pk}")
    by_site(world, site, "handover.accepted")

    page = enter(world.grid_worker, "en").get("/my/")

    assert f'href="/handovers/?of={world.first.pk}"' in page.text
    assert tasks(page, "handover.departed") == [(None, f"/handovers/?of={world.first.pk}")]


def test_a_release_and_an_appeal_lead_to_the_persons_isolation(world: World, enter: Enter) -> None:
    adopt("isolation.expiring", "appeal.")
    world.happen("appeal.filed", f"person:{world.first.pk}", NOON - timedelta(hours=2), reason="x")
    ends = (NOON + timedelta(hours=3)).isoformat()
    world.happen("isolation.expiring", f"person:{world.first.pk}", NOON - timedelta(hours=21), kind="home", ends=ends)

    home = f"/people/{world.first.pk}/isolation/"
    assert tasks(enter(world.grid_worker).get("/my/"), "isolation.ended") == [(None, home)]
    assert tasks(enter(world.commander).get("/my/"), "appeal.answered") == [(None, home)]


def test_it_counts_as_something_to_do(world: World, enter: Enter) -> None:
    adopt("appeal.")
    world.happen("appeal.filed", f"person:{world.first.pk}", NOON - timedelta(hours=2), reason="x")

    page = enter(world.commander, "en").get("/my/")

    (group,) = [one for one in page.context["groups"] if one.tasks[0].row.must == "appeal.answered"]
    assert group.left == 1
    assert "1 to do" in page.text


def test_a_release_is_offered_with_the_days_at_home_filled_in(site: Site, enter: Enter) -> None:
    site.world.happen("isolation.shortened", f"person:{site.guest.pk}", NOON - timedelta(hours=1), days=12)
    site.assess()

    page = enter(site.manager, "en").get(site.url(0))

    assert 'name="follow_up_days" inputmode="numeric" value="7"' in page.text
