"""Conflicts: side by side, decided once by whoever may, and whatever is decided nothing of either side is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.ledger import selectors
from bulou.web.models import FieldEntry, FieldRuling
from web.phone import Phone, Time
from web.test_sync import EVENING, measured_by, readings
from web.world import MakeAccount, World

Enter = Callable[..., Client]


@pytest.fixture
def conflict(world: World, phone: Phone, colleague: Account) -> UUID:
    """The phone says 38.2 of 甲, a colleague recorded 36.5 meanwhile."""
    id = phone.record(phone.task("甲"), celsius="38.2")
    measured_by(colleague, world.first, 36.5, EVENING)
    assert phone.send() == ["conflict"]
    return id


def decide(browser: Client, id: UUID, ruling: str, note: str = "") -> Any:
    return browser.post(f"/conflicts/{id}/rule/", {"ruling": ruling, "note": note}, follow=True)


def counted(person: Person) -> list[float]:
    return sorted(fact.data["celsius"] for fact in readings(person))


def all_readings(person: Person) -> int:
    with everywhere():
        return len([fact for fact in selectors.facts_of(f"person:{person.pk}") if fact.kind == "temperature.read"])


def rulings() -> list[tuple[UUID, str, str]]:
    with everywhere():
        return list(FieldRuling.objects.values_list("entry", "ruling", "note"))


def test_both_sides_stand_beside_each_other_with_who_and_when(
    world: World, enter: Enter, conflict: UUID, time: Time
) -> None:
    page = enter(world.grid_worker, "en").get("/conflicts/")

    (one,) = page.context["waiting"]
    assert (one.id, one.name, one.why) == (conflict, "甲", "Somebody else recorded another value meanwhile.")
    assert [value for _, value in one.mine.data] == ["38.2"]
    assert [value for _, value in one.theirs.data] == ["36.5"]
    assert (one.mine.by, one.theirs.by) == ("grid · 蓉芳里居委会", "colleague · 蓉芳里居委会")
    assert one.mine.phone_at is None


def test_the_phones_own_time_is_said_where_it_was_wrong(world: World, phone: Phone, enter: Enter) -> None:
    phone.skew = timedelta(hours=3)
    phone.record(phone.task("甲"), celsius="36.8")
    directory.account_close(world.grid_worker)
    phone.send()

    (one,) = enter(world.commander, "en").get("/conflicts/").context["waiting"]

    assert (one.mine.at, one.mine.phone_at) == (EVENING, EVENING + timedelta(hours=3))


@pytest.mark.parametrize(
    ("ruling", "counts", "kept"), [("mine", [38.2], 6), ("theirs", [36.5], 5), ("both", [36.5, 38.2], 6)]
)
def test_a_decision_counts_what_it_says_and_loses_nothing(
    world: World, enter: Enter, conflict: UUID, ruling: str, counts: list[float], kept: int
) -> None:
    answer = decide(enter(world.grid_worker, "en"), conflict, ruling, "measured again")

    assert "Decided" in answer.text
    assert counted(world.first) == counts
    assert all_readings(world.first) == kept
    assert rulings() == [(conflict, ruling, "measured again")]
    assert answer.context["waiting"] == []
    assert [one.ruled_by for one in answer.context["settled"]] == ["grid · 蓉芳里居委会"]
    with everywhere():
        assert FieldEntry.objects.get(id=conflict).reason == "other"


def test_a_conflict_is_decided_once(world: World, enter: Enter, conflict: UUID) -> None:
    browser = enter(world.grid_worker, "en")
    decide(browser, conflict, "theirs")

    answer = decide(browser, conflict, "mine")

    assert "Somebody has decided this already" in answer.text
    assert counted(world.first) == [36.5]


def test_a_decision_that_is_none_changes_nothing(world: World, enter: Enter, conflict: UUID) -> None:
    answer = decide(enter(world.grid_worker, "en"), conflict, "perhaps")

    assert "Choose one of the decisions" in answer.text
    assert rulings() == []


def test_the_phone_asks_again_after_the_decision_and_hears_the_same(
    world: World, enter: Enter, phone: Phone, colleague: Account
) -> None:
    id = phone.record(phone.task("甲"), celsius="38.2")
    measured_by(colleague, world.first, 36.5, EVENING)
    phone.send(answered=False)
    decide(enter(world.grid_worker), id, "mine")

    assert phone.send() == ["conflict"]
    assert counted(world.first) == [38.2]


def test_entries_of_a_closed_account_are_for_the_command_post(
    world: World, enter: Enter, phone: Phone, colleague: Account
) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    directory.account_close(world.grid_worker)
    phone.send()

    browser = enter(colleague, "en")
    assert "A command post decides this" in browser.get("/conflicts/").text
    assert decide(browser, id, "mine").status_code == 403
    answer = decide(enter(world.commander, "en"), id, "mine")

    assert "Decided" in answer.text
    (fact,) = readings(world.first)
    assert (fact.id, fact.at, fact.by) == (id, EVENING, f"unit:{world.village.pk}")


def test_a_fact_taken_back_meanwhile_is_not_replaced(
    world: World, enter: Enter, conflict: UUID, colleague: Account
) -> None:
    (theirs,) = readings(world.first)
    measured_by(colleague, world.first, 36.4, EVENING, supersedes=str(theirs.id))

    decide(enter(world.grid_worker), conflict, "mine")

    assert counted(world.first) == [36.4, 38.2]


def test_conflicts_of_other_units_and_areas_are_not_seen(
    world: World, enter: Enter, conflict: UUID, make_unit: Callable[..., Unit], make_account: MakeAccount
) -> None:
    clinic = make_account("clinic", make_unit("卫生院", "120101001001", "township_clinic"), "township_clinic")
    foreign = make_account("foreign", make_unit("青秀区指挥部", "450103", "county_command"), "county_command")

    for account in (clinic, foreign):
        browser = enter(account, "en")
        assert browser.get("/conflicts/").context["total"] == 0
        assert decide(browser, conflict, "mine").status_code == 404
    assert counted(world.first) == [36.5]


def test_looking_at_conflicts_is_on_record(world: World, enter: Enter, conflict: UUID) -> None:
    enter(world.commander).get("/conflicts/")

    with everywhere():
        (look,) = AccessLog.objects.filter(account=world.commander.pk)
    assert (look.act, look.area, look.purpose) == ("view", "120101", "conflicts: command")


def test_the_page_takes_as_many_queries_for_six_conflicts_as_for_one(
    world: World, enter: Enter, phone: Phone, colleague: Account
) -> None:
    browser = enter(world.grid_worker)
    measured_by(colleague, world.first, 36.5, EVENING)
    counts = []
    for number in (1, 5):
        for one in range(number):
            phone.record(phone.task("甲"), celsius=f"38.{number + one}")
        phone.send(batch=9)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/conflicts/")
        counts.append(len(queries))

    assert page.context["total"] == 6
    assert counts[0] == counts[1] <= 20


def test_a_rescued_file_is_taken_as_if_the_phone_had_sent_it(
    world: World, enter: Enter, phone: Phone, time: Time
) -> None:
    phone.skew = timedelta(days=-1)
    phone.fetch(world.grid_worker)
    phone.record(phone.task("甲"), celsius="36.8")
    phone.record(phone.task("乙"), celsius="368")
    file = phone.rescue()
    time.pass_(days=2)

    browser = enter(world.commander, "en")
    for _ in range(2):
        upload = SimpleUploadedFile("bulou.json", file, "application/json")
        answer = browser.post("/conflicts/file/", {"file": upload}, follow=True)

    assert "0 stored, 1 known before, 0 in conflict, 1 refused" in answer.text
    assert [fact.at for fact in readings(world.first)] == [EVENING]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"entries": 1}', b"\xff\xfe"])
def test_a_file_that_is_none_is_said_to_be_none(world: World, enter: Enter, content: bytes) -> None:
    file = SimpleUploadedFile("x.json", content or b" ", "application/json")

    answer = enter(world.commander, "en").post("/conflicts/file/", {"file": file}, follow=True)

    assert "not a file saved by My list" in answer.text
