"""Why a duty stands as it does: the clause, the facts and the arithmetic, in both languages, for every state."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.ledger import selectors, services
from bulou.ledger.explanation import words
from bulou.ledger.selectors import Why
from bulou.plan.rules import Rule
from storm.exactness import DONE, ENDED, STARTED, fact, local, rule

START = local("2020-02-01")
HOUR = timedelta(hours=1)
ONCE, SLOTS = rule(within="PT2H"), rule(slots=("06:00/12:00",), late="PT2H")
Explain = Callable[..., Why]


@pytest.fixture
def explain(people: list[str], owners: dict[str, Unit]) -> Explain:
    """`explain(rule, hours, *facts)`: the only duty of somebody isolated at midnight, that many hours later."""

    def make(made: Rule, hours: float, *given: Callable[[str], Fact]) -> Why:
        now = START + hours * HOUR
        with clock.at(now):
            services.adopt([made], area="")
            services.record([fact(STARTED, people[0], START), *(event(people[0]) for event in given)])
            services.advance()
            with everywhere():
                (row,) = selectors.duties_of(people[0])
                found = selectors.why(row.key)
        assert found is not None
        return found

    return make


def done(hours: float) -> Callable[[str], Fact]:
    return lambda person: fact(DONE, person, START + hours * HOUR)


def ended(hours: float) -> Callable[[str], Fact]:
    return lambda person: fact(ENDED, person, START + hours * HOUR)


def waived(person: str) -> Fact:
    data = {"duty": "made/it", "opens_at": START.isoformat(), "reason": "in hospital", "approved_by": "unit:2"}
    return fact("duty.waived", person, START + HOUR / 2, data, by="unit:1")


@pytest.mark.parametrize(
    ("made", "hours", "given", "state", "zh", "en"),
    [
        (ONCE, 1, [], "open", "尚未到期，等待完成。", "Not due yet: still to be done."),
        (ONCE, 3, [done(1)], "met", "2020-02-01 01:00 按时完成。", "Done in time, at 2020-02-01 01:00."),
        (ONCE, 9, [done(3.5)], "late", "2020-02-01 03:30 完成，迟 1小时30分钟。",
         "Done at 2020-02-01 03:30, 1 h 30 min late."),
        (ONCE, 29, [], "missed", "至今无此事实，已漏 1天3小时。", "No such fact so far: missed, 1 day 3 h ago."),
        (ONCE, 3, [waived], "waived", "经两人同意豁免。", "Waived by two people."),
        (ONCE, 3, [ended(1)], "void", "到期前情形已结束，不再需要。",
         "The grounds ended before it was due: no longer owed."),
        (SLOTS, 7, [], "open", "尚未到期，等待完成。", "Not due yet: still to be done."),
        (SLOTS, 13, [done(6)], "met", "2020-02-01 06:00 按时完成。", "Done in time, at 2020-02-01 06:00."),
        (SLOTS, 15, [done(14)], "late", "2020-02-01 14:00 完成，迟 2小时。", "Done at 2020-02-01 14:00, 2 h late."),
        (SLOTS, 15, [done(14.5)], "missed", "至今无此事实，已漏 3小时。", "No such fact so far: missed, 3 h ago."),
    ],
)  # fmt: skip
def test_the_last_step_tells_how_it_stands(
    made: Rule, hours: float, given: list[Callable[[str], Fact]], state: str, zh: str, en: str, explain: Explain
) -> None:
    why = explain(made, hours, *given)

    assert why.row.state == state
    assert (why.steps[-1].zh, why.steps[-1].en) == (zh, en)
    assert (why.discharged_by is not None) == (state in ("met", "late"))


def test_the_steps_before_tell_clause_opening_due_time_and_what_does_it(explain: Explain) -> None:
    steps = explain(ONCE, 1).steps

    assert [step.zh for step in steps[:-1]] == [
        "made（M-1）：试。",
        "2020-02-01 00:00 “开始隔离”，责任由此产生。",
        "2020-02-01 00:00 起 2小时内，即 2020-02-01 02:00 前应完成。",
        "其间或其后第一条符合条件的“测体温”即为完成。",
    ]
    assert [step.en for step in steps[:-1]] == [
        "made (M-1): Made.",
        "Isolation started at 2020-02-01 00:00 set it off.",
        "Due within 2 h of 2020-02-01 00:00: by 2020-02-01 02:00.",
        "The first matching fact “Temperature read” from its opening on discharges it.",
    ]


def test_a_slot_tells_from_when_to_when(explain: Explain) -> None:
    step = explain(SLOTS, 7).steps[2]

    assert step.zh == "每期一次，本期 2020-02-01 06:00 至 2020-02-01 12:00（6小时）。"
    assert step.en == "It recurs; this one runs from 2020-02-01 06:00 to 2020-02-01 12:00 (6 h)."


def test_times_are_told_in_the_zone_of_the_plan(explain: Explain) -> None:
    why = explain(rule(within="PT2H", zone="America/New_York"), 1)

    assert why.steps[1].en.endswith("at 2020-01-31 11:00 set it off.")


def test_the_facts_that_bear_on_it_are_shown_and_no_others(explain: Explain) -> None:
    why = explain(ONCE, 9, done(1), done(2), waived, lambda person: fact("symptoms.reported", person, START))

    assert [seen.kind for seen in why.facts] == [DONE, DONE, "duty.waived", STARTED]
    assert why.opened_by == why.facts[-1]
    assert why.discharged_by == why.facts[1]


def test_a_withdrawn_reading_does_not_count_and_is_shown_as_such(people: list[str], explain: Explain) -> None:
    reading = fact(DONE, people[0], START + HOUR)
    withdrawal = fact("fact.withdrawn", people[0], START + 2 * HOUR, {"reason": "wrong person"}, supersedes=reading.id)

    why = explain(ONCE, 3, lambda person: reading, lambda person: withdrawal)

    assert why.row.state == "missed"
    assert [(seen.kind, seen.effective) for seen in why.facts] == [(DONE, False), (STARTED, True)]


def test_a_stranger_learns_nothing(explain: Explain) -> None:
    key = explain(ONCE, 1).row.key

    with scope("45"), clock.at(START + HOUR):
        assert selectors.why(key) is None


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(), "0分钟", "0 min"),
        (timedelta(seconds=59), "0分钟", "0 min"),
        (timedelta(minutes=61), "1小时1分钟", "1 h 1 min"),
        (timedelta(days=1), "1天", "1 day"),
        (timedelta(days=2, minutes=5), "2天5分钟", "2 days 5 min"),
        (timedelta(days=2, hours=3, minutes=5), "2天3小时", "2 days 3 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(span: timedelta, zh: str, en: str) -> None:
    assert (words(span).zh, words(span).en) == (zh, en)
