"""What a phone brings back: stored once, in its true time, or listed as a conflict, or refused with the reason."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.web.field.sync.envelope import bytes_of, text_of
from bulou.web.models import FieldEntry
from web.phone import EVENING, Phone, Time, post
from web.world import World

Enter = Callable[..., Client]


def readings(person: Person) -> list[selectors.FactRow]:
    """The evening's readings of a person that count."""
    with everywhere():
        facts = selectors.facts_of(f"person:{person.pk}")
    return [fact for fact in facts if fact.kind == "temperature.read" and fact.effective and fact.at >= EVENING]


def conflicts() -> dict[UUID, str]:
    with everywhere():
        return dict(FieldEntry.objects.exclude(reason="").values_list("id", "reason"))


def entry(id: UUID) -> FieldEntry:
    with everywhere():
        return FieldEntry.objects.get(id=id)


def measured_by(account: Account, person: Person, celsius: float, at: datetime, supersedes: str | None = None) -> str:
    """Somebody records on line."""
    unit = f"unit:{account.unit_id}"
    data = {"celsius": celsius}
    subject = f"person:{person.pk}"
    fact = Fact(str(new_id()), "temperature.read", subject, person.area_id, at, unit, data, supersedes)
    assert ledger.record([fact], account=account.pk).refused == ()
    return fact.id


def test_an_entry_is_stored_once_in_its_true_time_and_in_its_authors_name(
    world: World, phone: Phone, time: Time
) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    time.pass_(minutes=40)

    assert phone.send() == ["stored"]

    (fact,) = readings(world.first)
    assert (fact.id, fact.at, fact.data["celsius"]) == (id, EVENING, 36.8)
    assert fact.by == f"unit:{world.village.pk}"
    assert phone.outbox == []


@pytest.mark.parametrize("skew", [timedelta(days=1), timedelta(days=-1), timedelta(minutes=7)])
def test_a_wrong_clock_changes_nothing_and_what_it_said_is_kept(
    world: World, phone: Phone, time: Time, skew: timedelta
) -> None:
    phone.skew = skew
    id = phone.record(phone.task("甲"), celsius="36.8")
    phone.run = "2"
    time.pass_(hours=2)

    phone.send()

    assert readings(world.first)[0].at == EVENING
    assert (entry(id).at, entry(id).phone_at) == (EVENING, EVENING + skew)


def test_a_clock_set_back_meanwhile_is_outdone_by_the_stopwatch(world: World, phone: Phone, time: Time) -> None:
    phone.record(phone.task("甲"), celsius="36.8")
    time.pass_(hours=1)
    phone.skew = timedelta(hours=-5)

    phone.send()

    assert readings(world.first)[0].at == EVENING


def test_nothing_was_made_before_its_ticket_or_after_it_arrived(world: World, phone: Phone, time: Time) -> None:
    phone.record(phone.task("甲"), celsius="36.8")
    phone.record(phone.task("乙"), celsius="36.9")
    phone.run, phone.skew = "2", timedelta(days=3)
    time.pass_(hours=1)
    phone.send(batch=1)
    phone.run, phone.skew = "3", timedelta(days=-3)
    phone.send()

    assert [fact.at for person in (world.first, world.second) for fact in readings(person)] == [
        EVENING,
        EVENING + timedelta(hours=1),
    ]


def test_a_lost_answer_is_asked_for_again_and_nothing_is_stored_twice(world: World, phone: Phone) -> None:
    phone.record(phone.task("甲"), celsius="36.8")
    phone.record(phone.task("乙"), celsius="36.9")
    phone.send(answered=False)

    assert phone.send() == ["already", "already"]
    assert [len(readings(person)) for person in (world.first, world.second)] == [1, 1]


def test_the_same_entry_twice_in_one_upload_is_one(world: World, phone: Phone) -> None:
    phone.record(phone.task("甲"), celsius="36.8")
    phone.outbox *= 2

    assert phone.send() == ["stored", "already"]
    assert len(readings(world.first)) == 1


def test_what_reached_the_server_on_line_is_known_when_the_phone_sends_it_too(
    world: World, phone: Phone, enter: Enter, time: Time
) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    form = {"id": str(id), "key": phone.task("甲")["duty"], "data.celsius": "36.8", "group": ""}
    enter(world.grid_worker).post("/my/record/", form)
    time.pass_(minutes=5)

    assert phone.send() == ["already"]
    assert len(readings(world.first)) == 1


def test_another_entry_under_a_known_id_is_refused(world: World, phone: Phone) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    phone.send()
    phone.record(phone.task("甲"), id, celsius="39.0")

    assert phone.send() == ["refused"]
    assert [fact.data["celsius"] for fact in readings(world.first)] == [36.8]


def test_another_value_of_a_colleague_is_a_conflict_shown_and_not_dropped(
    world: World, phone: Phone, colleague: Account
) -> None:
    id = phone.record(phone.task("甲"), celsius="38.2")
    theirs = measured_by(colleague, world.first, 36.5, EVENING)

    assert phone.send() == ["conflict"]

    assert conflicts() == {id: "other"}
    assert (str(entry(id).against), entry(id).data) == (theirs, {"celsius": 38.2})
    assert [str(fact.id) for fact in readings(world.first)] == [theirs]


def test_the_same_value_of_a_colleague_is_none(world: World, phone: Phone, colleague: Account) -> None:
    phone.record(phone.task("甲"), celsius="36.5")
    measured_by(colleague, world.first, 36.5, EVENING)

    assert phone.send() == ["stored"]


def test_a_correction_that_says_something_else_is_a_conflict_even_ones_own(
    world: World, phone: Phone, time: Time
) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    mine = measured_by(world.grid_worker, world.first, 36.9, EVENING)
    measured_by(world.grid_worker, world.first, 37.9, EVENING, supersedes=mine)

    assert phone.send() == ["conflict"]
    assert conflicts() == {id: "corrected"}


def test_a_duty_whose_opening_was_withdrawn_is_a_conflict(world: World, phone: Phone) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    subject = f"person:{world.first.pk}"
    with everywhere():
        (start,) = [fact for fact in selectors.facts_of(subject) if fact.kind == "isolation.started"]
    withdrawal = Fact(
        str(new_id()), "fact.withdrawn", subject, start.area, EVENING, None, {"reason": "x"}, str(start.id)
    )
    assert ledger.record([withdrawal]).refused == ()

    assert phone.send() == ["conflict"]
    assert conflicts() == {id: "gone"}


def test_entries_of_a_closed_account_still_arrive_and_are_listed(world: World, phone: Phone) -> None:
    ids = [phone.record(phone.task(name), celsius="36.8") for name in ("甲", "乙")]
    directory.account_close(world.grid_worker)

    assert phone.send() == ["conflict", "conflict"]
    assert conflicts() == dict.fromkeys(ids, "revoked")
    assert readings(world.first) == []


def test_entries_of_somebody_who_changed_units_are_listed(
    world: World, phone: Phone, make_unit: Callable[..., Unit]
) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    elsewhere = make_unit("兆丰路居委会", "120101001002", "village_committee")
    Account.objects.filter(pk=world.grid_worker.pk).update(unit=elsewhere)

    assert phone.send() == ["conflict"]
    assert conflicts() == {id: "moved"}


def test_a_number_that_cannot_be_is_refused_and_the_rest_is_taken(world: World, phone: Phone) -> None:
    phone.record(phone.task("甲"), celsius="368")
    phone.record(phone.task("乙"), celsius="36.8")

    assert phone.send() == ["refused", "stored"]
    assert conflicts() == {}


def test_why_it_was_refused_is_said_in_the_phones_language(phone: Phone) -> None:
    phone.record(phone.task("甲"), celsius="368")
    listed = [{"id": str(id), "sealed": sealed} for id, sealed in phone.outbox]

    said = {
        language: post(phone.stamp() | {"entries": listed}, language).json()["results"][0]["why"]
        for language in ("zh", "en")
    }

    assert said["en"] == "Body temperature: At most 45.0. Check the number."
    assert said["zh"].startswith("体温")


def test_an_entry_without_a_ticket_of_this_house_is_refused_and_leaves_nothing(world: World, phone: Phone) -> None:
    phone.given["ticket"] = phone.given["ticket"][:-4] + "AAAA"
    phone.record(phone.task("甲"), celsius="36.8")

    assert phone.send() == ["refused"]
    assert (readings(world.first), conflicts()) == ([], {})


def test_an_envelope_for_another_entry_does_not_open(world: World, phone: Phone) -> None:
    phone.record(phone.task("甲"), celsius="36.8")
    phone.outbox = [(new_id(), phone.outbox[0][1])]

    assert phone.send() == ["refused"]


@pytest.mark.parametrize("spoil", [0, 3, 20, 75, 100, -1])
def test_an_altered_envelope_does_not_open(phone: Phone, spoil: int) -> None:
    id = phone.record(phone.task("甲"), celsius="36.8")
    data = bytearray(bytes_of(phone.outbox[0][1]))
    data[spoil] ^= 1
    phone.outbox = [(id, text_of(bytes(data)))]

    assert phone.send() == ["refused"]


def test_what_lies_outside_the_tickets_area_is_refused(phone: Phone) -> None:
    phone.record(phone.task("甲") | {"area": "450103"}, celsius="36.8")

    assert phone.send() == ["refused"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"entries": []}',
        '{"entries": 1, "clock": 1, "steady": 1, "run": "x"}',
        '{"entries": [{"id": "x"}], "clock": 1, "steady": 1, "run": "x"}',
        '{"entries": [], "clock": 1, "steady": 1}',
        '{"entries": [], "clock": 1, "steady": 1, "run": "x", "more": "' + "x" * 900_000 + '"}',
        '{"entries": [], "clock": "x", "steady": 1, "run": "x"}',
        '{"entries": [], "clock": 1e99, "steady": 1, "run": "x"}',
        json.dumps({"entries": [{"id": str(UUID(int=1)), "sealed": "x"}] * 51, "clock": 1, "steady": 1, "run": "x"}),
    ],
)
def test_an_upload_that_is_none_is_refused_whole(client: Client, db: None, body: str) -> None:
    answer = client.post("/my/sync/upload/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["why"]


def test_an_upload_takes_as_many_queries_for_five_entries_as_for_two(world: World, phone: Phone, time: Time) -> None:
    def spent(count: int) -> int:
        for number in range(count):
            phone.record(phone.task("甲" if number % 2 else "乙"), celsius=f"36.{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert phone.send(batch=9) == ["stored"] * count
        return len(queries)

    assert spent(2) == spent(5) <= 30


def test_the_list_takes_as_many_queries_as_my_list_and_holds_no_number(world: World, enter: Enter, time: Time) -> None:
    browser = enter(world.grid_worker)
    counted = []
    for address in ("/my/sync/list/?device=0197a000-0000-7000-8000-000000000009", "/my/"):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(address)
        counted.append(len(queries))
        if address != "/my/":
            assert "甲" in answer.text
            assert "1990000" not in answer.text
            assert answer["Cache-Control"] == "no-store"

    assert counted[0] <= counted[1]


def test_a_list_is_for_a_phone_that_says_which_it_is(world: World, enter: Enter) -> None:
    assert enter(world.grid_worker).get("/my/sync/list/?device=x").status_code == 400


def test_numbers_come_with_their_limits(phone: Phone) -> None:
    (celsius,) = phone.task("甲")["fields"]

    assert (celsius["unit"], celsius["least"], celsius["most"]) == ("℃", 30, 45)
