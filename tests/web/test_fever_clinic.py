"""The fever clinic's desk: received, waiting, turned away, through; and the trend of a person's readings."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.no_miss.monitoring.models import Visit
from bulou.oversight.supervision.models import Finding
from web.world import NOON, World

Enter = Callable[..., Client]


@pytest.fixture
def clinic(make_unit: Callable[..., Unit], world: World) -> Unit:
    return make_unit("和平区人民医院", "120101", "fever_clinic", "hospital")


@pytest.fixture
def nurse(clinic: Unit, make_account: Any) -> Account:
    account: Account = make_account("clinic", clinic, "fever_clinic")
    return account


@pytest.fixture
def desk(nurse: Account, enter: Enter) -> Client:
    return enter(nurse, "en")


def receive(browser: Client, /, **given: object) -> Any:
    form = {"id": str(new_id()), "triage": "fever", "history": "no", **given}
    return browser.post("/fever-clinic/receive/", form, follow=True)


def act(browser: Client, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id()), **{name: str(value) for name, value in given.items()}}
    return browser.post(f"/fever-clinic/{visit().pk}/act/", form, follow=True)


def visit() -> Visit:
    with everywhere():
        found = Visit.objects.order_by("-visited_at", "-id").first()
    assert found
    return found


class TestTriage:
    def test_somebody_on_file_is_found_and_received(self, world: World, desk: Client) -> None:
        assert "甲" in desk.get("/fever-clinic/?find=甲").text

        page = receive(desk, person=str(world.first.pk), celsius="38,4", symptom=["cough"], history="yes", exposure=["case"])  # fmt: skip # noqa: E501

        assert "Received." in page.text
        assert (visit().person_id, visit().exposure_history, visit().exposures) == (world.first.pk, True, ["case"])
        with everywhere():
            kinds = {fact.kind for fact in ledger.facts_of(f"person:{world.first.pk}")}
        assert {"fever_clinic.visited", "symptoms.reported"} <= kinds
        assert "Waits for an outcome" in page.text

    def test_somebody_new_is_put_on_file_with_it(self, desk: Client) -> None:
        receive(desk, name="丙", phone="19900000077")

        with everywhere():
            assert Person.objects.get(pk=visit().person_id).name == "丙"

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"name": "丙", "triage": ""}, "Choose the result of triage"),
            ({"name": "丙", "history": ""}, "ask about exposure"),
            ({"name": ""}, "give a name"),
            ({"name": "丙", "celsius": "384"}, "between 30 and 45"),
            ({"name": "丙", "id_number": "123"}, "number"),
            ({"person": "x"}, "Choose one of the list"),
            ({"person": "0197a000-0000-7000-8000-000000000009"}, "no such person"),
        ],
    )
    def test_what_is_missing_is_said_and_the_rest_stays(self, desk: Client, given: dict[str, str], said: str) -> None:
        answer = receive(desk, **({"phone": "19900000077"} | given))

        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="19900000077"' in answer.text
        with everywhere():
            assert Visit.objects.count() == 0
            assert not Person.objects.filter(name="丙").exists()


class TestTheDesk:
    def test_a_visit_is_assessed_and_seen_through_to_a_hospital(
        self, world: World, desk: Client, make_unit: Any
    ) -> None:
        hospital = make_unit("定点医院", "120101", "designated_hospital")
        receive(desk, person=str(world.first.pk))

        assert "The assessment is recorded" in act(desk, "assess", finding="suspect").text
        assert act(desk, "conclude", outcome="transferred").status_code == 409
        page = act(desk, "conclude", outcome="transferred", to=hospital.pk)

        assert "The visit has an outcome" in page.text
        assert "定点医院" in page.text
        assert "Nobody waits for an outcome" in page.text

    def test_turning_somebody_away_is_a_finding_and_stands_in_red_until_they_are_received(
        self, world: World, desk: Client, clinic: Unit
    ) -> None:
        receive(desk, person=str(world.first.pk))
        assert act(desk, "refuse").status_code == 409

        page = act(desk, "refuse", words="no bed")

        assert "Recorded as a finding" in page.text
        assert "Turned away, and not received anywhere yet" in page.text
        with everywhere():
            assert Finding.objects.get().unit == clinic.pk
        assert "Turned away, and not received" not in receive(desk, person=str(world.first.pk)).text

    def test_who_waits_too_long_is_counted_in_red(self, world: World, desk: Client) -> None:
        world.happen("fever_clinic.visited", f"person:{world.first.pk}", NOON - timedelta(hours=9), triage="fever")

        page = desk.get("/fever-clinic/?all=1")

        assert page.context["late"] == 1
        assert "Exposure not asked" in page.text
        assert "overdue" in page.text

    def test_a_clinic_sees_its_own_and_a_command_post_all(
        self, world: World, desk: Client, nurse: Account, enter: Enter
    ) -> None:
        world.happen("fever_clinic.visited", f"person:{world.first.pk}", NOON, triage="fever")

        assert len(desk.get("/fever-clinic/").context["waiting"]) == 0
        assert len(desk.get("/fever-clinic/?all=1").context["waiting"]) == 1
        assert len(enter(world.commander).get("/fever-clinic/").context["waiting"]) == 1

    def test_others_look_and_may_do_nothing(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        world.happen("fever_clinic.visited", f"person:{world.first.pk}", NOON, triage="fever")

        assert "At triage" not in browser.get("/fever-clinic/").text
        assert receive(browser, name="丙").status_code == 403
        assert act(browser, "assess", finding="well").status_code == 403

    @pytest.mark.parametrize("given", [{"act": "sing"}, {"act": "assess", "finding": "x"}, {"act": "conclude"}])
    def test_what_is_no_act_is_refused(self, world: World, desk: Client, given: dict[str, str]) -> None:
        receive(desk, person=str(world.first.pk))

        assert desk.post(f"/fever-clinic/{visit().pk}/act/", {"id": str(new_id())} | given).status_code == 409

    def test_a_visit_out_of_sight_is_none(
        self, world: World, desk: Client, enter: Enter, stranger: Unit, make_account: Any
    ) -> None:
        receive(desk, person=str(world.first.pk))

        far = enter(make_account("far", stranger, "county_command"))
        assert act(far, "assess", finding="well").status_code == 404
        assert "甲" not in far.get("/fever-clinic/?find=甲").text.replace('value="甲"', "")

    def test_many_cost_no_query_more_than_one_and_the_look_is_on_record(self, world: World, desk: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                desk.get("/fever-clinic/?all=1")
            return len(queries)

        for person in (world.first, world.second):
            world.happen("fever_clinic.visited", f"person:{person.pk}", NOON, triage="fever")
        desk.get("/fever-clinic/?all=1")
        before = cost()
        for n in range(4):
            at = NOON - timedelta(hours=n + 1)
            world.happen("fever_clinic.visited", f"person:{world.first.pk}", at, triage="fever")

        assert cost() == before <= 16
        with everywhere():
            assert AccessLog.objects.filter(purpose__startswith="fever clinic: ").count() == 3


class TestTheTrend:
    def page(self, world: World, enter: Enter) -> Any:
        return enter(world.grid_worker, "en").get(f"/people/{world.first.pk}/")

    def test_the_file_shows_the_readings_of_two_weeks_with_the_limit(self, world: World, enter: Enter) -> None:
        world.measure(world.first, 10, 8, 38.2)

        page = self.page(world, enter)

        assert "5 readings" in page.text
        assert "1 of 37.3 ℃ or more" in page.text
        assert len(re.findall("<circle class=", page.text)) == 5
        assert len(re.findall('<circle class="fever', page.text)) == 1
        assert page.context["readings"].latest.half == "morning"

    def test_without_a_reading_there_is_no_picture(self, world: World, enter: Enter) -> None:
        page = enter(world.grid_worker, "en").get(f"/people/{world.second.pk}/")

        assert "readings" in page.context
        assert "<circle class=" not in page.text

    def test_what_the_person_recorded_themselves_is_said(self, world: World, enter: Enter) -> None:
        from bulou.kernel.facts import Fact
        from bulou.ledger import services

        own = f"person:{world.first.pk}"
        at = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
        with everywhere():
            services.record([Fact(str(new_id()), "temperature.read", own, "120101001001", at, own, {"celsius": 45})])

        page = self.page(world, enter)

        assert "the person, on their own page" in page.text
        assert page.context["readings"].latest.y == 12.0
