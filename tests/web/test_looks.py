"""Who looked at whom: the purpose of a look, the record, and who may read it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone

from bulou.directory.models import AccessLog, Person
from bulou.directory.purposes import PURPOSES, purpose_of
from bulou.directory.roles import ROLES
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.web.looking import has_live_duty

Enter = Callable[..., Client]


def looks(**given: Any) -> list[tuple[UUID, str, str, str]]:
    with everywhere():
        found = AccessLog.objects.filter(**given).order_by("at", "id")
        return list(found.values_list("account", "subject", "purpose", "page"))


@pytest.fixture
def officer(make_unit: Any, make_account: Any, world: Any) -> Any:
    return make_account("audit", make_unit("和平区信息中心", "120101", "audit_administrator"), "audit_administrator")


@pytest.fixture
def school(make_unit: Any, make_account: Any, world: Any) -> Any:
    """A unit of the village that owes its people nothing."""
    return make_account("school", make_unit("小学", "120101001001", "school"), "school")


@pytest.fixture
def treasurer(make_unit: Any, make_account: Any, world: Any) -> Any:
    """A role that has nothing to do with people by itself."""
    return make_account("treasurer", make_unit("财政局", "120101", "finance_bureau"), "finance_bureau")


def test_with_a_live_duty_the_purpose_is_the_role_s(world: Any, enter: Enter) -> None:
    address = f"/people/{world.first.pk}/"

    assert enter(world.grid_worker).get(address).status_code == 200
    assert enter(world.commander).get(address).status_code == 200

    assert looks(act="view") == [
        (world.grid_worker.pk, f"person:{world.first.pk}", "management", address),
        (world.commander.pk, f"person:{world.first.pk}", "command", address),
    ]


def test_without_one_the_purpose_is_asked_and_nothing_shown_or_recorded_before(
    world: Any, enter: Enter, school: Any
) -> None:
    browser, address = enter(school, "en"), f"/people/{world.first.pk}/"

    page = browser.get(address)

    assert "What is it needed for?" in page.text
    assert "甲" not in page.text
    assert looks() == []
    assert "甲" in browser.get(f"{address}?for=answer").text
    assert looks() == [(school.pk, f"person:{world.first.pk}", "answer", address)]


def test_what_was_stated_of_somebody_holds_for_their_other_pages_for_half_an_hour(
    world: Any, enter: Enter, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, start = enter(school, "en"), f"/people/{world.first.pk}/"
    browser.get(f"{start}?for=answer")

    assert "甲" in browser.get(f"{start}card/").text
    assert "甲" in browser.get(f"{start}isolation/").text
    assert "What is it needed for?" in browser.get(f"/people/{world.second.pk}/").text, "of another it is asked"
    stated = f"person:{world.first.pk}"
    assert looks() == [(school.pk, stated, "answer", page) for page in (start, f"{start}card/", f"{start}isolation/")]
    monkeypatch.setattr("bulou.web.looking.REMEMBERED", 0)
    assert "What is it needed for?" in browser.get(f"{start}card/").text


@pytest.mark.parametrize("page", ["/people/", "/misses/", "/duties/", "/transit/", "/imports/doubles/", "/isolation/"])
def test_a_list_asks_a_role_without_a_purpose_once(world: Any, enter: Enter, treasurer: Any, page: str) -> None:
    browser = enter(treasurer, "en")

    asked = browser.get(f"{page}?sort=name")

    assert "This list names people" in asked.text
    assert 'name="sort" value="name"' in asked.text, "where one was going is kept"
    assert "甲" not in asked.text
    assert looks() == []
    assert browser.get(f"{page}?for=inspection").status_code == 200
    assert "This list names people" not in browser.get("/people/").text
    assert [why.rpartition(": ")[2] for _account, _subject, why, _page in looks()] == ["inspection"] * 2


def test_ones_own_work_is_not_asked_about(world: Any, enter: Enter, treasurer: Any) -> None:
    for page in ("/my/", "/handovers/", "/conflicts/"):
        assert enter(treasurer, "en").get(page).status_code == 200

    assert [why for *_others, why, _page in looks()] == [
        "my: management",
        "handovers: management",
        "conflicts: management",
    ]


def test_the_record_says_what_was_listed_and_finds_it_by_purpose(world: Any, enter: Enter, officer: Any) -> None:
    enter(world.commander).get("/people/", {"find": "甲"})
    enter(world.commander).get("/transit/")

    shown = enter(officer, "en").get("/looks/?purpose=command").context["rows"]

    assert {line.why for line in shown} == {
        "People 甲 · Command and coordination",
        "In transit · Command and coordination",
    }


@pytest.mark.parametrize("page", ["/", "/wall/", "/areas/120101001/"])
def test_a_screen_that_stands_open_names_nobody_in_full(world: Any, enter: Enter, page: str) -> None:
    with everywhere():
        Person.objects.filter(pk=world.first.pk).update(name="欧阳锋")

    shown = enter(world.commander).get(page).text

    assert "欧**" in shown
    assert "欧阳" not in shown


@pytest.mark.parametrize("stated", ["", "because", "Answer"])
def test_only_a_purpose_of_the_list_opens_the_file(world: Any, enter: Enter, school: Any, stated: str) -> None:
    page = enter(school).get(f"/people/{world.first.pk}/?for={stated}")

    assert "甲" not in page.text
    assert looks() == []


@pytest.mark.parametrize(
    ("mine", "state", "days", "role", "lives"),
    [
        (True, "open", 0, "village_committee", True),
        (True, "missed", 30, "village_committee", True),
        (True, "met", 6, "village_committee", True),
        (True, "met", 8, "village_committee", False),
        (True, "void", 8, "village_committee", False),
        (False, "open", 0, "village_committee", False),
        (False, "missed", 30, "county_command", True),
        (False, "met", 8, "county_command", False),
    ],
)
def test_a_duty_lives_while_it_presses_and_for_a_week(
    world: Any, mine: bool, state: str, days: int, role: str, lives: bool
) -> None:
    with everywhere():
        row = ledger.duties_of(f"person:{world.first.pk}")[0]
    opened = clock.now() - timedelta(days=days)
    owner = world.grid_worker.unit_id if mine else new_id()
    account = world.grid_worker
    account.role = role

    assert has_live_duty(account, [replace(row, owner=owner, state=state, opens_at=opened)]) is lives
    assert not has_live_duty(account, [])


def test_a_duty_s_page_and_a_case_ask_too(world: Any, enter: Enter, school: Any) -> None:
    episode = f"episode:{new_id()}"
    at = datetime(2020, 2, 9, 8, tzinfo=SHANGHAI)
    world.happen("episode.confirmed", episode, at, disease="covid-19-2020", person=f"person:{world.first.pk}")
    key = enter(world.grid_worker).get("/my/").context["groups"][0].tasks[0].row.key
    case = f"/cases/{episode.removeprefix('episode:')}/"

    for address in (f"/duties/{key}/", case):
        assert "What is it needed for?" in enter(school, "en").get(address).text
    assert looks(account=school.pk) == []
    assert enter(world.commander).get(case).status_code == 200
    assert looks(account=world.commander.pk) == [(world.commander.pk, episode, "command", case)]


def test_every_role_s_purpose_is_on_the_list() -> None:
    assert {purpose_of(role) for role in ROLES} - {""} <= set(PURPOSES)
    assert purpose_of("cdc") == "tracing"
    assert purpose_of("finance_bureau") == ""
    assert purpose_of("nobody") == ""


@pytest.mark.parametrize("page", ["/misses/?area=45", "/people/?area=450103", "/areas/45/"])
def test_asking_for_another_area_is_on_record(world: Any, enter: Enter, page: str) -> None:
    assert enter(world.commander).get(page).status_code == 403

    ((account, subject, purpose, from_page),) = looks(act="denied")
    assert (account, purpose, from_page) == (world.commander.pk, "", page.partition("?")[0])
    assert subject.startswith("area:45")


def test_asking_for_somebody_who_is_not_there_is_on_record(
    world: Any, enter: Enter, stranger: Any, make_account: Any
) -> None:
    far = make_account("far", stranger, "county_command")

    assert enter(far).get(f"/people/{world.first.pk}/").status_code == 404

    assert [(account, subject) for account, subject, *_ in looks(act="denied")] == [
        (far.pk, f"person:{world.first.pk}")
    ]


def test_the_officer_reads_who_looked_at_whom_why_and_from_where(world: Any, enter: Enter, officer: Any) -> None:
    enter(world.commander).get(f"/people/{world.first.pk}/")
    enter(world.commander).post(f"/people/{world.first.pk}/reveal/", {"column": "phone", "purpose": "tracing"})

    page = enter(officer, "en").get("/looks/")

    rows = [(line.who, line.whom, line.why) for line in page.context["rows"]]
    assert ("command", "甲", "Command and coordination") in rows
    assert ("command", "甲", "Phone · Contact tracing") in rows
    assert f"/people/{world.first.pk}/" in page.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("who=command", 2),
        ("who=nobody", 0),
        ("act=reveal", 1),
        ("purpose=command", 1),
        ("act=search", 0),
        ("day=2001-01-01", 0),
        ("day=not-a-day", 3),
        ("area=120101001001&who=command", 2),
        ("after=nonsense&who=command", 2),
    ],
)
def test_the_record_is_narrowed(world: Any, enter: Enter, officer: Any, query: str, count: int) -> None:
    enter(world.commander).get(f"/people/{world.first.pk}/")
    enter(world.commander).post(f"/people/{world.first.pk}/reveal/", {"column": "phone", "purpose": "tracing"})

    assert len(enter(officer).get(f"/looks/?{query}").context["rows"]) == count


def test_the_record_of_today_a_page_at_a_time(world: Any, enter: Enter, officer: Any) -> None:
    with everywhere():
        AccessLog.objects.bulk_create(
            AccessLog(account=world.commander.pk, act="view", subject=f"person:{world.first.pk}", area="120101001001")
            for _ in range(60)
        )
    browser = enter(officer)
    today = timezone.localdate().isoformat()

    first = browser.get(f"/looks/?day={today}&who=command")
    second = browser.get(first.context["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)
    assert not {one.row.id for one in first.context["rows"]} & {one.row.id for one in second.context["rows"]}


def test_reading_the_record_is_on_record_and_takes_a_fixed_number_of_queries(
    world: Any, enter: Enter, officer: Any, django_assert_num_queries: Any
) -> None:
    browser = enter(officer)
    browser.get("/looks/")
    with django_assert_num_queries(11):
        browser.get("/looks/")

    assert [(account, purpose, page) for account, _s, purpose, page in looks()] == [
        (officer.pk, "audit", "/looks/")
    ] * 2


def test_command_may_ask_who_looked_at_one_file_and_others_may_not(world: Any, enter: Enter) -> None:
    subject = f"person:{world.first.pk}"
    enter(world.grid_worker).get(f"/people/{world.first.pk}/")
    browser = enter(world.commander, "en")
    assert f"/looks/?subject={subject}" in browser.get(f"/people/{world.first.pk}/").text

    page = browser.get(f"/looks/?subject={subject}")

    assert {line.who for line in page.context["rows"]} == {"grid", "command"}
    assert browser.get("/looks/").status_code == 403
    worker = enter(world.grid_worker)
    assert worker.get(f"/looks/?subject={subject}").status_code == 403
    assert "/looks/" not in worker.get(f"/people/{world.first.pk}/").text


def test_the_record_of_another_area_is_not_shown(
    world: Any, enter: Enter, stranger: Any, make_unit: Any, make_account: Any
) -> None:
    enter(world.commander).get(f"/people/{world.first.pk}/")
    unit = make_unit("青秀区信息中心", "450103", "audit_administrator")

    page = enter(make_account("far", unit, "audit_administrator")).get("/looks/?who=command")

    assert list(page.context["rows"]) == []


def test_the_record_cannot_be_changed(world: Any, enter: Enter) -> None:
    enter(world.commander).get(f"/people/{world.first.pk}/")

    with pytest.raises(ProgrammingError), everywhere():
        AccessLog.objects.update(at=timezone.now() - timedelta(days=1))
