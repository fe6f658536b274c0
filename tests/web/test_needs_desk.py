"""The list of needs, one need with its acts, and the hotline."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.operations.support.models import Call, HelpNeed
from web.world import VILLAGE, World

Enter = Callable[..., Client]
AT = datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)


def ask(world: World, need: str = "food", at: datetime = AT, **data: Any) -> str:
    return world.happen("help.requested", f"person:{world.first.pk}", at, need=need, **data)


def get(id: str) -> HelpNeed:
    with everywhere():
        return HelpNeed.objects.get(id=id)


def do(browser: Client, id: str, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id()), **{name: str(value) for name, value in given.items()}}
    return browser.post(f"/needs/{id}/act/", form, follow=True)


class TestTheList:
    def test_shows_who_needs_what_whose_it_is_and_by_when_with_what_is_late_in_red(
        self, world: World, enter: Enter
    ) -> None:
        ask(world, "medicine", AT - timedelta(days=2), words="insulin")

        page = enter(world.grid_worker, "en").get("/needs/")

        assert "insulin" in page.text
        assert "甲" in page.text
        assert "蓉芳里居委会" in page.text
        (line,) = page.context["rows"]
        assert line.over > timedelta(days=1)
        assert line.sign.name == "missed"

    def test_closed_ones_are_seen_only_when_asked_for(self, world: World, enter: Enter) -> None:
        id = ask(world)
        world.happen("help.answered", f"person:{world.first.pk}", AT, request=id)
        browser = enter(world.grid_worker, "en")
        assert len(browser.get("/needs/?state=accepted").context["rows"]) == 1
        assert len(browser.get("/needs/?state=asked").context["rows"]) == 0
        assert len(browser.get("/needs/?need=medicine").context["rows"]) == 0
        assert "Nobody waits for help" in browser.get("/needs/?state=closed").text

    def test_many_are_taken_up_at_once_and_it_can_be_taken_back(self, world: World, enter: Enter) -> None:
        ids = [ask(world, at=AT + timedelta(minutes=n)) for n in range(2)]
        browser = enter(world.grid_worker, "en")

        preview = browser.post("/lists/needs/preview/", {"act": "accept", "row": ids})
        done = browser.post("/lists/needs/do/", {"act": "accept", "id": str(new_id()), "keys": "\n".join(ids)})

        assert preview.status_code == 200
        assert [get(id).state for id in ids] == ["accepted", "accepted"]
        browser.post(f"{done['Location']}undo/")
        assert [get(id).state for id in ids] == ["asked", "asked"]

    def test_what_was_sent_on_to_us_stands_by_itself(self, world: World, enter: Enter) -> None:
        id = ask(world, "psychological")
        browser = enter(world.commander, "en")
        assert len(browser.get("/needs/?ours=1").context["rows"]) == 0
        world.happen("help.referred", f"person:{world.first.pk}", AT, request=id, to=f"unit:{world.county.pk}")

        assert len(browser.get("/needs/?ours=1").context["rows"]) == 1

    def test_twenty_cost_no_query_more_than_one_and_the_look_is_on_record(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                browser.get("/needs/")
            return len(queries)

        ask(world)
        browser.get("/needs/")
        before = cost()
        for n in range(5):
            ask(world, at=AT + timedelta(minutes=n))

        assert cost() == before <= 18
        with everywhere():
            assert AccessLog.objects.filter(purpose__startswith="needs: ").count() == 3

    def test_another_province_sees_none(self, world: World, enter: Enter, stranger: Unit, make_account: Any) -> None:
        id = ask(world, words="insulin")
        browser = enter(make_account("far", stranger, "county_command"), "en")

        assert "insulin" not in browser.get("/needs/").text
        assert browser.get(f"/needs/{id}/").status_code == 404
        assert do(browser, id, "accept").status_code == 404


class TestOneNeed:
    def test_goes_from_the_worker_by_a_volunteer_to_the_person_and_is_confirmed_to_a_colleague(
        self, world: World, enter: Enter, colleague: Account
    ) -> None:
        id = ask(world)
        second = f"person:{world.second.pk}"
        world.happen("volunteer.joined", second, AT, skills="has a car")
        worker = enter(world.grid_worker, "en")
        assert "Nobody has seen to it yet" in worker.get(f"/needs/{id}/").text

        do(worker, id, "accept", words="on my way")
        do(worker, id, "assign", volunteer=world.second.pk)
        page = do(worker, id, "deliver")
        assert "You saw to this yourself" in page.text
        assert "乙" in page.text
        assert do(worker, id, "confirm").status_code == 409
        assert get(id).state == "delivered"
        other = enter(colleague, "en")
        do(other, id, "unmet", words="one bag missing")
        do(other, id, "confirm", how="visit")

        assert (get(id).state, get(id).how, get(id).unmet) == ("closed", "visit", 1)
        assert "See to it" not in other.get(f"/needs/{id}/").text

    def test_is_sent_on_to_a_unit_that_then_answers(self, world: World, enter: Enter, make_unit: Any) -> None:
        hospital = make_unit("和平区医院", "120101", "hospital")
        id = ask(world, "psychological")

        page = do(enter(world.grid_worker, "en"), id, "refer", to=hospital.pk, words="cannot sleep")

        assert get(id).unit == hospital.pk
        assert "和平区医院" in page.text

    def test_the_clock_of_a_plan_leads_to_its_reasons(self, world: World, enter: Enter) -> None:
        from bulou.ledger import services, shelf
        from bulou.plan.rules import rules

        plan = shelf.plan("guangxi-2020-9")
        assert plan
        services.adopt([rule for rule in rules(plan) if rule.when.kind == "help.requested"], area="12")
        id = ask(world)

        page = enter(world.grid_worker, "en").get(f"/needs/{id}/")

        assert "GX-5.c" in page.text
        assert "/duties/guangxi-2020-9~service-request-answered~" in page.text

    @pytest.mark.parametrize(("act", "status"), [("assign", 409), ("refer", 409), ("sing", 404)])
    def test_what_is_not_filled_in_is_said(self, world: World, enter: Enter, act: str, status: int) -> None:
        assert do(enter(world.grid_worker, "en"), ask(world), act).status_code == status


class TestTheHotline:
    def call(self, browser: Client, **given: object) -> Any:
        form = {"id": str(new_id()), "topic": "information", "outcome": "answered", **given}
        return browser.post("/hotline/", {name: str(value) for name, value in form.items()}, follow=True)

    def test_a_call_stands_on_the_register(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        assert "No call yet" in browser.get("/hotline/").text

        page = self.call(browser, words="when does the shop open")

        assert "The call is on the register" in page.text
        assert "when does the shop open" in page.text
        assert "Answered at once" in page.text

    def test_a_call_about_somebody_becomes_their_need(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        assert "甲" in browser.get("/hotline/?find=甲").text

        self.call(browser, person=world.first.pk, topic="psychological", outcome="request", words="cannot sleep")

        with everywhere():
            (need,) = HelpNeed.objects.all()
            facts = {fact.kind for fact in ledger.facts_of(f"person:{world.first.pk}")}
        assert (need.need, need.channel, need.area) == ("psychological", "hotline", VILLAGE)
        assert {"call.taken", "help.requested"} <= facts

    @pytest.mark.parametrize("given", [{"topic": ""}, {"outcome": "lost"}, {"id": "x"}, {"person": "x"}])
    def test_what_is_not_filled_in_is_said_and_kept(self, world: World, enter: Enter, given: dict[str, str]) -> None:
        answer = self.call(enter(world.grid_worker, "en"), words="kept", **given)

        assert answer.status_code == 422
        assert 'value="kept"' in answer.text
        with everywhere():
            assert Call.objects.count() == 0

    def test_a_call_about_somebody_out_of_sight_is_refused(
        self, world: World, enter: Enter, stranger: Unit, make_account: Any
    ) -> None:
        browser = enter(make_account("far", stranger, "county_command"), "en")

        assert self.call(browser, person=world.first.pk).status_code == 422
        assert "甲" not in browser.get("/hotline/?find=甲").text.replace('value="甲"', "")

    def test_earlier_calls_are_a_page_away(self, world: World, enter: Enter) -> None:
        for n in range(51):
            world.happen("call.taken", f"area:{VILLAGE}", AT - timedelta(minutes=n), topic="other", outcome="answered")
        browser = enter(world.grid_worker, "en")

        page = browser.get("/hotline/")

        assert len(page.context["lines"]) == 50
        assert len(browser.get(f"/hotline/{page.context['next_url']}").context["lines"]) == 1
        assert browser.get("/hotline/?after=x").status_code == 200


class TestVolunteers:
    def test_somebody_joins_is_sent_and_leaves(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        assert "Nobody helps here yet" in browser.get("/volunteers/").text
        assert "乙" in browser.get("/volunteers/?find=乙").text
        given = {"act": "join", "person": str(world.second.pk), "skills": "has a car"}

        page = browser.post("/volunteers/", given | {"id": str(new_id())}, follow=True)

        assert "has a car" in page.text
        id = ask(world)
        do(browser, id, "assign", volunteer=world.second.pk)
        assert "1 need" in browser.get("/volunteers/").text
        gone = {"act": "leave", "person": str(world.second.pk), "id": str(new_id())}
        assert "Nobody helps here yet" in browser.post("/volunteers/", gone, follow=True).text

    @pytest.mark.parametrize("person", ["", "x", "0197a000-0000-7000-8000-000000000009"])
    def test_nobody_is_put_on_the_list_who_is_nobody(self, world: World, enter: Enter, person: str) -> None:
        form = {"act": "join", "person": person, "id": str(new_id())}

        assert enter(world.grid_worker, "en").post("/volunteers/", form).status_code == 422

    def test_the_list_says_nothing_of_other_areas(
        self, world: World, enter: Enter, stranger: Unit, make_account: Any
    ) -> None:
        world.happen("volunteer.joined", f"person:{world.second.pk}", AT)

        assert "乙" not in enter(make_account("far", stranger, "county_command")).get("/volunteers/").text
