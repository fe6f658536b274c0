"""A person's own page: whose it is, what it says, what may be sent in through it, and what it never shows."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Person
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import selectors as ledger
from bulou.ledger import services, shelf
from bulou.operations.support import own_pages
from bulou.operations.support.models import HelpNeed, OwnPageOpening
from bulou.plan.rules import rules
from web.world import VILLAGE, World

Enter = Callable[..., Client]
SECRETS = ("乙", "19900000001", "19900000002", "滨江道")


class Resident:
    """Somebody with a link and a browser, and nothing else."""

    def __init__(self, world: World, person: Person) -> None:
        self.world, self.person = world, person
        with everywhere():
            self.link = own_pages.give(person.pk, by=world.grid_worker).text
        self.url = f"/r/{self.link}/"
        self.browser = Client(HTTP_ACCEPT_LANGUAGE="en")

    def open(self) -> Any:
        return self.browser.get(self.url)

    def send(self, act: str, /, follow: bool = True, **given: Any) -> Any:
        """As the form of the page sends it."""
        form = re.search(rf'name="act" value="{act}"><input type="hidden" name="id" value="([^"]+)"', self.open().text)
        form_id = given.pop("id", form[1] if form else "0197a000-0000-7000-8000-00000000abcd")
        return self.browser.post(self.url, {"act": act, "id": form_id, **given}, follow=follow)

    def facts(self, kind: str) -> list[Any]:
        with everywhere():
            return [fact for fact in ledger.facts_of(f"person:{self.person.pk}") if fact.kind == kind]

    def need(self) -> HelpNeed:
        with everywhere():
            return HelpNeed.objects.get(person=self.person)


@pytest.fixture
def resident(world: World) -> Resident:
    return Resident(world, world.first)


class TestThePage:
    def test_says_where_one_stands_and_in_whose_hands(self, resident: Resident) -> None:
        page = resident.open()

        assert page.status_code == 200
        assert "You are in isolation at home" in page.text
        assert "2020-02-22" in page.text
        assert "day 2 of 14" in page.text
        assert "蓉芳里居委会" in page.text

    def test_says_why_once_the_order_is_on_record(self, resident: Resident) -> None:
        assert "The written order is not recorded yet" in resident.open().text
        at, person = datetime(2020, 2, 8, 5, tzinfo=SHANGHAI), f"person:{resident.person.pk}"
        said = {"kind": "home", "days": 14, "grounds": "接触确诊病例", "number": "2020-7", "basis": "法第四十一条"}
        resident.world.happen("isolation.ordered", person, at, **said)

        page = resident.open()

        assert "接触确诊病例" in page.text
        assert "2020-7" in page.text
        assert "法第四十一条" in page.text

    def test_says_so_where_one_is_kept_longer_than_the_grounds_reach(self, resident: Resident) -> None:
        assert "The term is over" not in resident.open().text
        at = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
        resident.world.happen("isolation.shortened", f"person:{resident.person.pk}", at, days=13)

        assert "The term is over" in resident.open().text

    def test_is_in_chinese_first_and_in_english_on_request(self, resident: Resident) -> None:
        plain = Client().get(resident.url)

        assert "您正在居家隔离" in plain.text
        resident.browser.post("/language/", {"language": "zh-hans", "next": resident.url})
        assert "您正在居家隔离" in resident.open().text

    def test_shows_nothing_of_anybody_else_and_little_of_oneself(self, resident: Resident) -> None:
        text = resident.open().text

        assert [secret for secret in SECRETS if secret in text] == []
        assert "甲*" in text

    def test_shows_the_readings_of_the_week_by_morning_and_evening_with_fevers_marked(self, resident: Resident) -> None:
        resident.world.measure(resident.person, 10, 8, 38.2)

        page = resident.open()

        rows = [(one.day.day, one.morning, one.evening, one.is_fever) for one in page.context["own"].readings]
        assert rows == [(10, 38.2, None, True), (9, 36.6, 36.6, False), (8, 36.6, 36.6, False)]

    def test_says_what_is_owed_to_one_and_by_whom(self, resident: Resident, world: World) -> None:
        resident.world.measure(resident.person, 10, 12, 38.2)
        services.advance()

        page = resident.open()

        assert "A person with an abnormal temperature is seen by a medic" in page.text
        assert "Police" not in page.text

    def test_is_kept_by_no_cache_and_found_by_no_search(self, resident: Resident) -> None:
        page = resident.open()

        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.text

    def test_needs_no_script(self, resident: Resident) -> None:
        assert re.findall(r"<script src=\"([^\"]+)\"", resident.open().text) == ["/static/web/theme.js"]

    def test_costs_the_same_however_much_there_is(self, resident: Resident) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                resident.open()
            return len(queries)

        before = cost()
        for code in ("food", "medicine"):
            resident.send("ask", need=code)
        resident.world.measure(resident.person, 10, 12, 38.2)

        assert cost() <= before + 2
        assert before <= 24


class TestHealth:
    def test_a_temperature_and_symptoms_are_recorded_in_the_persons_own_name(self, resident: Resident) -> None:
        page = resident.send("health", celsius="38，2", symptom=["fever", "cough"])

        assert "Recorded." in page.text
        (reading,) = [one for one in resident.facts("temperature.read") if one.at.day == 10]
        assert reading.data == {"celsius": 38.2, "setting": "own_page"}
        assert reading.by == f"person:{resident.person.pk}"
        assert resident.facts("symptoms.reported")[0].data == {"symptoms": ["fever", "cough"]}

    def test_a_fever_opens_the_medics_visit(self, resident: Resident) -> None:
        resident.send("health", celsius="38.2")

        with everywhere():
            duties = {row.duty: row.state for row in ledger.duties_of(f"person:{resident.person.pk}")}
        assert duties["guangxi-2020-9/abnormal-temperature-seen-by-medic"] == "open"

    def test_one_may_say_that_one_is_well(self, resident: Resident) -> None:
        resident.send("health", well="1")

        assert resident.facts("symptoms.reported")[0].data == {"symptoms": []}

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"celsius": "382"}, "between 30 and 45"),
            ({"celsius": "hot"}, "between 30 and 45"),
            ({"celsius": "nan"}, "between 30 and 45"),
            ({}, "Enter your temperature"),
            ({"symptom": ["plague"]}, "Enter your temperature"),
            ({"well": "1", "symptom": ["fever"]}, "Take one of them back"),
            ({"celsius": "36.5", "id": "no id"}, "too old"),
        ],
    )
    def test_what_cannot_be_is_said_beside_it_and_stays(
        self, resident: Resident, given: dict[str, Any], said: str
    ) -> None:
        page = resident.send("health", **given)

        assert page.status_code == 422
        assert said in page.text
        assert f'value="{given.get("celsius", "")}"' in page.text
        assert [fact for fact in resident.facts("temperature.read") if fact.at.day == 10] == []

    def test_sent_twice_it_is_recorded_once_and_corrected_it_is_another(self, resident: Resident) -> None:
        id = "0197a000-0000-7000-8000-00000000abcd"
        for _ in range(2):
            assert resident.send("health", id=id, celsius="36.5").status_code == 200
        resident.send("health", id=id, celsius="36.7")

        found = sorted(one.data["celsius"] for one in resident.facts("temperature.read") if one.at.day == 10)
        assert found == [36.5, 36.7]


class TestNeeds:
    def test_a_request_says_who_answers_and_by_when(self, resident: Resident) -> None:
        page = resident.send("ask", need="food", words="two people, rice")

        assert "Your request is recorded" in page.text
        assert "two people, rice" in page.text
        need = resident.need()
        assert (need.state, need.channel, need.asked_by) == ("asked", "own_page", f"person:{resident.person.pk}")

    def test_a_need_is_closed_by_the_person_and_opened_again_where_it_was_not_done(self, resident: Resident) -> None:
        resident.send("ask", need="food")
        id = str(resident.need().id)
        resident.world.happen("help.delivered", f"person:{resident.person.pk}", datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI), request=id)  # fmt: skip # noqa: E501
        assert "It is not done" in resident.open().text

        resident.send("unmet", request=id)
        assert resident.need().state == "unmet"
        resident.send("met", request=id)

        assert (resident.need().state, resident.need().how) == ("closed", "own_page")
        assert "Confirmed and closed" in resident.open().text

    def test_nobody_else_s_request_can_be_closed(self, resident: Resident, world: World) -> None:
        other = Resident(world, world.second)
        other.send("ask", need="food")

        page = resident.send("met", request=str(other.need().id))

        assert page.status_code == 422
        assert other.need().state == "asked"

    @pytest.mark.parametrize("need", ["", "gold"])
    def test_what_is_no_need_is_refused(self, resident: Resident, need: str) -> None:
        page = resident.send("ask", need=need, words="kept")

        assert page.status_code == 422
        assert "Choose what you need" in page.text
        assert "kept" in page.text

    def test_travel_and_contacts_of_the_family_reach_the_community(self, resident: Resident) -> None:
        resident.send("history", member="丙", from_area="武汉", arrived_at="2020-02-01", relation="brother")

        (told,) = resident.facts("history.told")
        expected = {"member": "丙", "relation": "brother", "from_area": "武汉", "arrived_at": "2020-02-01"}
        assert told.data == expected
        assert resident.need().need == "travel_history"

    @pytest.mark.parametrize("given", [{"member": "丙"}, {"from_area": "x"}, {"member": "丙", "from_area": "x", "left_at": "soon"}, {"member": "丙", "from_area": "x", "left_at": "2020-02-31"}])  # fmt: skip # noqa: E501
    def test_half_a_story_is_refused(self, resident: Resident, given: dict[str, str]) -> None:
        assert resident.send("history", **given).status_code == 422
        assert resident.facts("history.told") == []


class TestAppeal:
    def test_an_appeal_stands_with_its_clock_and_then_its_answer(self, resident: Resident) -> None:
        page = resident.send("appeal", reason="I met nobody")
        assert "I met nobody" in page.text
        assert "To be answered by" in page.text
        (appeal,) = resident.facts("appeal.filed")
        at, person = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI), f"person:{resident.person.pk}"
        resident.world.happen("appeal.answered", person, at, appeal=str(appeal.id), decision="upheld", reason="because")

        assert "because" in resident.open().text

    def test_an_empty_one_is_none_and_without_an_isolation_there_is_nothing_to_appeal(self, resident: Resident) -> None:
        assert resident.send("appeal", reason=" ").status_code == 422
        at = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
        resident.world.happen("isolation.ended", f"person:{resident.person.pk}", at, reason="completed")

        page = resident.send("appeal", reason="late")
        assert page.status_code == 422
        assert "No isolation order stands against you" in page.text


class TestTheLink:
    def test_one_that_is_none_or_has_ended_opens_nothing(self, resident: Resident) -> None:
        with everywhere():
            own_pages.end(resident.person.pk, by=resident.world.grid_worker)

        assert resident.open().status_code == 410
        assert resident.browser.get("/r/made-up/").status_code == 404
        assert resident.browser.post(resident.url, {"act": "health", "celsius": "36.5"}).status_code == 410

    def test_too_often_is_too_often_and_nothing_is_lost(self, resident: Resident) -> None:
        for _ in range(41):
            answer = resident.browser.post(resident.url, {"act": "nonsense"})

        assert answer.status_code == 429
        assert "Nothing of what you recorded is lost" in answer.text

    def test_every_opening_and_sending_is_on_record_and_is_no_look_of_an_account(self, resident: Resident) -> None:
        resident.open()
        resident.browser.post(resident.url, {"act": "health", "celsius": "36.5"})

        with everywhere():
            acts = list(OwnPageOpening.objects.order_by("at").values_list("act", flat=True))
            assert AccessLog.objects.count() == 0
        assert acts == ["open", "health"]

    def test_of_somebody_whose_registration_was_undone_opens_nothing(self, resident: Resident) -> None:
        with everywhere():
            Person.objects.filter(pk=resident.person.pk).update(retired_at=datetime(2020, 2, 10, tzinfo=SHANGHAI))

        assert resident.open().status_code == 410


def test_the_advice_of_a_plan_in_force_is_shown_with_its_numbers(resident: Resident) -> None:
    assert "Protect yourself" not in resident.open().text
    plan = shelf.plan("shenyang-normalised")
    assert plan
    services.adopt(rules(plan)[:1], area="12")

    page = resident.open()

    assert "Protect yourself" in page.text
    assert {one.clause for one in page.context["own"].advice} == {f"SY-14.{letter}" for letter in "bcdeij"}
    assert "(1 m)" in page.text


def test_readings_shown_go_back_a_week(resident: Resident) -> None:
    old = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI) - timedelta(days=8)
    resident.world.happen("temperature.read", f"person:{resident.person.pk}", old, VILLAGE, celsius=36.0)

    assert min(one.day.day for one in resident.open().context["own"].readings) == 8


class TestTheDesk:
    def test_a_link_is_made_shown_once_and_ended(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        url = f"/people/{world.first.pk}/own-page/"
        assert "No link yet" in browser.get(url).text

        given = browser.post(f"{url}change/", {"act": "give", "days": "7"})
        link = re.search(r"http://testserver(/r/[^/]+/)", given.text)

        assert link
        assert "data:image/svg+xml" in given.text
        assert link[1] not in browser.get(url).text
        assert Client().get(link[1]).status_code == 200
        assert "opened once" in browser.get(url).text
        assert "The link has ended" in browser.post(f"{url}change/", {"act": "end"}, follow=True).text
        assert Client().get(link[1]).status_code == 410

    @pytest.mark.parametrize("days", ["0", "x", "91", "99999999"])
    def test_a_length_that_cannot_be_is_said(self, world: World, enter: Enter, days: str) -> None:
        browser = enter(world.grid_worker, "en")

        answer = browser.post(f"/people/{world.first.pk}/own-page/change/", {"act": "give", "days": days})

        assert answer.status_code == 422
        assert "from 1 to 90 days" in answer.text

    def test_it_is_for_those_who_see_the_person_and_no_administrators(
        self, world: World, enter: Enter, stranger: Any, make_unit: Any, make_account: Any
    ) -> None:
        url = f"/people/{world.first.pk}/own-page/"
        office = make_unit("信息中心", "120101", "system_administrator")
        system = make_account("system", office, "system_administrator")

        assert enter(make_account("far", stranger, "county_command")).get(url).status_code == 404
        assert enter(world.grid_worker).post(f"{url}change/", {"act": "sing"}).status_code == 404
        browser = enter(system, "en")
        assert browser.post(f"{url}change/", {"act": "give"}).status_code == 403
        assert "Make the link" not in browser.get(url).text

    def test_the_look_is_on_record(self, world: World, enter: Enter) -> None:
        enter(world.grid_worker).get(f"/people/{world.first.pk}/own-page/")

        with everywhere():
            assert AccessLog.objects.filter(subject=f"person:{world.first.pk}").count() == 1
