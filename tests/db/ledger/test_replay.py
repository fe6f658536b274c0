"""`ledger replay`: the set-based engine gives the reference's bytes, whatever the history, and leaves nothing."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.ledger import services, verification
from bulou.ledger.engines.postgres import replay, scratch
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.rules import Condition, Rule, Trigger
from histories import START, history, trial_rules
from storm.exactness import DONE, STARTED, fact, local, rule, stay

PEOPLE = ["person:甲", "person:乙", "person:c"]
SCRIPTS = 500


def written(lines: Iterable[DutyLine]) -> str:
    return "".join(f"{line.to_json()}\n" for line in lines)


def assert_same(rules: Sequence[Rule], facts: list[Fact], now: datetime) -> str:
    """Both engines write the same; gives it."""
    expected = written(ledger(rules, facts, now))
    assert written(replay(rules, facts, now)) == expected
    return expected


def test_500_random_scripts_are_the_same_byte_for_byte() -> None:
    duties = 0
    with scratch(trial_rules()) as run:
        for seed in range(SCRIPTS):
            facts, now = history(seed, PEOPLE), START + timedelta(minutes=seed * 31 % (14 * 1440))
            expected = ledger(trial_rules(), facts, now)
            assert written(run(facts, now)) == written(expected), f"script {seed}"
            duties += len(expected)
    assert duties > 50 * SCRIPTS


def test_nothing_of_it_touches_the_live_ledger(people: list[str], owners: dict[str, Unit]) -> None:
    with clock.at(START):
        services.adopt(trial_rules(), area="")
        services.record([fact(STARTED, people[0], START)])

    replay([rule(within="PT1H")], [fact(STARTED, people[1], START)], START + timedelta(days=3))

    now = START + timedelta(days=2)
    with clock.at(now):
        services.record([fact(DONE, people[0], now)])
        services.advance()
        assert verification.verify(trial_rules(), services.adopted(), now)[1] == []
    with everywhere():
        assert {line[1] for line in verification.stored_duties()} == {people[0]}


@pytest.mark.parametrize("season", ["2020-03-06", "2020-10-30"])
def test_days_of_23_and_25_hours_are_the_same_byte_for_byte(season: str) -> None:
    zone, rnd = "America/New_York", random.Random(5)
    rules = [
        rule("made/slots", zone=zone, slots=("00:30/12:00", "22:00/06:00")),
        rule("made/p", zone=zone, period="PT1H"),
    ]
    start = local(season, zone)
    facts = [fact for person in PEOPLE for fact in stay(rnd, person, start, 4, readings=20)]

    assert assert_same(rules, facts, start + timedelta(days=6)).count("\n") > 300


@pytest.mark.parametrize("days", [2, 4, 8])
def test_a_date_the_islands_left_out_has_no_slots(days: int) -> None:
    zone = "Pacific/Apia"
    start = local("2011-12-28", zone)
    made = rule(zone=zone, until=None, slots=("02:00/12:00", "20:00/03:00"))

    lines = assert_same([made], [fact(STARTED, PEOPLE[0], start)], start + timedelta(days=days))

    assert lines.count('"opens_at":"2011-12-31T02:00') == (days > 2)


def test_the_hour_the_clocks_repeat_is_in_order_of_time() -> None:
    made = rule(zone="Europe/Berlin", until=None, period="PT20M")
    start = local("2020-10-25", "Europe/Berlin")
    facts = [fact(STARTED, PEOPLE[0], start + timedelta(minutes=minute)) for minute in (0, 7, 130)]

    lines = assert_same([made], facts, start + timedelta(hours=5)).splitlines()

    opened = [datetime.fromisoformat(json.loads(line)["opens_at"]) for line in lines]
    assert opened == sorted(opened, key=datetime.timestamp)


def test_a_number_counts_to_its_last_digit() -> None:
    fever = Condition("celsius", "gt", None, None, Decimal("37.3"))
    made = rule(when=Trigger(DONE, (fever,)), until=None, within="PT1H", must=Trigger(STARTED))
    readings = ["37.3", "37.30000000000000000001", "37.29999999999999999999", "1e2", "373e-1", "-0"]
    facts = [fact(DONE, f"person:{text}", START, {"celsius": Decimal(text)}) for text in readings]

    lines = assert_same([made], facts, START)

    assert [person for person in readings if f'"person:{person}"' in lines] == ["37.30000000000000000001", "1e2"]


def test_data_may_hold_any_json() -> None:
    odd = {"a": None, "b": [1, "x", [Decimal("0.10"), {}]], "c": {"d": True}, "e": "\u2028\n\"\\'%s{}"}
    facts = [fact(STARTED, "person:%s", START, odd), fact(DONE, "person:%s", START, odd)]

    assert "met" in assert_same([rule(within="PT1H")], facts, START)


def test_no_facts_give_no_duties() -> None:
    assert assert_same(trial_rules(), [], START) == ""


def test_no_rules_give_no_duties() -> None:
    assert assert_same([], history(1, PEOPLE), START) == ""


def test_facts_after_the_instant_are_as_if_unknown() -> None:
    facts = [fact(STARTED, PEOPLE[0], START), fact(DONE, PEOPLE[0], START + timedelta(hours=2))]

    assert '"missed"' not in assert_same([rule(within="PT3H")], facts, START + timedelta(hours=1))


def test_two_different_facts_of_one_id_are_refused_by_both() -> None:
    one = fact(STARTED, PEOPLE[0], START)
    other = replace(one, subject=PEOPLE[1])

    for engine in (replay, ledger):
        with pytest.raises(BulouError, match="Two different facts"):
            engine([rule(within="PT1H")], [one, other], START)
