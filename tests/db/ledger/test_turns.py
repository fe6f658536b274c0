"""Who owes the next link of a handover: whose turn it is, as the request names them, whatever unit is nearest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, services, shelf
from bulou.plan.rules import rules

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
AREA = "120101001001"
Send = Callable[..., None]


@pytest.fixture
def sites(make_unit: Callable[..., Unit]) -> list[Unit]:
    return [make_unit(f"隔离点{n}", "120101", "isolation_site") for n in (1, 2)]


@pytest.fixture
def send(areas: object, village: Unit, county: Unit, sites: list[Unit]) -> Send:
    """`send(at, name, by, **data)`: one link of one person's handover, with the Guangxi links in force."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        person = Person.objects.create(name="甲", area_id=AREA, synthetic=True)
        with clock.at(NOW):
            services.adopt([rule for rule in rules(plan) if rule.when.kind.startswith("handover.")], area="12")

    def sent(at: datetime, name: str, by: Unit, **data: Any) -> None:
        fact = Fact(str(new_id()), f"handover.{name}", f"person:{person.pk}", AREA, at, f"unit:{by.pk}", data)
        assert services.record([fact]).refused == ()

    sent.subject = f"person:{person.pk}"  # type: ignore[attr-defined]
    return sent


def owner(send: Any, duty: str) -> UUID | None:
    found = {row.duty.partition("/")[2]: row.owner for row in selectors.duties_of(send.subject)}
    return found[duty]


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_link_falls_to_the_unit_whose_turn_it_is(send: Send, village: Unit, sites: list[Unit], chosen: int) -> None:
    site = sites[chosen]
    with everywhere(), clock.at(NOW + 4 * HOUR):
        send(NOW, "requested", village, to=f"unit:{site.pk}")
        assert owner(send, "handover-answered") == site.pk

        send(NOW + HOUR, "accepted", site)
        assert owner(send, "handover-left") == village.pk

        send(NOW + 2 * HOUR, "departed", village)
        assert owner(send, "handover-received") == site.pk

        send(NOW + 3 * HOUR, "received", site)
        assert owner(send, "handover-settled") == site.pk


def test_nobody_answering_is_a_miss_of_the_unit_that_was_asked(send: Send, village: Unit, sites: list[Unit]) -> None:
    with everywhere():
        with clock.at(NOW):
            send(NOW, "requested", village, to=f"unit:{sites[1].pk}")
        with clock.at(NOW + 2 * HOUR):
            services.advance()
            missed = [row.owner for row in selectors.misses("120101").rows if row.duty.endswith("handover-answered")]

    assert missed == [sites[1].pk]


def test_deriving_everything_anew_changes_no_owner(send: Any, village: Unit, sites: list[Unit]) -> None:
    with everywhere(), clock.at(NOW + HOUR):
        send(NOW, "requested", village, to=f"unit:{sites[1].pk}")
        before = selectors.duties_of(send.subject)
        services.rebuild()

        assert [(row.duty, row.owner) for row in selectors.duties_of(send.subject)] == [
            (row.duty, row.owner) for row in before
        ]
