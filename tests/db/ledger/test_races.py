"""Two at once: each gets a clear answer, and the ledger is what it would be had they come one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, services
from bulou.ledger.engines import store
from bulou.ledger.intake import Receipt
from bulou.ledger.retry import again
from histories import CHIEF, CLERK, START, trial_rules
from storm.lineup import assert_exact, at, at_once, while_open

pytestmark = pytest.mark.django_db(transaction=True)
VILLAGE = "120101001001"
NOW = START + timedelta(days=2, hours=9)
END = START + timedelta(days=12)
DAY = timedelta(days=1)
Recorded = Callable[[], Receipt]


@pytest.fixture
def persons(people: list[str], owners: dict[str, Unit]) -> list[str]:
    """Two people in home isolation since the first morning, the plan in force, the clock two days on."""
    with clock.at(START):
        services.adopt(trial_rules(), area="")
    for person in people:
        recorded(fact("isolation.started", person, START + timedelta(hours=7), {"kind": "home"}))
    return people


def fact(kind: str, subject: str, at: datetime, data: dict[str, object] | None = None, **given: str) -> Fact:
    return Fact(given.pop("id", str(new_id())), kind, subject, VILLAGE, at, CLERK, data or {}, given.get("supersedes"))


def waiver(person: str, opens_at: datetime) -> Fact:
    data = {"duty": "trial/daily", "opens_at": opens_at.isoformat(), "reason": "evacuated", "approved_by": CHIEF}
    return fact("duty.waived", person, NOW, data)


def recording(*facts: Fact, now: datetime = NOW) -> Recorded:
    return at(now, partial(services.record, facts, allow_future=True))


def recorded(*facts: Fact, now: datetime = NOW) -> Receipt:
    return recording(*facts, now=now)()


def states(person: str, duty: str, now: datetime = NOW) -> list[str]:
    with clock.at(now), everywhere():
        return [row.state for row in reversed(selectors.duties_of(person)) if row.duty == f"trial/{duty}"]


def answers(receipts: Sequence[Receipt]) -> list[tuple[int, int, list[str]]]:
    return [(r.created, r.unchanged, [refusal.problem.code for refusal in r.refused]) for r in receipts]


CREATED, UNCHANGED, CONFLICT = (1, 0, []), (0, 1, []), (0, 0, ["fact.conflict"])


def test_two_people_discharge_one_duty(persons: list[str]) -> None:
    morning = START + 2 * DAY + timedelta(hours=8)
    first, second = (fact("temperature.read", persons[0], morning + n * DAY / 96, {"celsius": 36.6}) for n in (1, 0))

    receipts = at_once(recording(first), recording(second))

    assert answers(receipts) == [CREATED, CREATED]
    assert states(persons[0], "daily")[-1] == "met"
    with clock.at(NOW), everywhere():
        (why,) = (
            selectors.why(row.key)
            for row in selectors.duties_of(persons[0])
            if row.duty == "trial/daily" and row.state == "met"
        )
    assert why and why.discharged_by and str(why.discharged_by.id) == second.id
    assert_exact(END)


def test_two_people_waive_one_duty(persons: list[str]) -> None:
    opens = START + DAY + timedelta(hours=6)

    receipts = at_once(recording(waiver(persons[0], opens)), recording(waiver(persons[0], opens)))

    assert answers(receipts) == [CREATED, CREATED]
    assert states(persons[0], "daily").count("waived") == 1
    assert_exact(END)


def test_one_corrects_a_fact_while_another_withdraws_it(persons: list[str]) -> None:
    reading = fact("temperature.read", persons[0], START + DAY + timedelta(hours=8), {"celsius": 36.6})
    recorded(reading)
    correction = replace(reading, id=str(new_id()), data={"celsius": 39.5}, supersedes=reading.id)
    withdrawal = fact("fact.withdrawn", persons[0], NOW, supersedes=reading.id)

    receipts = at_once(recording(correction), recording(withdrawal))

    assert answers(receipts) == [CREATED, CREATED]
    assert states(persons[0], "fever") == ["missed"]
    assert "met" in states(persons[0], "daily")
    assert_exact(END)


def test_the_same_upload_from_two_devices_is_one_fact(persons: list[str]) -> None:
    reading = fact("temperature.read", persons[0], NOW, {"celsius": 36.6})

    assert sorted(answers(at_once(recording(reading), recording(reading)))) == sorted([CREATED, UNCHANGED])


@pytest.mark.parametrize("kind", ["temperature.read", "isolation.ended"])
def test_one_id_for_two_people_is_one_fact_and_one_refusal(kind: str, persons: list[str]) -> None:
    data = {"celsius": 36.6} if kind == "temperature.read" else {}
    one = fact(kind, persons[0], NOW, data)

    receipts = at_once(recording(one), recording(replace(one, subject=persons[1])))

    assert sorted(answers(receipts)) == sorted([CREATED, CONFLICT])
    assert_exact(END)


@pytest.mark.parametrize("level_first", [True, False])
def test_a_level_is_set_while_somebody_is_isolated(level_first: bool, persons: list[str]) -> None:
    recorded(fact("isolation.ended", persons[0], START + DAY))
    again_isolated = fact("isolation.started", persons[0], START + DAY, {"kind": "home"})
    level = Fact(str(new_id()), "response.level_set", "area:12", "12", START, CLERK, {"level": "I"})
    acts = [recording(level), recording(replace(again_isolated, at=START + DAY + timedelta(minutes=1)))]

    at_once(*(acts if level_first else reversed(acts)))

    assert len(states(persons[0], "level-daily")) == 2
    assert_exact(END)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_corrections_that_move_a_fact_between_people_meet_its_own_late_arrival(
    order: tuple[int, int], persons: list[str]
) -> None:
    start = fact("symptoms.reported", persons[0], START + DAY, {"symptoms": ["cough"]})
    moved = replace(start, id=str(new_id()), subject=persons[1], supersedes=start.id)
    acts = [recording(start), recording(moved)]

    at_once(*(acts[number] for number in order))

    assert states(persons[0], "once") == []
    assert states(persons[1], "once") == ["missed"]
    assert_exact(END)


def test_a_withdrawal_filed_elsewhere_meets_the_correction_it_withdraws(persons: list[str]) -> None:
    start = fact("symptoms.reported", persons[0], START + DAY, {"symptoms": ["cough"]})
    moved = replace(start, id=str(new_id()), subject=persons[1], supersedes=start.id)
    undone = fact("fact.withdrawn", persons[0], NOW, supersedes=moved.id)
    recorded(start)

    at_once(recording(moved), recording(undone))

    assert states(persons[0], "once") == ["missed"]
    assert states(persons[1], "once") == []
    assert_exact(END)


def test_a_writer_whose_clock_is_behind_does_not_undo_what_one_ahead_recorded(persons: list[str]) -> None:
    ahead = fact("symptoms.reported", persons[0], NOW + DAY, {"symptoms": ["fever"]})
    behind = fact("symptoms.reported", persons[0], NOW, {"symptoms": ["cough"]})

    at_once(recording(ahead, now=NOW + DAY), recording(behind, now=NOW))

    assert states(persons[0], "once", NOW + DAY) == ["missed", "open"]
    assert_exact(END)


def test_a_clock_pass_adds_slots_while_a_reading_is_being_recorded(persons: list[str]) -> None:
    late = START + 40 * DAY
    with clock.at(late - DAY):
        services.advance()
    reading = fact("temperature.read", persons[0], late - timedelta(hours=17), {"celsius": 36.6})

    while_open(recording(reading, now=late), at(late + 30 * DAY, services.advance))

    assert_exact(late + 30 * DAY)


def test_a_month_that_two_need_at_once_is_made_once() -> None:
    may = datetime(2031, 5, 4, tzinfo=UTC)

    def make() -> None:
        store.query("SELECT fact_months(%s, %s)", [may, may])

    while_open(make, make)

    assert store.query("SELECT count(*) FROM pg_inherits WHERE inhrelid = to_regclass('fact_2031_05')") == [(1,)]


def test_passes_at_once_do_everything_once(persons: list[str]) -> None:
    recorded(*(fact("symptoms.reported", person, NOW + DAY / 2, {"symptoms": []}) for person in persons))

    passes = at_once(at(NOW + DAY, services.advance), at(NOW + DAY, services.advance))

    assert sum(p.told for p in passes) > 0
    assert states(persons[0], "once", NOW + DAY) == ["missed"]
    assert_exact(END)


def test_a_plan_is_adopted_while_somebody_is_isolated(people: list[str], owners: dict[str, Unit]) -> None:
    started = fact("isolation.started", people[0], START, {"kind": "home"})

    at_once(recording(started), at(NOW, partial(services.adopt, trial_rules(), area="12")))

    assert assert_exact(END) > 10


def test_a_deadlock_is_done_again(persons: list[str]) -> None:
    met, tries = Barrier(2), []

    def cross(mine: int, other: int) -> int:
        def act() -> int:
            tries.append(mine)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(77, %s)", [mine])
                if len(tries) <= 2:
                    met.wait(30)
                cursor.execute("SELECT pg_advisory_xact_lock(77, %s)", [other])
            return mine

        return again(act)

    assert at_once_freely(partial(cross, 1, 2), partial(cross, 2, 1)) == [1, 2]
    assert len(tries) == 3


def at_once_freely(*acts: Callable[[], int]) -> list[int]:
    from concurrent.futures import ThreadPoolExecutor

    def session(act: Callable[[], int]) -> int:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(session, acts))
