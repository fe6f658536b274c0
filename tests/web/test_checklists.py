"""A checklist on my list: one tap where all is in order, and what is not in order marked item by item."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, shelf
from bulou.ledger import services as ledger
from bulou.ledger.selectors import DutyRow
from bulou.plan.rules import rules

ITEMS = ["entrance", "separation", "staff-safety", "calm"]
Enter = Callable[..., Client]


@pytest.fixture
def officer(world, make_unit: Callable[..., Unit], make_account: Callable[..., Account]) -> Account:
    """Of a police station that looks after the order of an isolation site every day."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        police = make_unit("派出所", "120101001", "police_station")
        site = make_unit("集中隔离点", "120101001", "isolation_site")
        ledger.adopt([rule for rule in rules(plan) if rule.id.endswith("/order-checked")], area="12")
        world.happen(
            "unit.designated", f"unit:{site.pk}", clock.now().replace(day=9), "120101001", role="isolation_site"
        )
        ledger.advance()
        return make_account("officer", police, "police_station")


def due(officer: Account) -> DutyRow:
    with everywhere():
        return next(row for row in selectors.my_list(officer.unit_id, clock.now()) if row.doable)


def tap(browser: Client, row: DutyRow, **entered: Any) -> Any:
    return browser.post("/my/record/", {"id": str(new_id()), "key": row.key, "group": ""} | entered)


def recorded(row: DutyRow) -> dict[str, Any]:
    with everywhere():
        return dict(selectors.facts_of(row.subject)[0].data)


def test_every_item_of_the_checklist_can_be_marked(officer: Account, enter: Enter) -> None:
    page = enter(officer).get("/my/")

    (form,) = [task.form for group in page.context["groups"] for task in group.tasks if task.form]
    assert [item.value for item in form.items] == ITEMS
    assert form.items[0].word == "出入口有人把守并登记"
    assert page.content.decode().count('name="failed"') == len(ITEMS)


def test_one_tap_says_that_all_is_in_order(officer: Account, enter: Enter) -> None:
    row = due(officer)

    tap(enter(officer), row)

    assert recorded(row) == {"checklist": "site-order"}


def test_what_is_not_in_order_is_recorded_and_nothing_else(officer: Account, enter: Enter) -> None:
    row = due(officer)

    tap(enter(officer), row, failed=["calm", "entrance", "made-up"])

    assert recorded(row) == {"checklist": "site-order", "failed": ["entrance", "calm"]}
