"""Plans as rules: every duty literal, its parameters resolved by date. What every engine is fed.

How an engine reads them:

- *A date* below is the local date, in the rule's zone, of a fact: the opening fact for variants and tells, the fact
  tested for conditions. `valid_from` is the first day (None: always), `valid_to` the day after the last (None: ever).
- *A trigger* matches a fact of its kind where, for every distinct `(field, op)` of its conditions, the condition valid
  on the fact's date holds. None valid that day: no match.
- *A variant* gives the terms of an interval. A `when` fact on a day without a valid variant opens nothing.
- Spans of one rule's variants, and of one `(field, op)`, never overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bulou.kernel.periods import Slot
from bulou.kernel.text import Text
from bulou.plan import models
from bulou.plan.conditions import Op, comparisons
from bulou.plan.forms import Requirement
from bulou.plan.models import Clause, Duty, Plan
from bulou.plan.parameters import Parameters, Reader, Scalar, spans


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one data field on facts of some dates. `value`: a tuple for `in` (any of), else one scalar."""

    field: str
    op: Op
    valid_from: date | None
    valid_to: date | None
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A fact kind and the conditions on its data."""

    kind: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """The terms of an interval by the date of its opening fact. Exactly one of `within`, `period`, `slots` is given.

    `after`: how long the interval lasts at most. `on`: days after the interval's start, the only ones with slots
    (empty: every day).
    """

    valid_from: date | None = None
    valid_to: date | None = None
    within: timedelta | None = None
    after: timedelta | None = None
    late: timedelta = timedelta()
    period: timedelta | None = None
    slots: tuple[Slot, ...] = ()
    on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """The role told when a duty has been overdue for `after`."""

    after: timedelta
    role: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty of a plan. `id` is `plan/duty`; `no_miss` is empty where the clause has none; `level` I to IV or None.

    `until` is the fact that ends an interval (None: none does); `has_until` is true where a fact or `after` ends it, so
    that an open interval swallows further openings.
    """

    id: str
    plan: str
    clause: str
    cites: str
    title: Text
    no_miss: str
    when: Trigger
    until: Trigger | None
    has_until: bool
    level: str | None
    must: Trigger
    role: str
    tell: tuple[Tell, ...]
    zone: ZoneInfo
    variants: tuple[Variant, ...]


def rules(plan: Plan) -> list[Rule]:
    """Every duty of the plan and of the plans it extends, base first, but for those a plan of the family replaces."""
    duties = [(member, clause, duty) for member in plan.family for clause, duty in member.duties]
    replaced = {duty.replaces for _, _, duty in duties}
    compiled = (rule_of(member, clause, duty) for member, clause, duty in duties)
    return [rule for rule in compiled if rule.id not in replaced]


def rule_of(plan: Plan, clause: Clause, duty: Duty) -> Rule:
    """One duty of a clause of the plan as a rule."""
    scope = plan.scope
    until = duty.until
    return Rule(
        id=f"{plan.id}/{duty.duty}",
        plan=plan.id,
        clause=clause.clause,
        cites=clause.cites,
        title=duty.title or clause.title,
        no_miss=clause.no_miss or "",
        when=trigger_of(duty.when, scope),
        until=trigger_of(until, scope) if until and until.fact else None,
        has_until=until is not None,
        level=duty.level.at_least if duty.level else None,
        must=trigger_of(duty.must, scope),
        role=duty.by,
        tell=tuple(told for tell in duty.tell for told in _tells(tell, scope)),
        zone=plan.zone,
        variants=tuple(_variants(duty, scope)),
    )


def trigger_of(trigger: models.Trigger | models.Until | Requirement, scope: Parameters) -> Trigger:
    """A trigger, or what a guard requires, with its conditions by date."""
    tests = [(field, op, operand) for field, test in trigger.where.items() for op, operand in comparisons(field, test)]
    return Trigger(trigger.fact or "", tuple(row for test in tests for row in _conditions(*test, scope)))


def _conditions(field: str, op: Op, operand: Any, scope: Parameters) -> Iterator[Condition]:
    for start, end, values in spans(operand, scope, lambda reader: tuple(reader.values(operand))):
        yield Condition(field, op, start, end, values if op == "in" else values[0])


def _tells(tell: models.Tell, scope: Parameters) -> Iterator[Tell]:
    for start, end, after in spans(tell.after, scope, lambda reader: reader.period(tell.after)):
        yield Tell(after or timedelta(), tell.role, start, end)


def _variants(duty: Duty, scope: Parameters) -> Iterator[Variant]:
    every = duty.every
    terms: dict[str, Any] = {
        "within": duty.within,
        "after": duty.until.after if duty.until else None,
        "late": duty.late,
        "period": every.period if every else None,
        "slots": every.day if every else None,
        "on": every.on if every else None,
    }

    def read(reader: Reader) -> dict[str, Any]:
        spread = {"slots": reader.slots(terms["slots"]), "on": reader.days(terms["on"])}
        return (
            spread
            | {name: reader.period(terms[name]) for name in ("within", "after", "period")}
            | {"late": reader.period(terms["late"]) or timedelta()}
        )

    for start, end, resolved in spans(terms, scope, read):
        yield Variant(valid_from=start, valid_to=end, **resolved)
