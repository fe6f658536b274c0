"""Random histories under all five official plans at once: kinds of facts their rules name, data that often match."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import LEVEL_SET, WAIVED, WITHDRAWN, Fact, FactKinds
from bulou.plan.load import load
from bulou.plan.matching import covers
from bulou.plan.models import Plan
from bulou.plan.possible import domain, fields_of
from bulou.plan.rules import Condition, Rule, Trigger, rules

PLANS = Path(__file__).parents[1] / "plans"
START = datetime(2020, 10, 5, tzinfo=SHANGHAI)
"""After all five were issued; before and after some of their numbers change."""
AREAS = ("320412001001", "320412002", "210102001001", "6322", "450103", "32", "")
RAISED = ("", "32", "3204", "320412", "2101", "6322", "45")
CLERK, CHIEF = (f"unit:{UUID(int=n, version=4)}" for n in (1, 2))
ODD: tuple[Any, ...] = (None, "other", True, Decimal("-1"), [], ["other"], "")
"""Values that few conditions expect."""


@cache
def every_kind() -> FactKinds:
    return fact_kinds()


@cache
def every_plan() -> tuple[Plan, ...]:
    """The five plans."""
    folders = sorted(path.parent for path in PLANS.glob("*/plan.yaml"))
    return tuple(load(folder, kinds=every_kind(), roles=ROLES) for folder in folders)


@cache
def every_rule() -> tuple[Rule, ...]:
    """The rules of the five plans."""
    return tuple({rule.id: rule for plan in every_plan() for rule in rules(plan)}.values())


@cache
def every_trigger() -> tuple[Trigger, ...]:
    return tuple(trigger for rule in every_rule() for trigger in (rule.when, rule.must, rule.until) if trigger)


def history(
    rnd: random.Random, *, stories: int = 12, others: int = 25, known: Mapping[str, Sequence[str]] | None = None
) -> list[Fact]:
    """Facts about a few subjects: stories of single rules, facts of any, levels, corrections, withdrawals, waivers.

    `known`: subjects by their sort; their facts have every field a fact must have, so that the ledger takes most.
    """
    facts = Chronicle(rnd, known)
    for _ in range(rnd.randint(1, stories)):
        facts.story(rnd.choice(every_rule()))
    for _ in range(rnd.randint(0, others)):
        facts.act(rnd.choice(("fact", "fact", "level", "waive", "withdraw", "correct")))
    told = facts.told + rnd.sample(facts.told, min(len(facts.told), 3))
    rnd.shuffle(told)
    return told


def instant(rnd: random.Random) -> datetime:
    """A minute, an hour or a quarter of a day in three weeks: round instants make boundaries meet."""
    minutes = rnd.choice([rnd.randint(0, 21 * 1440), rnd.randint(0, 21 * 24) * 60, rnd.randint(0, 84) * 360])
    return START + timedelta(minutes=minutes)


class Chronicle:
    """Facts as they are made up. Ids are unique, and their order says nothing of when."""

    def __init__(self, rnd: random.Random, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self.rnd, self.told, self.known = rnd, list[Fact](), known

    def story(self, rule: Rule) -> None:
        """What opens a rule, and perhaps does it about when it is due, does it again, and ends it."""
        rnd = self.rnd
        at = rnd.choice(self.told).at if self.told and rnd.random() < 0.3 else instant(rnd)
        subject, area = self._subject(rule.when.kind), rnd.choice(AREAS)
        self._happens(rule.when, subject, area, at)
        opening = self.told[-1]
        terms = next((variant for variant in rule.variants if covers(variant, at.date())), rule.variants[0])
        due, minute = terms.within or terms.period or timedelta(days=1), timedelta(minutes=1)
        edges = (timedelta(), due, due + minute, due - minute, due / 2, due + terms.late, 2 * due)
        for trigger in (rule.must, rule.must, rule.until, rule.when):
            if trigger and rnd.random() < 0.6:
                self._happens(trigger, subject, area, at + rnd.choice(edges))
        if rule.level and rnd.random() < 0.8:
            self._level(at - timedelta(hours=rnd.randint(-24, 48)), rnd.choice([area, *RAISED]))
        if rnd.random() < 0.2:
            self._waiver(rule, opening, at + rnd.choice(edges))

    def act(self, act: str) -> None:
        """One more fact: of any rule's kind, a level, a waiver, a withdrawal or a correction."""
        rnd = self.rnd
        old, rule = rnd.choice(self.told), rnd.choice(every_rule())
        triggers = [trigger for trigger in (rule.when, rule.must, rule.until) if trigger]
        if act == "level":
            self._level(instant(rnd), rnd.choice(RAISED))
        elif act == "waive":
            self._waiver(rule, old, instant(rnd))
        elif act == "withdraw":
            self._tell(WITHDRAWN, old.subject, old.area, instant(rnd), {"reason": "x"}, old.id)
        elif act == "correct":
            same = [trigger for trigger in every_trigger() if trigger.kind == old.kind] or [Trigger(old.kind)]
            at = old.at + timedelta(minutes=rnd.choice([0, 0, 30]))
            self._tell(old.kind, old.subject, old.area, at, self._data(rnd.choice(same)), old.id)
        else:
            trigger = rnd.choice(triggers)
            self._happens(trigger, self._subject(trigger.kind), rnd.choice(AREAS), instant(rnd))

    def _tell(
        self, kind: str, subject: str, area: str, at: datetime, data: dict[str, Any], supersedes: str | None = None
    ) -> None:
        id = str(UUID(int=self.rnd.getrandbits(48) << 80 | len(self.told), version=4))
        self.told.append(Fact(id, kind, subject, area, at, CLERK, data, supersedes))

    def _happens(self, trigger: Trigger, subject: str, area: str, at: datetime) -> None:
        self._tell(trigger.kind, subject, area, at, self._data(trigger))

    def _data(self, trigger: Trigger) -> dict[str, Any]:
        """Data that mostly satisfies the conditions, lies at their edge, or lacks or garbles a field."""
        rnd = self.rnd
        data = {condition.field: _value(rnd, condition) for condition in trigger.where}
        if self.known is not None:
            return {**_required(trigger.kind), **data}
        if data and rnd.random() < 0.15:
            data[rnd.choice(sorted(data))] = rnd.choice(ODD)
        if data and rnd.random() < 0.05:
            data.pop(rnd.choice(sorted(data)))
        return data

    def _level(self, at: datetime, area: str) -> None:
        level = {"level": self.rnd.choice(["I", "I", "II", "II", "III", "IV", "none"])}
        self._tell(LEVEL_SET, f"area:{area}", area, at, level)

    def _waiver(self, rule: Rule, opening: Fact, at: datetime) -> None:
        approver = self.rnd.choice([CHIEF, CHIEF, CLERK])
        data = {"duty": rule.id, "opens_at": opening.at.isoformat(), "reason": "synthetic", "approved_by": approver}
        self._tell(WAIVED, opening.subject, opening.area, at, data)

    def _subject(self, kind: str) -> str:
        """One of two subjects of a sort the kind is about; of areas, one levels are set for."""
        sort = self.rnd.choice(sorted(every_kind()[kind].on))
        if self.known is not None:
            return self.rnd.choice(self.known[sort])
        return f"area:{self.rnd.choice(RAISED[:3])}" if sort == "area" else f"{sort}:{self.rnd.choice('ab')}"


@cache
def _required(kind: str) -> Mapping[str, Any]:
    """Something in every field a fact of the kind must have."""
    found: dict[str, Any] = {}
    for name, info in fields_of(every_kind(), kind).items():
        holds = domain(info)
        one = holds.options[0] if holds.options else 1 if {int, float} & set(holds.types) else "x"
        if info.is_required():
            found[name] = [one] if holds.many else one
    return found


def _value(rnd: random.Random, condition: Condition) -> Any:
    """A value the condition accepts, or one at its edge; sometimes in a list with others."""
    if isinstance(condition.value, tuple):
        value: Any = rnd.choice(condition.value)
        return rnd.choice([value, value, value, [value], ["other", value]])
    if condition.op == "ne" or isinstance(condition.value, bool | str):
        return rnd.choice(["other", condition.value])
    number = Decimal(condition.value)
    return rnd.choice([number, number + 1, number - 1, number + Decimal("0.1"), number - Decimal("0.01"), int(number)])
