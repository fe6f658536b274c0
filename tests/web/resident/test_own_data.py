"""The page about one's own data: what is kept and who looked, what one may ask, and what comes of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import selectors as directory
from bulou.directory import services as people
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.operations.support import answering, own_pages
from bulou.operations.support.models import OwnPageOpening, RightsRequest
from web.world import VILLAGE, World

DAY = timedelta(days=1)
NOON = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
SECRETS = ("乙", "19900000001", "滨江道")


class Resident:
    """Somebody with a link and a browser, and nothing else."""

    def __init__(self, world: World, person: Person) -> None:
        self.world, self.person = world, person
        with everywhere():
            self.link = own_pages.give(person.pk, by=world.grid_worker).text
        self.url = f"/r/{self.link}/data/"
        self.browser = Client(HTTP_ACCEPT_LANGUAGE="en")

    def open(self) -> Any:
        return self.browser.get(self.url)

    def send(self, act: str, **given: Any) -> Any:
        form = re.search(r'name="id" value="([^"]+)"', self.open().text)
        return self.browser.post(self.url, {"act": act, "id": form and form[1], **given}, follow=True)

    def let_go(self) -> None:
        self.world.happen("isolation.ended", f"person:{self.person.pk}", NOON, reason="completed")
        self.world.happen("person.withdrawn", f"person:{self.person.pk}", NOON)

    def asked(self) -> RightsRequest:
        with everywhere():
            return RightsRequest.objects.get(person=self.person)

    def answered(self, decision: Any, reason: str, by: Account) -> int:
        with everywhere():
            return answering.answer(self.asked().id, decision, reason, by=by)


@pytest.fixture
def resident(world: World) -> Resident:
    return Resident(world, world.first)


@pytest.fixture
def commander(make_unit: Callable[..., Any], make_account: Callable[..., Account], world: World) -> Account:
    return make_account("county", make_unit("和平区指挥部", "120101", "county_command"), "county_command")


class TestWhatIsKept:
    def test_is_said_by_kind_and_since_when_and_shown_to_nobody(self, resident: Resident) -> None:
        page = resident.open()

        assert page.status_code == 200
        assert "Isolation started" in page.text
        assert "2020-02-08" in page.text
        assert "180 days after nobody manages you" in page.text
        assert {one.title: one.count for one in page.context["kept"].kinds}["Isolation started"] == 1
        assert [secret for secret in SECRETS if secret in page.text] == []

    def test_who_looked_is_said_by_unit_and_purpose_and_never_by_account(self, resident: Resident) -> None:
        assert "Nobody opened your file yet" in resident.open().text
        subject, by = f"person:{resident.person.pk}", resident.world.grid_worker
        with everywhere():
            for _ in range(2):
                people.access_record("view", by=by, area=VILLAGE, subject=subject, purpose="management")
            people.access_record("reveal", by=by, area=VILLAGE, subject=subject, purpose="phone: 王某要求")

        page = resident.open()

        assert "Managing and serving in the community" in page.text
        assert "a number or address shown in full" in page.text
        assert by.username not in page.text
        assert "王某要求" not in page.text
        assert sorted(one.times for one in page.context["kept"].looks) == [1, 2]

    def test_takes_the_same_queries_whatever_there_is(self, resident: Resident) -> None:
        with CaptureQueriesContext(
            connection,
        ) as few:
            resident.open()
        subject = f"person:{resident.person.pk}"
        for right in ("copy", "erasure", "correction"):
            resident.send(right, words="please")
        with everywhere():
            people.access_record("view", by=resident.world.grid_worker, area=VILLAGE, subject=subject, purpose="care")

        with CaptureQueriesContext(connection) as many:
            resident.open()

        assert len(many) == len(few) <= 34

    def test_each_opening_is_on_record_and_too_many_are_too_many(self, resident: Resident) -> None:
        for _ in range(41):
            answer = resident.browser.post(resident.url, {"act": "nonsense"})
        assert answer.status_code == 429
        assert resident.open().status_code == 200

        with everywhere():
            acts = list(OwnPageOpening.objects.values_list("act", flat=True).distinct())
        assert sorted(acts) == ["open", "unknown"]

    def test_the_own_page_leads_there_and_a_link_that_ended_does_not(self, resident: Resident) -> None:
        assert 'href="data/"' in resident.browser.get(f"/r/{resident.link}/").text
        with everywhere():
            own_pages.end(resident.person.pk, by=resident.world.grid_worker)

        assert resident.open().status_code == 410
        assert resident.browser.get("/r/made-up/data/").status_code == 404


class TestTheContact:
    def test_a_new_number_is_on_file_at_once(self, resident: Resident) -> None:
        page = resident.send("phone", phone="138 0013 8000")

        assert "The new number is on file" in page.text
        assert "ends in 00" in page.text
        with everywhere():
            assert [one.id for one in directory.people_find("13800138000")] == [resident.person.pk]

    @pytest.mark.parametrize("number", ["", "12", "none"])
    def test_what_is_no_number_is_said_and_stays(self, resident: Resident, number: str) -> None:
        page = resident.send("phone", phone=number)

        assert page.status_code == 422
        assert f'value="{number}"' in page.text


class TestErasure:
    def test_while_one_is_managed_the_page_says_by_whom_and_until_when(self, resident: Resident) -> None:
        page = resident.open()

        assert "you are in the hands of 蓉芳里居委会" in page.text
        assert "2020-02-22 at the earliest" in page.text

    def test_a_request_stands_with_its_owner_and_clock_and_is_made_once(
        self, resident: Resident, commander: Account
    ) -> None:
        page = resident.send("erasure", words="it is over")

        assert "Your request is recorded" in page.text
        assert "it is over" in page.text
        assert "和平区指挥部" in page.text
        assert "2020-02-25" in page.text
        assert "Why, if you like to say" not in page.text
        again = resident.send("erasure", words="again")
        assert again.status_code == 422
        assert "asked for this already" in again.text
        assert resident.asked().words == "it is over"

    def test_once_granted_to_somebody_still_managed_it_waits_and_says_until_when(
        self, resident: Resident, commander: Account
    ) -> None:
        resident.send("erasure")

        assert resident.answered("granted", "after the observation", commander) == 0

        text = resident.open().text
        assert "Granted, not carried out yet" in text
        assert "after the observation" in text
        assert text.count("2020-02-22 at the earliest") == 1

    def test_once_carried_out_the_link_says_so_and_shows_nothing(self, resident: Resident, commander: Account) -> None:
        resident.let_go()
        assert "once granted it is carried out at once" in resident.open().text
        resident.send("erasure")

        assert resident.answered("granted", "the purpose is fulfilled", commander) == 1

        for url in (resident.url, f"/r/{resident.link}/"):
            page = resident.browser.get(url)
            assert page.status_code == 410
            assert "Your data are erased" in page.text
            assert "甲" not in page.text

    def test_a_refusal_has_its_reason_and_the_way_of_appeal(self, resident: Resident, commander: Account) -> None:
        resident.send("erasure")
        resident.answered("declined", "an inquiry is open", commander)

        text = resident.open().text

        assert "an inquiry is open" in text
        assert "article 65" in text
        assert "complain to" in text
        assert "Why, if you like to say" in text

    def test_what_is_not_answered_in_time_is_said_to_be_late(self, resident: Resident) -> None:
        resident.world.happen("rights.requested", f"person:{resident.person.pk}", NOON - 20 * DAY, right="erasure")

        assert "should have been answered by" in resident.open().text


class TestCopyAndCorrection:
    def test_a_copy_is_asked_for_and_answered(self, resident: Resident, commander: Account) -> None:
        resident.send("copy")
        resident.answered("granted", "handed over at the counter", commander)

        assert "handed over at the counter" in resident.open().text
        assert resident.asked().state == "done"

    def test_a_correction_says_what_is_wrong(self, resident: Resident) -> None:
        assert resident.send("correction").status_code == 422

        assert "born in 1990" in resident.send("correction", words="born in 1990").text
        assert resident.asked().right == "correction"

    @pytest.mark.parametrize("given", [{"act": "nonsense"}, {"act": "copy", "id": "no id"}])
    def test_what_is_no_act_records_nothing(self, resident: Resident, given: dict[str, str]) -> None:
        assert resident.browser.post(resident.url, given).status_code == 422

        with everywhere():
            assert not RightsRequest.objects.exists()
