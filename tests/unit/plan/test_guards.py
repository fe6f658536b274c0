"""What plans demand before an act, weighed against what happened."""

from datetime import datetime, timedelta
from typing import Any

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.ledger import shelf
from bulou.plan.guards import Need, needs
from bulou.plan.models import Plan

NOW = datetime(2020, 2, 20, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def plan(name: str) -> Plan:
    found = shelf.plan(name)
    assert found
    return found


def fact(kind: str, ago: timedelta, id: str = "1", /, **data: Any) -> Fact:
    supersedes = data.pop("supersedes", None)
    return Fact(id, kind, "person:p", "120101", NOW - ago, None, data, supersedes)


def asked(*facts: Fact, act: str = "isolation.ended") -> list[Need]:
    return needs([plan("guangxi-2020-9")], act, facts, NOW)


def test_a_guard_asks_for_what_its_clause_requires() -> None:
    (need,) = asked()

    assert (need.clause, need.fact, need.is_met) == ("GX-2.1.e", "release.assessed", False)
    assert need.cites.startswith("桂新冠防指")


def test_a_fact_with_the_right_words_within_the_time_meets_it() -> None:
    (need,) = asked(fact("release.assessed", HOUR, outcome="complete"))

    assert need.is_met
    assert need.by
    assert need.by.at == NOW - HOUR


def test_other_words_do_not_meet_it() -> None:
    assert not asked(fact("release.assessed", HOUR, outcome="extend"))[0].is_met


def test_what_is_too_long_ago_is_said_to_be_stale() -> None:
    (need,) = asked(fact("release.assessed", 48 * HOUR, outcome="complete"))

    assert not need.is_met
    assert need.stale
    assert need.stale.at == NOW - 48 * HOUR


def test_what_was_withdrawn_and_what_has_not_happened_yet_do_not_count() -> None:
    assessed = fact("release.assessed", HOUR, "a", outcome="complete")
    withdrawn = fact("fact.withdrawn", HOUR, "b", supersedes="a", reason="x")

    assert not asked(assessed, withdrawn)[0].is_met
    assert not asked(fact("release.assessed", -HOUR, outcome="complete"))[0].is_met


def test_the_latest_that_meets_it_is_named() -> None:
    early, late = (fact("release.assessed", n * HOUR, str(n), outcome="complete") for n in (5, 2))

    assert [need.by and need.by.id for need in (*asked(late, early), *asked(early, late))] == ["2", "2"]


def test_every_requirement_of_every_clause_is_asked_once_though_two_plans_share_it() -> None:
    twice = needs([plan("guangxi-2020-9"), plan("guangxi-2020-9")], "episode.discharged", (), NOW)

    assert [need.fact for need in twice] == ["discharge.assessed", "expert.consulted"]


def test_an_act_nobody_guards_asks_for_nothing() -> None:
    assert asked(act="temperature.read") == []
