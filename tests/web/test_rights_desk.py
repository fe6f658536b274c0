"""The office's side of requests about personal data: the list with its clock, the answer, the copy."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as people
from bulou.directory.models import AccessLog, Account, Person
from bulou.directory.scope import everywhere
from bulou.directory.session_store import PROVEN
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.operations.support.models import RightsRequest
from bulou.plan.rules import rules
from web.world import World

Enter = Callable[..., Client]
AT = datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def officer(world: World, make_account: Callable[..., Account]) -> Account:
    return make_account("officer", world.county, "county_command")


@pytest.fixture
def proven(enter: Enter) -> Enter:
    """`enter`, by somebody who has just shown who they are."""

    def entered(account: Account, language: str = "zh-hans") -> Client:
        browser = enter(account, language)
        session = browser.session
        session[PROVEN] = time.time()
        session.save()
        return browser

    return entered


def ask(world: World, right: str = "erasure", at: datetime = AT, **data: Any) -> str:
    return world.happen("rights.requested", f"person:{world.first.pk}", at, right=right, **data)


def get(id: str) -> RightsRequest:
    with everywhere():
        return RightsRequest.objects.get(id=id)


def let_go(world: World) -> None:
    for kind, data in (("isolation.ended", {"reason": "completed"}), ("person.withdrawn", {})):
        world.happen(kind, f"person:{world.first.pk}", AT, **data)


def answer(browser: Client, id: str, **given: Any) -> Any:
    form = {"id": str(new_id()), "decision": "granted", "reason": "已核实身份", **given}
    return browser.post(f"/rights/{id}/answer/", form, follow=True)


def adopt() -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "rights.requested"], area="12")


class TestTheList:
    def test_says_who_asks_for_what_whose_it_is_and_by_when_with_what_is_late_in_red(
        self, world: World, officer: Account, proven: Enter
    ) -> None:
        ask(world, "erasure", AT - 20 * DAY, words="it is over")
        ask(world, "copy")

        page = proven(officer, "en").get("/rights/")

        first, second = page.context["rows"]
        assert (first.row.right, first.sign.name, first.over > 4 * DAY) == ("erasure", "missed", True)
        assert (second.sign.name, second.clock.due_at) == ("open", AT + 15 * DAY)
        for said in ("甲", "it is over", world.county.name):
            assert said in page.text

    def test_answered_ones_are_seen_only_when_asked_for(self, world: World, officer: Account, proven: Enter) -> None:
        id = ask(world, "copy")
        browser = proven(officer, "en")
        answer(browser, id)

        assert "Nobody waits for an answer" in browser.get("/rights/").text
        assert [len(browser.get(f"/rights/?state={state}").context["rows"]) for state in ("done", "all", "open")] == [
            1,
            1,
            0,
        ]
        assert len(browser.get("/rights/?state=all&right=erasure").context["rows"]) == 0

    def test_takes_the_same_queries_for_many_as_for_one(self, world: World, officer: Account, proven: Enter) -> None:
        browser = proven(officer, "en")
        ask(world)
        with CaptureQueriesContext(connection) as one:
            browser.get("/rights/")
        for right in ("copy", "correction", "erasure"):
            ask(world, right)

        with CaptureQueriesContext(connection) as many:
            browser.get("/rights/")

        assert len(many) == len(one)

    def test_is_for_command_posts_and_each_look_is_on_record(
        self, world: World, officer: Account, proven: Enter
    ) -> None:
        assert proven(world.grid_worker).get("/rights/").status_code == 403

        proven(officer).get("/rights/")

        with everywhere():
            assert AccessLog.objects.filter(account=officer.pk, purpose="rights: command").count() == 1


class TestTheAnswer:
    def test_what_is_granted_to_somebody_nobody_manages_erases_them_at_once(
        self, world: World, officer: Account, proven: Enter
    ) -> None:
        let_go(world)
        id = ask(world)
        browser = proven(officer, "en")
        assert "carried out at once and cannot be undone" in browser.get(f"/rights/{id}/?for=answer").text

        page = answer(browser, id)

        assert "1 file is erased" in page.text
        assert "Somebody who is erased" in page.text
        with everywhere():
            assert Person.everyone.get(pk=world.first.pk).name == ""

    def test_what_is_granted_to_somebody_still_managed_waits(
        self, world: World, officer: Account, proven: Enter
    ) -> None:
        id = ask(world)
        browser = proven(officer, "en")
        assert "They are still managed" in browser.get(f"/rights/{id}/?for=answer").text

        page = answer(browser, id)

        assert "Carried out by itself in the night after nobody manages them" in page.text
        assert get(id).state == "granted"
        with everywhere():
            assert Person.objects.get(pk=world.first.pk).name == "甲"

    @pytest.mark.parametrize("given", [{"reason": " "}, {"decision": ""}, {"decision": "maybe"}])
    def test_no_answer_without_a_decision_and_a_reason(
        self, world: World, officer: Account, proven: Enter, given: dict[str, str]
    ) -> None:
        id = ask(world)

        page = answer(proven(officer, "en"), id, **given)

        assert page.status_code == 422
        assert "write the reason" in page.text
        assert get(id).state == "open"

    def test_what_is_answered_is_not_answered_again(self, world: World, officer: Account, proven: Enter) -> None:
        id = ask(world)
        browser = proven(officer, "en")
        answer(browser, id, decision="declined", reason="an inquiry is open")

        again = answer(browser, id)

        assert again.status_code == 409
        assert "answered already" in again.text
        assert (get(id).state, get(id).reason) == ("declined", "an inquiry is open")

    def test_a_town_sees_it_and_does_not_answer_it(
        self, world: World, proven: Enter, make_unit: Any, make_account: Any
    ) -> None:
        town = make_unit("小白楼街道指挥部", "120101001", "town_command")
        browser = proven(make_account("town", town, "town_command"), "en")
        id = ask(world)
        assert "A command post of the county or above answers this" in browser.get(f"/rights/{id}/?for=answer").text

        page = answer(browser, id)

        assert page.status_code == 409
        assert get(id).state == "open"


class TestTheDuty:
    def test_a_request_nobody_answers_is_a_miss_of_the_county_and_my_list_leads_to_it(
        self, world: World, officer: Account, proven: Enter
    ) -> None:
        adopt()
        ask(world, "erasure", AT - 16 * DAY)
        with everywhere():
            ledger.advance()
        browser = proven(officer, "en")

        assert "A request to be erased is answered" in browser.get("/misses/").text
        (line,) = browser.get("/rights/").context["rows"]
        assert (line.clock.clause, line.clock.state, line.owner.id) == ("GX-5.a", "missed", world.county.pk)
        assert browser.get(line.why).status_code == 200
        groups = browser.get("/my/").context["groups"]
        assert [task.page for group in groups for task in group.tasks] == ["/rights/"]

    def test_an_answer_of_its_kind_discharges_it(self, world: World, officer: Account, proven: Enter) -> None:
        adopt()
        erasure, copy = ask(world), ask(world, "copy")

        answer(proven(officer, "en"), copy)

        page = proven(officer, "en").get("/rights/?state=all")
        states = {line.key: line.clock.state for line in page.context["rows"]}
        assert states == {erasure: "open", copy: "met"}


class TestTheCopy:
    def test_has_everything_in_full_and_is_one_look(self, world: World, officer: Account, proven: Enter) -> None:
        with everywhere():
            people.phone_set(world.first.pk, "13800138000")
        id = ask(world, "copy")

        page = proven(officer, "en").get(f"/rights/{id}/copy/")

        assert "+8613800138000" in page.text
        assert "Isolation started" in page.text
        with everywhere():
            looks = AccessLog.objects.filter(account=officer.pk, subject=f"person:{world.first.pk}", act="reveal")
            assert [one.purpose for one in looks] == ["id_number phone address: answer"]

    def test_is_made_of_nobody_who_asks_something_else(self, world: World, officer: Account, proven: Enter) -> None:
        assert proven(officer).get(f"/rights/{ask(world)}/copy/").status_code == 404
