"""What holds for every script of facts, whatever happens in whatever order."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.matching import effective
from unit.plan.examples import EXAMPLES

RULES = list({example.rule.id: example.rule for example in EXAMPLES}.values())
START = datetime(2020, 2, 3, tzinfo=UTC)
NOW = START + timedelta(days=3)
KINDS = [
    "isolation.started",
    "isolation.ended",
    "temperature.read",
    "response.level_set",
    "fact.withdrawn",
    "duty.waived",
]
LEVELS = ["none", "IV", "III", "II", "I"]


@st.composite
def scripts(draw: st.DrawFn) -> list[Fact]:
    """Up to a dozen facts about two people on a half-hourly grid, some superseding others, some after `NOW`."""
    ids = [f"f{number}" for number in range(draw(st.integers(1, 12)))]
    return [draw(facts(id, ids)) for id in ids]


@st.composite
def facts(draw: st.DrawFn, id: str, ids: list[str]) -> Fact:
    kind = draw(st.sampled_from(KINDS))
    at = START + timedelta(minutes=30 * draw(st.integers(0, 150)))
    data: dict[str, Any] = {}
    subject = f"person:{draw(st.sampled_from('ab'))}"
    if kind == "temperature.read":
        data = {"celsius": draw(st.sampled_from([36.5, 37.3, 38.4]))}
    elif kind == "response.level_set":
        data = {"level": draw(st.sampled_from(LEVELS))}
        subject = f"area:{draw(st.sampled_from(['45', '4501', '450102']))}"
    elif kind == "duty.waived":
        opens = START + timedelta(minutes=30 * draw(st.integers(0, 140)))
        duty = draw(st.sampled_from(RULES)).id
        data = {"duty": duty, "opens_at": opens.isoformat(), "reason": "moved", "approved_by": "u2"}
    older = [other for other in ids if other < id]
    supersedes = draw(st.sampled_from([*older, None, None])) if older or kind == "fact.withdrawn" else None
    return Fact(id, kind, subject, "450102", at, "u1", data, supersedes)


def run(script: list[Fact], now: datetime = NOW) -> list[str]:
    return [line.to_json() for line in ledger(RULES, script, now)]


def rows(script: list[Fact], now: datetime = NOW) -> list[DutyLine]:
    return ledger(RULES, script, now)


@given(scripts(), st.randoms(use_true_random=False))
def test_order_and_duplicates_change_nothing(script: list[Fact], chance: random.Random) -> None:
    shuffled = [*script, *chance.choices(script, k=5)]
    chance.shuffle(shuffled)

    assert run(shuffled) == run(script)


@given(scripts(), st.data())
def test_a_withdrawal_is_as_if_it_had_not_happened(script: list[Fact], data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from(script))
    withdrawal = Fact("w", "fact.withdrawn", fact.subject, "", NOW, "u1", {}, fact.id)

    assert run([*script, withdrawal]) == run([other for other in script if other.id != fact.id])


@given(scripts(), st.data())
def test_withdrawing_a_withdrawal_restores(script: list[Fact], data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from(script))
    withdrawal = Fact("w", "fact.withdrawn", fact.subject, "", fact.at, "u1", {}, fact.id)
    restoring = Fact("x", "fact.withdrawn", fact.subject, "", NOW, "u1", {}, "w")

    assert run([restoring, withdrawal, *script]) == run(script)


@given(scripts())
def test_facts_of_the_future_change_nothing(script: list[Fact]) -> None:
    assert run(script) == run([fact for fact in script if fact.at <= NOW])


@given(scripts())
def test_each_persons_duties_are_their_own(script: list[Fact]) -> None:
    """Facts about one person never touch another; only levels and corrections reach across."""
    alone = [fact for fact in script if fact.subject != "person:b" or fact.kind == "fact.withdrawn" or fact.supersedes]
    ours = [row for row in rows(script) if row.subject == "person:a"]

    assert ours == [row for row in rows(alone) if row.subject == "person:a"]


@given(scripts())
def test_lines_are_sorted_and_opened_by_now(script: list[Fact]) -> None:
    found = rows(script)

    assert found == sorted(found, key=DutyLine.order)
    assert all(row.opens_at <= NOW and row.opens_at <= row.due_at for row in found)


@given(scripts())
def test_every_state_agrees_with_its_evidence_and_the_clock(script: list[Fact]) -> None:
    known = {fact.id: fact for fact in script}

    for row in rows(script):
        if row.discharged_by:
            done = known[row.discharged_by]
            assert (done.kind, done.subject) == ("temperature.read", row.subject)
            assert row.opens_at <= done.at <= NOW
            assert row.state == ("met" if done.at <= row.due_at else "late")
        elif row.state in ("open", "missed"):
            assert (row.state == "open") == (row.due_at >= NOW)
        else:
            assert row.state in ("void", "waived")


@given(scripts())
def test_at_the_instant_it_is_due_nothing_is_missed_yet(script: list[Fact]) -> None:
    for due in {row.due_at for row in rows(script) if row.state == "open"}:
        then = [replace(fact, at=due + timedelta(days=1)) if fact.at > NOW else fact for fact in script]

        assert not [row for row in rows(then, due) if row.due_at == due and row.state == "missed"]


@settings(max_examples=50)
@given(scripts(), st.integers(0, 150), st.integers(0, 150))
def test_without_corrections_what_is_met_stays_met(script: list[Fact], first: int, second: int) -> None:
    kept = [replace(fact, supersedes=None) for fact in script if fact.kind not in ("response.level_set", "duty.waived")]
    earlier, later = sorted(START + timedelta(minutes=30 * steps) for steps in (first, second))

    before = [(r.duty, r.subject, r.opens_at, r.discharged_by) for r in rows(kept, earlier) if r.discharged_by]
    after = [(r.duty, r.subject, r.opens_at, r.discharged_by) for r in rows(kept, later)]

    assert [row for row in before if row not in after] == []


@given(scripts())
def test_the_facts_that_count_are_those_no_counting_fact_supersedes(script: list[Fact]) -> None:
    known = [fact for fact in script if fact.at <= NOW]
    counting = {fact.id for facts in effective(script, NOW).values() for fact in facts}

    superseded = {fact.supersedes for fact in known if fact.id in counting}

    assert counting == {fact.id for fact in known} - superseded


def test_two_different_facts_of_one_id_are_refused() -> None:
    fact = Fact("f", "temperature.read", "person:a", "45", START)

    with pytest.raises(BulouError, match="Two different facts have the id f"):
        rows([fact, replace(fact, subject="person:b")])


def test_the_same_instant_written_in_another_zone_is_the_same_fact() -> None:
    fact = Fact("f", "temperature.read", "person:a", "45", START)
    again = replace(fact, at=START.astimezone(RULES[0].zone))

    assert rows([fact, again]) == rows([fact])


def test_a_long_chain_of_corrections_is_followed_to_its_end() -> None:
    chain = [Fact("f0", "isolation.started", "person:a", "45", START)]
    chain += [Fact(f"f{n}", "fact.withdrawn", "person:a", "45", START, None, {}, f"f{n - 1}") for n in range(1, 4001)]

    assert run(chain, START) == run(chain[:1], START)
    assert run(chain[:-1], START) == []
