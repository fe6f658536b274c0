"""Needs follow from facts by any door; acts record one fact each; nobody closes what they saw to."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.history import values_of
from bulou.operations.support import selectors, services
from bulou.operations.support.models import Call, HelpNeed

from .conftest import NOW, VILLAGE, Village

HOUR = timedelta(hours=1)


def rows() -> list[tuple[object, ...]]:
    with everywhere():
        each = [list(model.objects.order_by("id")) for model in (HelpNeed, Call)]
        return [values_of(row) for found in each for row in found]


def test_a_need_asked_by_the_person_stands_on_the_list(village_of_two: Village) -> None:
    person = village_of_two.subject(0)
    id = village_of_two.happen("help.requested", 0, NOW, person, need="food", words="rice")

    need = village_of_two.need(id)
    assert (need.state, need.need, need.words, need.asked_by) == ("asked", "food", "rice", person)
    assert (need.person_id, need.area) == (village_of_two.people[0], VILLAGE)


def test_the_acts_take_a_need_from_hand_to_hand(village_of_two: Village) -> None:
    worker, colleague = village_of_two.worker, village_of_two.colleague
    with scope(VILLAGE):
        id = services.ask(village_of_two.subject(0), VILLAGE, "food", "rice", by=worker, channel="hotline")
        services.accept(id, by=worker)
        services.assign(id, village_of_two.people[1], by=worker)
        services.deliver(id, by=worker)
        with pytest.raises(BulouError) as refused:
            services.confirm(id, "call", by=worker)
        services.confirm(id, "call", by=colleague, words="she has it")

    assert refused.value.problems[0].code == "help.unconfirmed"
    need = village_of_two.need(id)
    assert (need.state, need.how, need.volunteer) == ("closed", "call", village_of_two.people[1])
    assert need.hands == [worker.pk]


def test_what_is_closed_takes_no_further_act_but_the_same_act_again_is_none(village_of_two: Village) -> None:
    with scope(VILLAGE):
        id = services.ask(village_of_two.subject(0), VILLAGE, "food", "", by=village_of_two.worker)
        services.accept(id, by=village_of_two.worker)
        again = new_id()
        for _ in range(2):
            services.confirm(id, "call", by=village_of_two.colleague, id=again)
        with pytest.raises(BulouError, match="is closed"):
            services.deliver(id, by=village_of_two.worker)


def test_a_need_elsewhere_is_none(village_of_two: Village) -> None:
    id = village_of_two.happen("help.requested", 0, need="food")

    with scope("45"), pytest.raises(BulouError, match="not in your area"):
        services.accept(village_of_two.need(id).id, by=village_of_two.worker)
    with scope("45"):
        assert HelpNeed.objects.count() == 0


def test_no_volunteer_who_is_nobody_is_sent(village_of_two: Village) -> None:
    with scope(VILLAGE), pytest.raises(BulouError, match="no such volunteer"):
        services.assign(new_id(), new_id(), by=village_of_two.worker)


def test_every_door_refuses_that_whoever_saw_to_it_closes_it(village_of_two: Village) -> None:
    account = village_of_two.worker.pk
    village_of_two.happen("help.requested", 0, need="food")
    village_of_two.happen("help.answered", 0, NOW, "unit:x", account, need="food")

    _, receipt = village_of_two.send("help.closed", 0, NOW + HOUR, "unit:x", account, need="food")
    village_of_two.happen("help.closed", 0, NOW + HOUR, "unit:x", village_of_two.colleague.pk, need="food")

    assert [refusal.problem.code for refusal in receipt.refused] == ["help.unconfirmed"]
    assert "本人" in receipt.refused[0].problem.to("zh")


def test_a_batch_that_brings_and_closes_at_once_is_refused_its_closing(village_of_two: Village) -> None:
    village_of_two.happen("help.requested", 0, need="food")
    subject = village_of_two.subject(0)
    facts = [
        Fact(str(new_id()), kind, subject, VILLAGE, NOW + n * HOUR, None, {"need": "food"})
        for n, kind in enumerate(("help.delivered", "help.closed"), 1)
    ]

    receipt = ledger.record(facts, account=village_of_two.worker.pk, allow_future=True)

    assert (receipt.created, [one.problem.code for one in receipt.refused]) == (1, ["help.unconfirmed"])


def test_no_query_is_spent_on_guards_where_nothing_closes(village_of_two: Village) -> None:
    fact = Fact(str(new_id()), "temperature.read", village_of_two.subject(0), VILLAGE, NOW, None, {"celsius": 36.6})

    with CaptureQueriesContext(connection) as queries:
        ledger.record([fact], account=village_of_two.worker.pk)

    assert not [query for query in queries if "help_need" in query["sql"]]


def test_a_withdrawn_request_never_was(village_of_two: Village) -> None:
    id = village_of_two.happen("help.requested", 0, need="food")

    village_of_two.happen("fact.withdrawn", 0, NOW, supersedes=id, reason="wrong person")

    assert rows() == []


def test_any_order_of_arrival_leaves_the_same_rows(village_of_two: Village) -> None:
    person = village_of_two.subject(0)
    request = str(new_id())
    facts = [
        Fact(request, "help.requested", person, VILLAGE, NOW, person, {"need": "food"}),
        Fact(str(new_id()), "help.answered", person, VILLAGE, NOW + HOUR, "unit:v", {"request": request}),
        Fact(str(new_id()), "help.delivered", person, VILLAGE, NOW + 2 * HOUR, "unit:v", {"request": request}),
        Fact(str(new_id()), "help.closed", person, VILLAGE, NOW + 3 * HOUR, person, {"request": request}),
        Fact(str(new_id()), "call.taken", person, VILLAGE, NOW, None, {"topic": "other", "outcome": "answered"}),
    ]
    with clock.at(NOW + 5 * HOUR):
        for fact in Random(7).sample(facts, len(facts)):
            assert ledger.record([fact]).refused == ()
        found = rows()
        ledger.rebuild()

        assert rows() == found
    assert village_of_two.need(request).state == "closed"
    assert len(found) == 2


def test_a_call_is_on_the_register(village_of_two: Village) -> None:
    with scope(VILLAGE):
        services.take_call(
            f"area:{VILLAGE}", VILLAGE, "information", "answered", "opening hours", by=village_of_two.worker
        )
        (call,) = selectors.calls(VILLAGE, after="", limit=10)

    assert (call.topic, call.outcome, call.words) == ("information", "answered", "opening hours")


class TestClocks:
    def test_where_no_plan_asks_the_product_gives_two_hours_or_a_day(self, village_of_two: Village) -> None:
        for code in ("food", "medicine"):
            village_of_two.happen("help.requested", 0, need=code)
        owner: Unit = village_of_two.unit

        with scope(VILLAGE):
            needs = selectors.needs_of(village_of_two.subject(0))
            clocks = selectors.clocks(needs, NOW + 3 * HOUR, {VILLAGE: owner.pk})

        found = {need.need: clocks[need.id] for need in needs}
        assert found["food"].due_at - NOW == 24 * HOUR
        assert (found["medicine"].due_at - NOW, found["medicine"].state) == (2 * HOUR, "missed")
        assert {one.owner for one in found.values()} == {owner.pk}

    def test_whoever_it_is_referred_to_answers(self, village_of_two: Village, county: Unit) -> None:
        village_of_two.happen("help.requested", 0, need="psychological")
        village_of_two.happen("help.referred", 0, NOW, to=f"unit:{county.pk}")

        with scope(VILLAGE):
            (need,) = selectors.needs_of(village_of_two.subject(0))
            clocks = selectors.clocks([need], NOW, {VILLAGE: village_of_two.unit.pk})

        assert clocks[need.id].owner == county.pk

    def test_pages_of_needs_go_on_where_the_last_ended(self, village_of_two: Village) -> None:
        for n in range(5):
            village_of_two.happen("help.requested", 0, NOW + n * HOUR, need="food")
        with clock.at(NOW + 9 * HOUR):
            ledger.advance()

        with scope(VILLAGE):
            every = selectors.page_of(selectors.found("12", state="open"), after="", limit=10)
            first = selectors.page_of(selectors.found("12"), after="", limit=2)
            rest = selectors.page_of(selectors.found("12", code="food"), after=str(first[-1].id), limit=10)

        assert [one.id for one in (*first, *rest)] == [one.id for one in every]
        assert len(every) == 5
