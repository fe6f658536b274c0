"""Several phones with wrong clocks, lost answers, doubled and stale uploads, closed accounts, colleagues in between.

Whatever happens in whatever order, at the end: what the phones were told is what the server has. Each entry is exactly
one fact, or exactly one listed conflict, or was refused and said so, and each stands at its true time.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.web.models import FieldEntry
from web.phone import Phone
from web.world import MakeAccount, World

EVENING = datetime(2020, 2, 10, 17, tzinfo=SHANGHAI)
PHONES = 3
SKEWS = st.integers(-86_400, 86_400).map(lambda seconds: timedelta(seconds=seconds))
WHICH = st.integers(0, PHONES - 1)
PEOPLE = st.sampled_from(["甲", "乙"])
CELSIUS = st.sampled_from(["36.5", "37.4", "38.6"])
KEPT = {"stored", "already", "conflict"}


class Phones(RuleBasedStateMachine):
    """Phones 0 and 1 are the grid worker's, 2 is a colleague's in the same village."""

    world: World
    colleague: Account

    @initialize(skews=st.lists(SKEWS, min_size=PHONES, max_size=PHONES))
    def hand_out(self, skews: list[timedelta]) -> None:
        self.now = EVENING
        self.closed: set[UUID] = set()
        self.elsewhere: set[UUID] = set()
        self.phones = [Phone(lambda: self.now, skew) for skew in skews]
        for phone, account in zip(self.phones, self.owners(), strict=True):
            phone.fetch(account)

    def owners(self) -> list[Account]:
        return [self.world.grid_worker, self.world.grid_worker, self.colleague]

    @rule(which=WHICH, name=PEOPLE, celsius=CELSIUS)
    def record(self, which: int, name: str, celsius: str) -> None:
        phone = self.phones[which]
        phone.record(phone.task(name), celsius=celsius)

    @rule(which=WHICH, name=PEOPLE)
    def record_nonsense(self, which: int, name: str) -> None:
        phone = self.phones[which]
        phone.record(phone.task(name), celsius="386")

    @rule(which=WHICH, answered=st.booleans(), batch=st.integers(1, 4))
    def send(self, which: int, answered: bool, batch: int) -> None:
        self.phones[which].send(answered=answered, batch=batch)

    @rule(which=WHICH)
    def send_twice_what_was_sent_before(self, which: int) -> None:
        phone = self.phones[which]
        stale = list(phone.outbox)
        phone.send(answered=False)
        phone.send()
        left, phone.outbox = phone.outbox, stale
        before = dict(phone.answers)
        phone.send()
        phone.outbox = [entry for entry in left if entry[0] not in phone.answers]
        assert {id: phone.answers[id] == "refused" for id in before} == {
            id: answer == "refused" for id, answer in before.items()
        }

    @rule(which=WHICH)
    def reload_the_page(self, which: int) -> None:
        self.phones[which].run += "'"

    @rule(minutes=st.integers(1, 45))
    def let_time_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        directory.clock_set(self.now)

    @rule(celsius=CELSIUS, second=st.booleans())
    def somebody_records_on_line(self, celsius: str, second: bool) -> None:
        person = self.world.second if second else self.world.first
        subject, unit = f"person:{person.pk}", f"unit:{self.world.village.pk}"
        fact = Fact(
            str(new_id()), "temperature.read", subject, person.area_id, self.now, unit, {"celsius": float(celsius)}
        )
        with clock.at(self.now):
            assert ledger.record([fact], account=self.world.commander.pk).refused == ()
        self.elsewhere.add(UUID(fact.id))

    @rule(colleague=st.booleans())
    def close_an_account(self, colleague: bool) -> None:
        account = self.colleague if colleague else self.world.grid_worker
        Account.objects.filter(pk=account.pk).update(is_active=False)
        self.closed.add(account.pk)

    @rule(colleague=st.booleans())
    def open_it_again(self, colleague: bool) -> None:
        account = self.colleague if colleague else self.world.grid_worker
        Account.objects.filter(pk=account.pk).update(is_active=True)

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        answers = self.answers()
        facts, conflicts = self.facts(), self.conflicts()
        told = {result: {id for id, answer in answers.items() if answer == result} for result in (*KEPT, "refused")}
        assert told["stored"] <= facts.keys()
        assert told["conflict"] <= conflicts.keys()
        assert told["already"] <= facts.keys() | conflicts.keys()
        assert not told["refused"] & (facts.keys() | conflicts.keys())

    def teardown(self) -> None:
        """The signal is back: everything goes up, and the books must agree."""
        for phone in self.phones:
            while phone.outbox:
                phone.send()
        self.what_was_acknowledged_is_there()
        answers, facts, conflicts = self.answers(), self.facts(), self.conflicts()
        made = {id: at for phone in self.phones for id, at in phone.made.items()}
        acknowledged = {id for id, answer in answers.items() if answer in KEPT}

        assert answers.keys() == made.keys()
        assert facts.keys() & conflicts.keys() == set()
        assert facts.keys() | conflicts.keys() == acknowledged
        for id, at in (facts | conflicts).items():
            assert abs(at - made[id]) < timedelta(milliseconds=2)

    def answers(self) -> dict[UUID, str]:
        return {id: answer for phone in self.phones for id, answer in phone.answers.items()}

    def facts(self) -> dict[UUID, datetime]:
        """Facts of this evening that came from phones; an id twice would be an error of its own."""
        with everywhere(), connection.cursor() as cursor:
            cursor.execute("SELECT id, at FROM fact WHERE kind = 'temperature.read' AND at >= %s", [EVENING])
            rows = [row for row in cursor.fetchall() if row[0] not in self.elsewhere]
        assert len(dict(rows)) == len(rows)
        return dict(rows)

    def conflicts(self) -> dict[UUID, datetime]:
        with everywhere():
            return dict(FieldEntry.objects.exclude(reason="").values_list("id", "at"))


@pytest.fixture
def evening(world: World) -> World:
    directory.clock_set(EVENING)
    ledger.catch_up()
    return world


def test_whatever_phones_go_through_their_entries_are_facts_or_listed_conflicts(
    evening: World, make_account: MakeAccount
) -> None:
    colleague = make_account("colleague", evening.village, "village_committee")

    class Evening(Phones):
        world = evening

        def __init__(self) -> None:
            super().__init__()
            self.colleague = colleague
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                transaction.set_rollback(True)
                self.undone.__exit__(None, None, None)

    how = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Evening, settings=how)
