"""Requests about personal data: who may answer, what happens then, and who is erased when."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from bulou.directory import selectors as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.exchange.jobs import tasks
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.operations.support import answering, own_pages, rights
from bulou.operations.support.models import OwnPageOpening, RightsRequest

from .conftest import NOW, VILLAGE, Village

DAY = timedelta(days=1)


@pytest.fixture
def commander(make_unit: Callable[..., Unit], make_account: Callable[..., Account]) -> Account:
    return make_account("commander", make_unit("和平区指挥部", "120101", "county_command"), "county_command")


def ask(village: Village, right: str = "erasure", person: int = 0) -> UUID:
    return UUID(village.happen("rights.requested", person, NOW, village.subject(person), right=right))


def get(id: UUID) -> RightsRequest:
    with everywhere():
        return RightsRequest.objects.get(id=id)


def name(village: Village, person: int = 0) -> str:
    with everywhere():
        return str(Person.everyone.get(pk=village.people[person]).name)


def isolate(village: Village) -> None:
    village.happen("isolation.started", 0, NOW - 2 * DAY, f"unit:{village.unit.pk}", kind="home")


def let_go(village: Village) -> None:
    village.happen("isolation.ended", 0, NOW + DAY, f"unit:{village.unit.pk}", reason="completed")


def test_what_is_asked_stands_on_the_list_until_it_is_answered(village_of_two: Village, commander: Account) -> None:
    id = ask(village_of_two, "copy")
    assert (get(id).state, get(id).person_id, get(id).right) == ("open", village_of_two.people[0], "copy")

    with scope("120101"):
        assert answering.answer(id, "granted", "handed over at the counter", by=commander) == 0

    one = get(id)
    assert (one.state, one.reason, one.answered_by) == ("done", "handed over at the counter", commander.unit_id)


def test_whoever_is_granted_it_and_managed_by_nobody_is_erased_in_the_same_act(
    village_of_two: Village, commander: Account
) -> None:
    id = ask(village_of_two)

    with scope("120101"):
        assert answering.answer(id, "granted", "the purpose is fulfilled", by=commander) == 1

    assert name(village_of_two) == ""
    assert get(id).state == "done"
    assert name(village_of_two, 1) == "乙"


def test_whoever_is_still_managed_is_erased_only_once_they_are_not(village_of_two: Village, commander: Account) -> None:
    isolate(village_of_two)
    id = ask(village_of_two)
    with scope("120101"):
        assert answering.answer(id, "granted", "once the isolation is over", by=commander) == 0
    assert (get(id).state, name(village_of_two), answering.due()) == ("granted", "甲", 0)

    let_go(village_of_two)
    with clock.at(NOW + 2 * DAY):
        ledger.advance()
        assert answering.carry_out() == 1

    assert (get(id).state, name(village_of_two)) == ("done", "")


def test_the_worker_carries_out_each_night_what_was_granted(village_of_two: Village, commander: Account) -> None:
    isolate(village_of_two)
    id = ask(village_of_two)
    with scope("120101"):
        answering.answer(id, "granted", "once the isolation is over", by=commander)
    village_of_two.happen("isolation.ended", 0, NOW, f"unit:{village_of_two.unit.pk}", reason="completed")
    assert answering.due() == 1

    tasks.erase(timestamp=0)

    assert (get(id).state, name(village_of_two), answering.due()) == ("done", "", 0)


def test_whoever_is_on_a_register_of_the_well_waits_until_they_are_off_it(
    village_of_two: Village, commander: Account
) -> None:
    village_of_two.happen("person.enrolled", 0, NOW, f"unit:{village_of_two.unit.pk}", category="vulnerable")
    id = ask(village_of_two)

    with scope("120101"):
        assert answering.answer(id, "granted", "once off the register", by=commander) == 0

    assert get(id).state == "granted"


def test_a_refusal_erases_nobody_and_the_same_answer_again_is_none(village_of_two: Village, commander: Account) -> None:
    id, again = ask(village_of_two), new_id()

    with scope("120101"):
        for _ in range(2):
            answering.answer(id, "declined", "under inquiry", by=commander, fact=again)
        with pytest.raises(BulouError, match="answered already"):
            answering.answer(id, "granted", "after all", by=commander)

    assert (get(id).state, name(village_of_two)) == ("declined", "甲")


def test_nobody_below_a_county_answers_by_any_door(village_of_two: Village) -> None:
    id, worker = ask(village_of_two), village_of_two.worker
    with scope(VILLAGE), pytest.raises(BulouError, match="county or above"):
        answering.answer(id, "granted", "so be it", by=worker)

    said = {"right": "erasure", "decision": "granted", "reason": "so be it"}
    _, receipt = village_of_two.send("rights.answered", 0, NOW, f"unit:{worker.unit_id}", worker.pk, **said)

    assert [refusal.problem.code for refusal in receipt.refused] == ["rights.not_yours"]
    assert (get(id).state, answering.carry_out()) == ("open", 0)


def test_no_answer_is_taken_where_nothing_is_asked_or_elsewhere(village_of_two: Village, commander: Account) -> None:
    said = {"right": "erasure", "decision": "granted", "reason": "so be it"}
    _, receipt = village_of_two.send("rights.answered", 0, NOW, f"unit:{commander.unit_id}", commander.pk, **said)
    assert [refusal.problem.code for refusal in receipt.refused] == ["rights.not_open"]

    id = ask(village_of_two)
    with scope("45"), pytest.raises(BulouError, match="not in your area"):
        answering.answer(id, "granted", "so be it", by=commander)
    with scope("45"):
        assert answering.found("12").count() == 0


def test_a_request_and_its_answer_may_come_in_one_batch(village_of_two: Village, commander: Account) -> None:
    subject, said = village_of_two.subject(0), {"right": "copy", "decision": "granted", "reason": "handed over"}
    asked = Fact(str(new_id()), "rights.requested", subject, VILLAGE, NOW - DAY, subject, {"right": "copy"})
    given = Fact(str(new_id()), "rights.answered", subject, VILLAGE, NOW, f"unit:{commander.unit_id}", said)

    assert ledger.record([asked, given], account=commander.pk).refused == ()

    with everywhere():
        assert [one.state for one in answering.requests_of(subject)] == ["done"]


def test_rows_follow_from_facts_alone(village_of_two: Village) -> None:
    id = ask(village_of_two, "copy")
    with everywhere():
        RightsRequest.objects.all().delete()
        rights.follow(None, NOW)

    assert get(id).state == "open"


def test_a_request_is_due_half_a_month_after_it_was_made_where_no_plan_says(village_of_two: Village) -> None:
    one = get(ask(village_of_two))
    owner = new_id()

    with everywhere():
        before = answering.clocks([one], NOW + DAY, {VILLAGE: owner})[one.id]
        after = answering.clocks([one], NOW + 16 * DAY, {VILLAGE: owner})[one.id]

    assert (before.due_at, before.state, before.owner) == (NOW + 15 * DAY, "open", owner)
    assert after.state == "missed"


def test_a_corrected_number_is_on_file_and_in_no_fact(village_of_two: Village) -> None:
    person, id = village_of_two.people[0], new_id()
    with everywhere():
        answering.correct_phone(person, VILLAGE, "13800138000", id=id)
        found = directory.people_find("13800138000")
        with pytest.raises(BulouError, match="already"):
            answering.correct_phone(person, VILLAGE, "138 0013 8000", id=new_id())
        with pytest.raises(BulouError, match="Not a phone number"):
            answering.correct_phone(person, VILLAGE, "12", id=new_id())
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM fact WHERE kind = 'contact.corrected'")
        assert cursor.fetchall() == [('{"what": "phone"}',)]

    assert [one.id for one in found] == [person]


def test_openings_of_nobody_else_lose_where_they_came_from(village_of_two: Village) -> None:
    with everywhere():
        link = own_pages.give(village_of_two.people[0], by=village_of_two.worker).text
    own_pages.open_by(link, ip="203.0.113.77")

    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT own_page_opening_erase(%s)", [village_of_two.people])
        assert OwnPageOpening.objects.get().ip == "203.0.113.77"
