"""Which facts count, and which of them a trigger matches."""

import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bulou.kernel.errors import BulouError
from bulou.kernel.facts import WAIVED, Fact
from bulou.kernel.periods import local_date
from bulou.plan.rules import Condition, Tell, Trigger, Variant

_ORDERED = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}

Seen = Mapping[str, list[Fact]]
"""The facts that count at an instant: kind to facts, by time and then id."""


def effective(facts: Iterable[Fact], now: datetime) -> Seen:
    """The facts with `at <= now` that no effective fact supersedes, their instants in UTC.

    Facts superseding each other in a ring do not count. The same id twice is one fact; two different facts of one
    id are a `BulouError`.
    """
    known = {id: fact for id, fact in distinct(facts).items() if fact.at <= now}
    against: dict[str, set[str]] = defaultdict(set)
    for fact in known.values():
        if fact.supersedes in known:
            against[fact.supersedes].add(fact.id)
    counts: dict[str, bool] = {}
    ready = [id for id in known if id not in against]
    while ready:
        fact = known[ready.pop()]
        counts[fact.id] = not any(counts[other] for other in against.get(fact.id, ()))
        target = fact.supersedes
        if target in known and all(other in counts for other in against[target]):
            ready.append(target)
    seen: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(known.values(), key=lambda fact: (fact.at, fact.id)):
        if counts.get(fact.id):
            seen[fact.kind].append(fact)
    return seen


def by_subject(trigger: Trigger | None, seen: Seen, zone: ZoneInfo) -> dict[str, list[Fact]]:
    """The facts a trigger matches, by subject, in order of time and id; nothing matches no trigger."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.get(trigger.kind, []) if trigger else []:
        if trigger and matches(trigger, fact, zone):
            found[fact.subject].append(fact)
    return dict(found)


def matches(trigger: Trigger, fact: Fact, zone: ZoneInfo) -> bool:
    """True where the fact is of the trigger's kind and, for every test, the condition in force that day holds."""
    day = local_date(fact.at, zone)
    in_force = [condition for condition in trigger.where if covers(condition, day)]
    tests = {(condition.field, condition.op) for condition in trigger.where}
    return (
        fact.kind == trigger.kind
        and len(in_force) == len(tests)
        and all(holds(condition, fact.data.get(condition.field)) for condition in in_force)
    )


def holds(condition: Condition, value: Any) -> bool:
    """One condition on one value. Absent: false. A list equals what any element equals. Booleans are not numbers."""
    if value is None:
        return False
    if compare := _ORDERED.get(condition.op):
        left, right = _number(value), _number(condition.value)
        return left is not None and right is not None and bool(compare(left, right))
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    items = value if isinstance(value, list | tuple) else (value,)
    found = any(_same(item, option) for item in items for option in wanted)
    return found == (condition.op == "in")


def covers(span: Condition | Variant | Tell, day: date) -> bool:
    """True where a dated row is in force on a local date."""
    return (span.valid_from is None or span.valid_from <= day) and (span.valid_to is None or day < span.valid_to)


def waives(waiver: Fact, duty: str, opens_at: datetime) -> bool:
    """True where a waiver names the duty and its opening, gives a reason, and two different people stand behind it."""
    data = waiver.data
    reason, approver = data.get("reason"), data.get("approved_by")
    return (
        waiver.kind == WAIVED
        and data.get("duty") == duty
        and _instant(data.get("opens_at")) == opens_at
        and isinstance(reason, str)
        and bool(reason.strip())
        and isinstance(approver, str)
        and bool(approver and waiver.by)
        and approver != waiver.by
    )


def distinct(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Facts by id, instants in UTC; BulouError where two different facts share one."""
    found: dict[str, Fact] = {}
    for given in facts:
        fact = replace(given, at=given.at.astimezone(UTC))
        if found.setdefault(fact.id, fact) != fact:
            raise BulouError.of(
                "conflicting_facts",
                f"两条不同的事实使用同一编号 {fact.id}；更正请另记一条并写明 supersedes。",
                f"Two different facts have the id {fact.id}; to correct one, record another that supersedes it.",
            )
    return found


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _same(left: Any, right: Any) -> bool:
    numbers = _number(left), _number(right)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return type(left) is type(right) and bool(left == right)


def _instant(text: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None
