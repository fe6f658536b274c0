"""The registers of key populations: what plans ask to be listed, who is on a register, putting on and taking off."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, shelf
from bulou.ledger import services as ledger
from bulou.no_miss.screening.models import Enrolment
from bulou.plan.rules import rules
from web.world import NOON, World

Enter = Callable[..., Client]
DAY = timedelta(days=1)


def enrol(world: World, person: Any, category: str = "arrival", at: datetime = NOON - DAY, **data: str) -> str:
    return world.happen("person.enrolled", f"person:{person.pk}", at, category=category, **data)


def names(page: Any) -> list[str]:
    return [row.name for row in page.context["rows"]]


def act(browser: Client, name: str, rows: list[str], **data: str) -> Any:
    given = {"id": str(new_id()), "act": name, "keys": "\r\n".join(rows)}
    answers = {f"data.{key}": value for key, value in data.items()}
    return browser.post("/lists/enrolments/do/", given | answers, follow=True)


class TestTheBooks:
    def test_every_register_of_the_plans_in_force_stands_there_with_its_clause(
        self, world: World, enter: Enter
    ) -> None:
        enrol(world, world.first)

        page = enter(world.commander, "en").get("/registers/")

        plan = shelf.plan("guangxi-2020-9")
        assert plan
        asked = [clause.clause for clause in plan.clauses if clause.register]
        assert [book.clause.clause for book in page.context["books"]] == asked
        assert len(asked) >= 9
        book = next(one for one in page.context["books"] if one.clause.clause == "GX-1.2.c")
        assert [(one.word, one.n) for one in book.categories] == [("close contact", 0), ("arrival", 1)]
        assert "/plans/guangxi-2020-9/GX-1.2.c/" in page.text

    def test_a_number_opens_whom_or_what_it_counts(self, world: World, enter: Enter) -> None:
        enrol(world, world.first)
        with everywhere():
            directory.place_register("省界卡口", "checkpoint", "120101")
        browser = enter(world.commander, "en")
        books = {book.clause.clause: book for book in browser.get("/registers/").context["books"]}

        people = browser.get(books["GX-1.2.c"].categories[1].url)
        posts = browser.get(books["GX-1.3.b"].categories[0].url)

        assert names(people) == ["甲"]
        assert names(posts) == ["省界卡口"]

    def test_who_is_listed_under_what_no_plan_in_force_asks_for_is_not_hidden(self, world: World, enter: Enter) -> None:
        enrol(world, world.first, "taxi_driver")

        page = enter(world.commander, "en").get("/registers/")

        assert "On no register of these plans" in page.text
        assert "taxi driver" in page.text

    def test_where_no_plan_is_in_force_every_plan_on_the_shelf_is_shown(
        self, world: World, enter: Enter, stranger: Unit, make_account: Any
    ) -> None:
        page = enter(make_account("far", stranger, "county_command"), "en").get("/registers/")

        assert len({book.plan.id for book in page.context["books"]}) == 5
        assert len(page.context["books"]) > 75

    def test_costs_the_same_however_many_are_on_them(self, world: World, enter: Enter) -> None:
        browser = enter(world.commander, "en")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                browser.get("/registers/")
            return len(queries)

        browser.get("/registers/")
        before = cost()
        for category in ("arrival", "close_contact", "taxi_driver"):
            enrol(world, world.first, category)

        assert cost() == before <= 13


class TestOnARegister:
    def test_says_since_when_why_and_whose(self, world: World, enter: Enter) -> None:
        enrol(world, world.first, reason="from Wuhan")

        page = enter(world.commander, "en").get("/registers/people/")

        assert names(page) == ["甲"]
        (row,) = page.context["rows"]
        assert row.owner.name == "蓉芳里居委会"
        assert "from Wuhan" in page.text
        assert "1 day ago" in page.text

    def test_says_what_is_done_and_what_is_missed_about_each(self, world: World, enter: Enter) -> None:
        enrol(world, world.second, "close_contact")

        (row,) = enter(world.commander, "en").get("/registers/people/").context["rows"]

        with everywhere():
            duties = [duty.state for duty in selectors.duties_of(f"person:{world.second.pk}")]
        assert row.counts.missed == duties.count("missed") > 0
        assert (row.counts.met, row.counts.open) == (duties.count("met"), duties.count("open"))

    def test_is_narrowed_by_register_name_and_state(self, world: World, enter: Enter) -> None:
        enrol(world, world.first)
        enrol(world, world.second, "close_contact")
        world.happen("person.withdrawn", f"person:{world.first.pk}", NOON - DAY / 2, reason="completed")
        browser = enter(world.commander, "en")

        assert names(browser.get("/registers/people/")) == ["乙"]
        assert names(browser.get("/registers/people/?state=ended")) == ["甲"]
        assert sorted(names(browser.get("/registers/people/?state=all"))) == ["乙", "甲"]
        assert names(browser.get("/registers/people/?state=all&category=arrival")) == ["甲"]
        assert names(browser.get("/registers/people/?state=all&find=0002")) == ["乙"]
        assert names(browser.get("/registers/people/?find=nobody")) == []

    def test_opening_it_is_on_record(self, world: World, enter: Enter) -> None:
        enter(world.commander).get("/registers/people/?find=甲")

        with everywhere():
            assert AccessLog.objects.get().purpose == "enrolments 甲: command"

    def test_another_village_sees_nobody(self, world: World, enter: Enter, make_unit: Any, make_account: Any) -> None:
        enrol(world, world.first)
        beside = make_unit("隔壁居委会", "120101001002", "village_committee")

        page = enter(make_account("beside", beside, "village_committee"), "en").get("/registers/people/?state=all")

        assert names(page) == []
        assert "甲" not in page.text

    def test_costs_the_same_however_many_there_are(self, world: World, enter: Enter) -> None:
        browser = enter(world.commander, "en")
        enrol(world, world.first)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                browser.get("/registers/people/")
            return len(queries)

        browser.get("/registers/people/")
        before = cost()
        for number in range(5):
            with everywhere():
                one = directory.person_register(directory.NewPerson(f"丙{number}", "120101001001", synthetic=True))
            enrol(world, one)

        assert cost() == before <= 17


class TestActs:
    @pytest.fixture
    def both(self, world: World) -> list[str]:
        return [enrol(world, world.first), enrol(world, world.second, "close_contact")]

    def test_many_are_taken_off_with_a_reason_and_the_undoing_puts_them_back(
        self, world: World, enter: Enter, both: list[str]
    ) -> None:
        browser = enter(world.grid_worker, "en")

        answer = act(browser, "withdraw", both, reason="completed")

        assert names(browser.get("/registers/people/")) == []
        with everywhere():
            assert {row.ended for row in Enrolment.objects.all()} == {"completed"}
        browser.post(f"{answer.request['PATH_INFO']}undo/")
        assert sorted(names(browser.get("/registers/people/"))) == ["乙", "甲"]

    def test_who_is_on_two_registers_leaves_the_one_chosen(self, world: World, enter: Enter, both: list[str]) -> None:
        enrol(world, world.first, "close_contact")

        act(enter(world.grid_worker, "en"), "withdraw", both[:1], reason="completed")

        with everywhere():
            assert set(Enrolment.objects.filter(until=None).values_list("category", flat=True)) == {"close_contact"}

    def test_who_has_left_already_is_refused_and_said(self, world: World, enter: Enter, both: list[str]) -> None:
        browser = enter(world.grid_worker, "en")
        act(browser, "withdraw", both[:1], reason="completed")

        shown = browser.post("/lists/enrolments/preview/", {"act": "withdraw", "row": both})

        assert "has left the register already" in shown.text
        assert [len(shown.context["planned"].going), len(shown.context["planned"].refused)] == [1, 1]

    def test_a_follow_up_of_many_does_what_the_plan_asks(self, world: World, enter: Enter, both: list[str]) -> None:
        plan = shelf.plan("guangxi-2020-9")
        assert plan
        with everywhere():
            ledger.adopt([rule for rule in rules(plan) if rule.id.endswith("/daily-follow-up")], area="12")
        browser = enter(world.grid_worker, "en")
        before = [row.counts.met for row in browser.get("/registers/people/").context["rows"]]

        act(browser, "follow-up", both, means="phone", reached="true")

        assert sum(row.counts.met for row in browser.get("/registers/people/").context["rows"]) == sum(before) + 2

    def test_people_are_put_on_a_register_from_the_list_of_people(self, world: World, enter: Enter) -> None:
        browser = enter(world.grid_worker, "en")
        keys = "\r\n".join(str(one.pk) for one in (world.first, world.second))

        browser.post(
            "/lists/people/do/", {"id": str(new_id()), "act": "enrol", "keys": keys, "data.category": "arrival"}
        )

        assert sorted(names(browser.get("/registers/people/"))) == ["乙", "甲"]
