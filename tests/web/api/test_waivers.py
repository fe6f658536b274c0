"""A duty is let off by two people: one asks on their account, another agrees on theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account
from bulou.directory.services import account_close
from bulou.kernel.ids import new_id

from .conftest import Caller, World
from .refusals import refused

pytestmark = pytest.mark.usefixtures("lived")
OPENS = "2020-02-10T06:00:00+08:00"
DUTY = "trial/daily"


def request(world: World, **changes: Any) -> dict[str, Any]:
    data = {"duty": DUTY, "opens_at": OPENS, "reason": "住院"}
    return world.fact("waiver.requested", data=data) | changes


def waiver(world: World, **changes: Any) -> dict[str, Any]:
    """The commander's approval of what the worker asked for."""
    data = {"duty": DUTY, "opens_at": OPENS, "reason": "住院", "approved_by": f"account:{world.commander.pk}"}
    by = changes.pop("by", f"account:{world.worker.pk}")
    return world.fact("duty.waived", by=by, data=data | changes.pop("data", {})) | changes


def states(caller: Caller) -> set[str]:
    rows = caller.read("/duties", day="2020-02-10")["rows"]
    return {row["state"] for row in rows if row["duty"] == DUTY and row["opens_at"].startswith("2020-02-10T06")}


def test_what_one_asks_and_another_approves_is_waived(world: World, worker: Caller, commander: Caller) -> None:
    assert worker.record([request(world)])["created"] == 1

    assert commander.record([waiver(world)])["created"] == 1

    assert states(worker) == {"waived"}


def test_a_request_alone_waives_nothing(world: World, worker: Caller) -> None:
    before = states(worker)

    worker.record([request(world)])

    assert states(worker) == before != {"waived"}


def test_nobody_approves_in_anothers_name(world: World, worker: Caller) -> None:
    worker.record([request(world)])

    assert refused(worker, waiver(world)) == ("fact.approver", "data.approved_by")


def test_an_approval_nobody_asked_for_is_refused(world: World, commander: Caller) -> None:
    assert refused(commander, waiver(world)) == ("fact.unasked", "by")


def test_nobody_approves_what_they_asked_for_themselves(world: World, commander: Caller) -> None:
    commander.record([request(world)])

    for by in (f"account:{world.commander.pk}", f"unit:{world.commander.unit_id}"):
        assert refused(commander, waiver(world, by=by)) == ("fact.unasked", "by")


@pytest.mark.parametrize(
    "asked",
    [
        {"subject": "area:120101001001"},
        {"data": {"duty": "trial/once", "opens_at": OPENS, "reason": "x"}},
        {"data": {"duty": DUTY, "opens_at": "2020-02-10T16:00:00+08:00", "reason": "x"}},
    ],
)
def test_a_request_for_something_else_does_not_count(
    asked: dict[str, Any], world: World, worker: Caller, commander: Caller
) -> None:
    assert worker.record([request(world, **asked)])["created"] == 1

    assert refused(commander, waiver(world)) == ("fact.unasked", "by")


def test_a_request_that_was_taken_back_does_not_count(world: World, worker: Caller, commander: Caller) -> None:
    asked = request(world)
    worker.record([asked])
    assert worker.record([world.fact("fact.withdrawn", supersedes=asked["id"])])["created"] == 1

    assert refused(commander, waiver(world)) == ("fact.unasked", "by")


def test_a_request_of_a_closed_account_does_not_count(world: World, worker: Caller, commander: Caller) -> None:
    worker.record([request(world)])
    account_close(world.worker)

    assert refused(commander, waiver(world)) == ("fact.unasked", "by")


def test_the_instant_and_the_names_may_be_spelt_otherwise(world: World, worker: Caller, commander: Caller) -> None:
    worker.record([request(world)])
    data = {"opens_at": "2020-02-09T22:00:00+00:00", "approved_by": f"account:{str(world.commander.pk).upper()}"}

    receipt = commander.record([waiver(world, by=f"unit:{str(world.worker.unit_id).upper()}", data=data)])

    assert receipt["created"] == 1


def test_an_approval_sent_again_is_unchanged_even_after_the_request_is_gone(
    world: World, worker: Caller, commander: Caller
) -> None:
    asked, agreed = request(world), waiver(world)
    worker.record([asked])
    commander.record([agreed])
    worker.record([world.fact("fact.withdrawn", supersedes=asked["id"])])

    assert commander.record([agreed])["unchanged"] == 1


def test_two_accounts_of_one_unit_are_two_people(
    world: World, worker: Caller, caller: Callable[..., Caller], make_account: Callable[..., Account]
) -> None:
    head = make_account("head", world.office, "village_committee")
    worker.record([request(world)])

    receipt = caller(head).record([waiver(world, data={"approved_by": f"account:{head.pk}"})])

    assert receipt["created"] == 1
    assert states(worker) == {"waived"}


def test_a_malformed_waiver_is_refused_for_what_is_wrong_with_it(
    world: World, worker: Caller, commander: Caller
) -> None:
    worker.record([request(world)])
    by = f"unit:{world.worker.unit_id}"

    assert refused(commander, waiver(world, data={"reason": ""})) == ("fact.data", "data.reason")
    assert refused(commander, waiver(world, by=by, data={"opens_at": "then"})) == ("fact.data", "data.opens_at")
    assert refused(commander, waiver(world, by=by, id="7")) == ("fact.id", "id")


@pytest.mark.parametrize("approver", ["account:{}\u200b", "account:{} ", "ACCOUNT:{}", "the boss"])
def test_no_odd_spelling_slips_an_approval_in(approver: str, world: World, worker: Caller, commander: Caller) -> None:
    worker.record([request(world)])
    data = {"approved_by": approver.format(world.commander.pk)}

    assert refused(commander, waiver(world, data=data)) == ("fact.approver", "data.approved_by")


def test_an_instant_no_engine_reads_waives_nothing(world: World, worker: Caller, commander: Caller) -> None:
    seconds = str(int(datetime.fromisoformat(OPENS).timestamp()))

    commander.record([waiver(world, by=f"unit:{world.worker.unit_id}", data={"opens_at": seconds})])

    assert "waived" not in states(worker)


def test_each_place_is_answered_once(world: World, worker: Caller, commander: Caller) -> None:
    worker.record([request(world)])

    receipt = commander.record([waiver(world), waiver(world, by=f"unit:{new_id()}"), world.fact()])

    assert (receipt["created"], [refusal["place"] for refusal in receipt["refused"]]) == (2, [1])


def test_facts_without_waivers_cost_no_query_more(world: World, worker: Caller) -> None:
    def queries(*facts: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as seen:
            worker.record(list(facts))
        return sum("waiver.requested" in query["sql"] for query in seen)

    assert queries(world.fact()) == 0
    assert queries(waiver(world), waiver(world)) == 1
