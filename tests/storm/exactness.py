"""Rules made for a test, and the live ledger held to the reference while facts arrive and the clock moves."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.kernel.periods import parse_period, parse_slot
from bulou.kernel.text import Text
from bulou.ledger import services, verification
from bulou.plan.evaluate import ledger
from bulou.plan.rules import Rule, Tell, Trigger, Variant

UTC = ZoneInfo("UTC")
"""Instants of an hour that comes twice are equal only within one zone (PEP 495)."""
VILLAGE = "120101001001"
STARTED, ENDED, DONE = "isolation.started", "isolation.ended", "temperature.read"


def rule(name: str = "made/it", *, zone: str = "Asia/Shanghai", **given: Any) -> Rule:
    """A rule opened by STARTED, ended by ENDED, done by DONE; terms as a plan writes them: `slots`, `period`, `on`…"""
    terms = Variant(
        within=_period(given.get("within")),
        after=_period(given.get("after")),
        late=_period(given.get("late")) or timedelta(),
        period=_period(given.get("period")),
        slots=tuple(parse_slot(slot) for slot in given.get("slots", ())),
        on=tuple(given.get("on", ())),
    )
    return Rule(
        id=name,
        plan=name.partition("/")[0],
        clause=given.get("clause", "M-1"),
        cites="made",
        title=Text(zh="试", en="Made"),
        no_miss=given.get("no_miss", "isolation"),
        when=given.get("when", Trigger(STARTED)),
        until=given.get("until", Trigger(ENDED)),
        has_until=given.get("until", True) is not None or terms.after is not None,
        level=given.get("level"),
        must=given.get("must", Trigger(DONE)),
        role=given.get("role", "village_committee"),
        tell=tuple(Tell(parse_period(after), role) for after, role in given.get("tell", ())),
        zone=ZoneInfo(zone),
        variants=(terms,),
    )


def fact(kind: str, subject: str, at: datetime, data: dict[str, Any] | None = None, **given: Any) -> Fact:
    """A fact of that instant about a subject of the village."""
    usual: dict[str, Any] = {STARTED: {"kind": "home"}, DONE: {"celsius": 36.6}}.get(kind, {})
    area, by = given.get("area", VILLAGE), given.get("by")
    return Fact(str(new_id()), kind, subject, area, at, by, data or usual, given.get("supersedes"))


def stay(rnd: random.Random, person: str, start: datetime, days: float, readings: int) -> list[Fact]:
    """An isolation with readings at round and at odd instants, some before it and some after."""
    minutes = int(days * 1440)
    at = [rnd.choice([rnd.randint(-600, minutes + 600), rnd.randint(0, int(days * 24)) * 60]) for _ in range(readings)]
    facts = [fact(DONE, person, start + timedelta(minutes=minute, seconds=rnd.choice([0, 0, 59]))) for minute in at]
    return [fact(STARTED, person, start), fact(ENDED, person, start + timedelta(minutes=minutes)), *facts]


def follow(rules: Sequence[Rule], facts: list[Fact], moments: Sequence[datetime], rnd: random.Random) -> int:
    """Facts arrive in any order while the clock goes through the moments; at each the ledger is the reference's.

    Gives the number of duties at the last.
    """
    rnd.shuffle(facts)
    with clock.at(moments[0]):
        services.adopt(rules, area="")
    for number, moment in enumerate(moments):
        with clock.at(moment):
            services.record(facts[number :: len(moments)], allow_future=True)
            services.advance()
        given = [fact for place in range(number + 1) for fact in facts[place :: len(moments)]]
        expected = [(d.duty, d.subject, d.opens_at, d.due_at, d.state) for d in ledger(rules, given, moment, UTC)]
        with everywhere():
            stored, tallies = verification.stored_duties(), verification.tally_differences()
        assert stored == sorted(expected), _differences(stored, expected, moment)
        assert tallies == [], tallies[:5]
    return len(expected)


def _differences(stored: list[verification.Line], expected: list[verification.Line], moment: datetime) -> str:
    only = {"stored": Counter(stored) - Counter(expected), "derived": Counter(expected) - Counter(stored)}
    lines = [f"{side}: {' '.join(map(str, line))}" for side, found in only.items() for line in list(found)[:5]]
    return "\n".join([f"at {moment}", *lines])


def local(day: str, zone: str = "Asia/Shanghai", at: time = time()) -> datetime:
    """An instant by its local date."""
    return datetime.combine(datetime.fromisoformat(day).date(), at, ZoneInfo(zone))


def _period(text: str | None) -> timedelta | None:
    return parse_period(text) if text else None
