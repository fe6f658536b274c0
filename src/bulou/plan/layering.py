"""Layering: where plans in force together ask for the same fact of the same subject, and which of them is stricter.

Both stand; one fact discharges both; the stricter is shown first. The rules given here stand on one day
(`plan.standing`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bulou.plan.diff import pace
from bulou.plan.rules import Condition, Rule, Trigger

Asked = tuple[str, frozenset[tuple[str, str, object]]]
"""A fact kind with conditions on its data, in no order."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One need several plans have. `strictest` governs; `others` stand too and are done by the same fact."""

    strictest: Rule
    others: tuple[Rule, ...]


def strictness(rule: Rule) -> tuple[timedelta, bool, str]:
    """What rules are sorted by, the strictest first: the shorter; of two alike, what recurs before what is once."""
    return pace(rule.variants[0]), rule.variants[0].within is not None, rule.id


def asked(rule: Rule) -> Asked:
    """What discharges a rule: one fact discharges all rules of which this is equal."""
    return rule.must.kind, frozenset((test.field, test.op, _value(test)) for test in rule.must.where)


Together = Callable[[str, str], bool]
"""Whether two plans are in force together anywhere."""


def always(one: str, other: str) -> bool:
    return True


def coincide(one: Rule, other: Rule) -> bool:
    """True where two plans' rules can open for one subject by one fact, and one fact discharges both."""
    same = one.when.kind == other.when.kind and asked(one) == asked(other)
    return same and one.plan != other.plan and may_both_match(one.when, other.when)


def coinciding(rule: Rule, rules: Iterable[Rule], together: Together = always) -> list[Rule]:
    """The rules of other plans that ask for the same, the strictest first."""
    return sorted((r for r in rules if coincide(rule, r) and together(rule.plan, r.plan)), key=strictness)


def shared(rules: Iterable[Rule], together: Together = always) -> list[Shared]:
    """Every need that several plans have: each rule no other is stricter than, with the laxer ones."""
    alike: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        alike[rule.when.kind, rule.must.kind].append(rule)
    found = []
    for members in alike.values():
        for rule in members:
            others = coinciding(rule, members, together)
            if others and strictness(rule) < strictness(others[0]):
                found.append(Shared(rule, tuple(others)))
    return found


def may_both_match(one: Trigger, other: Trigger) -> bool:
    """False where no fact can match both: they want other values of one field, or numbers that exclude each other."""
    if one.kind != other.kind:
        return False
    fields = {test.field for test in one.where} & {test.field for test in other.where}
    return all(_compatible([test for test in (*one.where, *other.where) if test.field == field]) for field in fields)


def _compatible(tests: list[Condition]) -> bool:
    values = [set(test.value) for test in tests if test.op == "in" and isinstance(test.value, tuple)]
    low = [Decimal(str(test.value)) for test in tests if test.op in ("gt", "gte")]
    high = [Decimal(str(test.value)) for test in tests if test.op in ("lt", "lte")]
    one_of = not values or bool(set.intersection(*values))
    return one_of and (not low or not high or max(low) <= min(high))


def _value(test: Condition) -> object:
    return frozenset(test.value) if isinstance(test.value, tuple) else test.value
