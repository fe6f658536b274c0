"""Who has come declares it without an account; the community sees it, answers with a tap, and nothing is shown back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.directory.services import NewPerson, person_register
from bulou.kernel.ids import new_id
from bulou.no_miss.screening import declaring
from bulou.no_miss.screening.models import Arrival, Declaration, Enrolment
from bulou.oversight.drills.synthetic.people import id_number
from bulou.web.public import arriving
from web.world import NOON, World

Enter = Callable[..., Client]
HERE = "120101001001"
FORM = f"/arrive/?area={HERE}&from=450103"
GIVEN = {
    "name": "申报人",
    "id_kind": "resident",
    "id_number": id_number("120101", date(2000, 1, 1), 997),
    "phone": "19900000123",
    "arrived_at": "2020-02-10T11:30",
    "mode": "rail",
    "vehicle": "G521",
}
SECRETS = (GIVEN["name"], GIVEN["id_number"], GIVEN["phone"])


@pytest.fixture
def public(world: World) -> Client:
    return Client(headers={"accept-language": "en"})


def arrivals() -> list[Arrival]:
    with everywhere():
        return list(Arrival.objects.order_by("at", "id"))


class TestThePublicPage:
    def test_asks_where_to_where_from_and_who_on_three_pages_without_scripts(self, public: Client) -> None:
        first = public.get("/arrive/?q=蓉芳里")
        (here,) = first.context["found"]
        second = public.get(here.url + "&q=青秀")
        (there,) = second.context["found"]
        form = public.get(there.url)

        assert ("Where have you come to?" in first.text, "Where did you come from?" in second.text) == (True, True)
        assert "蓉芳里" in form.text
        assert "csrfmiddlewaretoken" in form.text

    def test_a_search_that_finds_nothing_says_what_to_do(self, public: Client) -> None:
        assert "Try a shorter part" in public.get("/arrive/?q=不存在的村").text
        assert public.get("/arrive/?q=蓉").context["found"] == []

    def test_a_declaration_waits_for_its_community_and_gives_a_receipt(self, public: Client) -> None:
        answer = public.post(FORM, GIVEN, follow=True)

        (found,) = arrivals()
        assert (found.area, found.from_area, found.told, found.state) == (HERE, "450103", "self", "waiting")
        assert "Waiting for the community" in answer.text
        assert answer.context["made"].number in answer.text
        assert "data:image" in answer.text
        assert [word for word in SECRETS if word in answer.text] == []

    def test_the_receipt_tells_when_the_community_has_confirmed(self, public: Client, world: World) -> None:
        receipt = public.post(FORM, GIVEN, follow=True).request["PATH_INFO"]
        (found,) = arrivals()

        world.happen("arrival.received", f"person:{found.person_id}", NOON, outcome="here")

        assert "Confirmed: here" in public.get(receipt).text

    def test_a_receipt_that_is_none_is_not_there(self, public: Client) -> None:
        made_up = [signing.dumps(text, salt=arriving.SALT) for text in ("x", str(new_id()))]
        for token in ("forged", *made_up):
            assert public.get(f"/arrive/{token}/").status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"id_number": "1"}, "18 digits"),
            ({"phone": "12"}, "Not a phone number"),
            ({"arrived_at": "soon"}, "day and time of arrival"),
            ({"arrived_at": "2020-02-20T10:00"}, "last fourteen days"),
            ({"id_kind": "x"}, "Choose one of the options"),
            ({"name": ""}, "name is missing"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_what_was_entered_is_kept(
        self, public: Client, wrong: dict[str, str], said: str
    ) -> None:
        answer = public.post(FORM, GIVEN | wrong)

        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="G521"' in answer.text
        assert arrivals() == []

    def test_somebody_known_here_gets_the_same_answer_as_somebody_new(self, public: Client, world: World) -> None:
        answers = [public.post(FORM, GIVEN, follow=True) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        with everywhere():
            assert (Arrival.objects.count(), Declaration.objects.count()) == (1, 2)

    def test_one_address_declares_a_family_and_not_a_town(
        self, public: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(declaring, "MOST", 1)
        public.post(FORM, GIVEN)

        answer = public.post(FORM, GIVEN)

        assert answer.status_code == 429
        assert "Too many declarations" in answer.text

    def test_a_form_of_another_site_is_refused(self, world: World) -> None:
        assert Client(enforce_csrf_checks=True).post(FORM, GIVEN).status_code == 403

    def test_from_abroad_is_the_gravest_risk(self, public: Client) -> None:
        public.post(f"/arrive/?area={HERE}&from=abroad", GIVEN)

        assert [(one.from_area, one.risk) for one in arrivals()] == [("", "high")]

    @pytest.mark.parametrize("address", ["/arrive/?area=12", "/arrive/?area=x", f"/arrive/?area={HERE}&from=x"])
    def test_an_address_that_names_no_community_or_origin_asks_again(self, public: Client, address: str) -> None:
        assert public.get(address).context["found"] == []

    def test_it_is_there_in_chinese(self, world: World) -> None:
        assert "您到了哪里" in Client(headers={"accept-language": "zh-CN"}).get("/arrive/").text


class TestTheList:
    @pytest.fixture
    def came(self, world: World) -> str:
        start = NOON - timedelta(hours=30)
        return world.happen(
            "arrival.declared", f"person:{world.first.pk}", start, from_area="450103", risk="high", source="carrier"
        )

    def test_says_who_from_where_at_what_risk_and_who_told(self, world: World, enter: Enter, came: str) -> None:
        page = enter(world.commander, "en").get("/arrivals/")

        (row,) = page.context["rows"]
        assert (row.name, row.risk.name, row.told, row.sign.name) == ("甲", "high", "carrier", "waiting")
        assert next((sign.name, n) for sign, n, _, _ in page.context["tiles"]) == ("waiting", 1)
        with everywhere():
            assert AccessLog.objects.get().purpose == "arrivals: command"

    def test_one_tap_confirms_and_registers(self, world: World, enter: Enter, came: str) -> None:
        browser = enter(world.grid_worker, "en")

        answer = browser.post(
            f"/arrivals/{came}/answer/",
            {"outcome": "here", "id": str(new_id()), "next": "/arrivals/?state=here"},
            follow=True,
        )

        assert answer.request["QUERY_STRING"] == "state=here"
        assert "Confirmed: here" in answer.text
        with everywhere():
            assert Enrolment.objects.get().category == "arrival"

    def test_not_here_is_for_a_command_post_to_hand_out_anew(self, world: World, enter: Enter, came: str) -> None:
        enter(world.grid_worker).post(f"/arrivals/{came}/answer/", {"outcome": "not_here", "id": "x", "next": "//evil"})

        page = enter(world.commander, "en").get("/arrivals/?state=not_here")

        assert [row.name for row in page.context["rows"]] == ["甲"]

    def test_what_cannot_be_answered_is_said(self, world: World, enter: Enter, came: str) -> None:
        answer = enter(world.grid_worker, "en").post(f"/arrivals/{came}/answer/", {"outcome": "lost"}, follow=True)

        assert "nothing was recorded" in answer.text

    def test_many_are_answered_at_once(self, world: World, enter: Enter, came: str) -> None:
        given = {"id": str(new_id()), "act": "answer-arrivals", "keys": came, "data.outcome": "gone_on"}

        enter(world.grid_worker, "en").post("/lists/arrivals/do/", given)

        assert [one.state for one in arrivals()] == ["gone_on"]

    def test_a_person_on_file_elsewhere_is_called_as_they_said(
        self, public: Client, world: World, enter: Enter
    ) -> None:
        with everywhere():
            person_register(NewPerson("原名", "450103", id_number=GIVEN["id_number"], synthetic=True))
        public.post(FORM, GIVEN)

        (row,) = enter(world.grid_worker, "en").get("/arrivals/").context["rows"]

        assert (row.name, row.phone, row.url) == ("申报人", "199****0123", "")

    def test_costs_the_same_however_many_there_are(self, world: World, enter: Enter, came: str) -> None:
        browser = enter(world.commander, "en")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                browser.get("/arrivals/")
            return len(queries)

        browser.get("/arrivals/")
        before = cost()
        world.happen("arrival.declared", f"person:{world.second.pk}", NOON, from_area="4501", risk="low")

        assert cost() == before <= 17
