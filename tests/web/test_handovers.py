"""Handovers on the pages: the board of who is on the way, my unit's turn, the card, and the person's file."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bulou.custody import cards
from bulou.custody.models import Handover
from bulou.directory.models import AccessLog, Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from web.world import NOON, VILLAGE, World

Enter = Callable[..., Client]


@pytest.fixture
def site(make_unit: Any) -> Unit:
    unit: Unit = make_unit("和平区隔离点", "120101", "isolation_site")
    return unit


@pytest.fixture
def keeper(site: Unit, make_account: Any) -> Account:
    """Who receives people at the site."""
    account: Account = make_account("keeper", site, "isolation_site")
    return account


def link(name: str, person: Person, by: Unit, at: datetime = NOON - timedelta(hours=3), **data: str) -> Fact:
    fact = Fact(str(new_id()), f"handover.{name}", f"person:{person.pk}", VILLAGE, at, f"unit:{by.pk}", data)
    assert ledger.record([fact]).refused == ()
    return fact


@pytest.fixture
def asked(world: World, site: Unit) -> list[Handover]:
    """The village asked the site to take both people, three hours ago."""
    for person in (world.first, world.second):
        link("requested", person, world.village, to=f"unit:{site.pk}", reason="居家条件不足")
    with everywhere():
        return list(Handover.objects.order_by("person__name"))


def stages() -> list[str]:
    with everywhere():
        return list(Handover.objects.order_by("person__name").values_list("stage", flat=True))


def do(browser: Client, act: str, rows: list[Handover], **given: str) -> list[str]:
    """Do it for these, as the form does; what is said."""
    sent = {"id": str(new_id()), "act": act, "h": [str(row.pk) for row in rows], **given}
    answer = browser.post("/handovers/act/", sent)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


class TestTheBoard:
    def test_shows_everybody_on_the_way_with_links_and_delay(self, world: World, enter: Enter, asked: Any) -> None:
        page = enter(world.commander, "en").get("/transit/")

        assert "2 people between two hands" in page.text
        assert page.text.count('<ol class="links-five"') == 2
        assert "2 overdue" in page.text
        assert "2 h overdue" in page.text
        assert "蓉芳里居委会 answers for it" in page.text

    def test_is_narrowed_by_link_delay_and_unit(self, world: World, enter: Enter, asked: Any, site: Unit) -> None:
        link("accepted", world.first, site, NOON - timedelta(minutes=5))
        browser = enter(world.commander, "en")

        def names(query: str) -> list[str]:
            return [row.name for row in browser.get(f"/transit/?{query}").context["rows"]]

        assert names("stage=accepted") == ["甲"]
        assert names("overdue=1") == ["乙"]
        assert sorted(names(f"unit={site.pk}")) == ["乙", "甲"]
        assert names(f"unit={world.county.pk}") == []
        assert names("unit=x") == names("") == ["乙", "甲"]

    def test_says_a_unit_by_its_name_in_the_filter(self, world: World, enter: Enter, asked: Any, site: Unit) -> None:
        page = enter(world.commander, "en").get(f"/transit/?unit={site.pk}")

        assert "和平区隔离点" in [chip.word for chip in page.context["chips"]]

    def test_takes_the_same_queries_however_many_are_on_the_way(
        self, world: World, enter: Enter, asked: Any, django_assert_num_queries: Any
    ) -> None:
        browser = enter(world.commander)
        browser.get("/transit/")

        with django_assert_num_queries(15):
            browser.get("/transit/")

    def test_is_on_record(self, world: World, enter: Enter, asked: Any) -> None:
        enter(world.commander).get("/transit/")

        with everywhere():
            assert AccessLog.objects.get().purpose == "transit: command"

    def test_shows_nobody_to_another_province(
        self, enter: Enter, asked: Any, stranger: Unit, make_account: Any
    ) -> None:
        page = enter(make_account("far", stranger, "county_command"), "en").get("/transit/")

        assert "Nobody is on the way" in page.text
        assert "甲" not in page.text

    def test_a_receiver_elsewhere_sees_the_card_and_not_the_name(
        self, world: World, enter: Enter, make_unit: Any, make_account: Any
    ) -> None:
        hospital = make_unit("河东区医院", "120102", "designated_hospital")
        link("requested", world.first, world.village, to=f"unit:{hospital.pk}")
        browser = enter(make_account("doctor", hospital, "designated_hospital"), "en")

        (row,) = browser.get("/transit/").context["rows"]
        with everywhere():
            said = do(browser, "accepted", list(Handover.objects.all()))

        assert (row.name, row.url) == (cards.short(world.first.pk), "")
        assert said == ["1 person recorded."]
        assert stages() == ["accepted"]


class TestMyUnit:
    def test_a_whole_group_is_accepted_at_once(self, enter: Enter, keeper: Account, asked: list[Handover]) -> None:
        browser = enter(keeper, "en")

        assert "Your turn" in browser.get("/handovers/").text
        assert do(browser, "accepted", asked) == ["2 people recorded."]

        assert stages() == ["accepted", "accepted"]

    def test_goes_from_hand_to_hand_by_both_units_taps(
        self, world: World, enter: Enter, keeper: Account, asked: list[Handover]
    ) -> None:
        do(enter(keeper), "accepted", asked)
        do(enter(world.grid_worker), "departed", asked, vehicle="津A·转运7", crew="王师傅")
        do(enter(keeper), "received", asked)
        do(enter(keeper), "settled", asked)

        assert stages() == ["settled", "settled"]
        with everywhere():
            assert {(one.vehicle, one.crew) for one in Handover.objects.all()} == {("津A·转运7", "王师傅")}

    def test_what_cannot_be_taken_is_said_person_by_person(
        self, enter: Enter, keeper: Account, asked: list[Handover]
    ) -> None:
        browser = enter(keeper, "en")
        do(browser, "accepted", asked[:1])

        said = do(browser, "received", asked)

        assert said[-2] == "1 person recorded."
        assert said[-1].endswith(": 和平区隔离点 has not accepted yet. Have them accept first.")

    def test_a_form_sent_twice_records_once(self, enter: Enter, keeper: Account, asked: list[Handover]) -> None:
        browser, id = enter(keeper, "en"), str(new_id())

        first = do(browser, "accepted", asked, id=id)
        second = do(browser, "accepted", asked, id=id)

        assert (first, second[-1]) == (["2 people recorded."], "2 people recorded.")
        with everywhere():
            kinds = [fact.kind for fact in selectors.facts_of(f"person:{asked[0].person_id}")]
        assert kinds.count("handover.accepted") == 1

    def test_a_refusal_needs_a_reason_and_the_sender_still_holds(
        self, world: World, enter: Enter, keeper: Account, asked: list[Handover]
    ) -> None:
        browser = enter(keeper, "en")

        said = do(browser, "refused", asked)
        done = do(browser, "refused", asked, reason="满员")

        assert said == ["Fill in: Reason. Nothing was recorded."]
        assert done[-1] == "2 people recorded."
        assert stages() == ["refused", "refused"]
        with everywhere():
            assert {one.unit_id for one in world.first.custody.all()} == {world.village.pk}

    def test_the_handovers_of_others_are_not_acted_on(
        self, enter: Enter, asked: list[Handover], make_unit: Any, make_account: Any
    ) -> None:
        other = make_account("other", make_unit("卫生院", "120101001", "township_clinic"), "township_clinic")

        assert do(enter(other, "en"), "accepted", asked) == [
            "Some are no longer open with your unit; nothing was recorded for them."
        ]
        assert stages() == ["requested", "requested"]

    def test_nothing_chosen_is_nothing_recorded(self, enter: Enter, keeper: Account, asked: Any) -> None:
        browser = enter(keeper, "en")

        assert do(browser, "accepted", []) == ["Choose at least one person; nothing was recorded."]
        assert do(browser, "nothing", asked)[-1] == "Choose at least one person; nothing was recorded."

    def test_a_transport_team_reports_the_departure(
        self, world: World, enter: Enter, site: Unit, asked: list[Handover], make_unit: Any, make_account: Any
    ) -> None:
        team = make_account("driver", make_unit("转运组", "120101", "transport_team"), "transport_team")
        link("accepted", world.first, site)

        assert do(enter(team, "en"), "departed", asked[1:], vehicle="津A·转运9")[-1] == "1 person recorded."

        assert stages()[1] == "departed"

    def test_says_so_where_nothing_waits(self, world: World, enter: Enter) -> None:
        assert "No handover waits for your unit" in enter(world.grid_worker, "en").get("/handovers/").text

    def test_takes_the_same_queries_for_one_person_as_for_many(
        self, enter: Enter, keeper: Account, asked: Any, django_assert_num_queries: Any
    ) -> None:
        browser = enter(keeper)
        browser.get("/handovers/")

        with django_assert_num_queries(11):
            browser.get("/handovers/")


class TestTheCard:
    def test_shows_a_mark_and_a_code_and_the_look_is_recorded(self, world: World, enter: Enter) -> None:
        page = enter(world.commander, "en").get(f"/people/{world.first.pk}/card/")

        assert cards.short(world.first.pk) in page.text
        assert "data:image/svg+xml" in page.text
        with everywhere():
            assert AccessLog.objects.get().subject == f"person:{world.first.pk}"

    def test_leads_the_receiver_to_the_handover(self, world: World, enter: Enter, keeper: Account, asked: Any) -> None:
        answer = enter(keeper, "en").get("/handovers/card/", {"code": cards.short(world.first.pk)}, follow=True)

        assert answer.redirect_chain == [(f"/handovers/?of={world.first.pk}", 302)]
        assert [one.name for group in answer.context["turns"] for one in group.people] == ["甲"]

    def test_leads_the_holder_to_the_file(self, world: World, enter: Enter) -> None:
        answer = enter(world.grid_worker).get("/handovers/card/", {"code": cards.code(world.first.pk)})

        assert answer["Location"] == f"/people/{world.first.pk}/"

    def test_of_somebody_else_says_nothing(self, world: World, enter: Enter, keeper: Account) -> None:
        answer = enter(keeper, "en").get("/handovers/card/", {"code": cards.code(world.first.pk)})

        assert answer.status_code == 404
        assert "nobody your unit holds or is asked to take" in answer.text
        assert "甲" not in answer.text

    def test_is_of_nobody_in_another_area(self, world: World, enter: Enter, stranger: Unit, make_account: Any) -> None:
        far = enter(make_account("far", stranger, "county_command"))

        assert far.get(f"/people/{world.first.pk}/card/").status_code == 404

    def test_can_be_typed(self, world: World, enter: Enter) -> None:
        page = enter(world.grid_worker, "en").get("/handovers/card/")

        assert 'name="code"' in page.text
        assert "web/scan.js" in page.text


class TestTheFile:
    def test_says_in_whose_hands_the_person_is_and_where_they_go(self, world: World, enter: Enter, asked: Any) -> None:
        page = enter(world.commander, "en").get(f"/people/{world.first.pk}/")

        assert page.context["hands"]["holder"].name == "蓉芳里居委会"
        assert page.context["hands"]["way"].receiver.name == "和平区隔离点"
        assert "In whose hands" in page.text

    def test_says_so_where_nobody_holds_them(self, world: World, enter: Enter) -> None:
        with everywhere():
            person = Person.objects.create(name="丙", area_id=VILLAGE, synthetic=True)

        page = enter(world.commander, "en").get(f"/people/{person.pk}/?for=management")

        assert "not under management now" in page.text

    def test_says_so_where_no_unit_answers(self, world: World, enter: Enter) -> None:
        with everywhere():
            person = Person.objects.create(name="丙", area_id="120102", synthetic=True)
        at = datetime(2020, 2, 9, tzinfo=SHANGHAI)
        stray = Fact(str(new_id()), "isolation.started", f"person:{person.pk}", "120102", at, None, {"kind": "home"})
        with clock.at(NOON):
            assert ledger.record([stray]).created == 1

        page = enter(_national(world), "en").get(f"/people/{person.pk}/?for=management")

        assert "no unit answers where the person is" in page.text

    def test_shows_the_hands_so_far(self, world: World, enter: Enter, site: Unit, asked: Any) -> None:
        link("accepted", world.first, site)
        link("received", world.first, site, NOON - timedelta(hours=2))

        page = enter(world.commander, "en").get(f"/people/{world.first.pk}/")

        assert [unit.name for _, unit in page.context["hands"]["before"]] == ["和平区隔离点", "蓉芳里居委会"]
        assert "2 hands so far" in page.text


def _national(world: World) -> Account:
    """An account that sees the whole of the city."""
    city = Unit.objects.create(name="天津市指挥部", area_id="12")
    account = Account(username="city", unit=city, role="city_command")
    account.set_password("secret")
    account.save()
    return account
