"""A rule as it stands on one day: one set of terms, and only the conditions and tells in force, undated."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from bulou.plan.matching import covers
from bulou.plan.rules import Condition, Rule, Tell, Trigger, Variant

Dated = TypeVar("Dated", Condition, Tell, Variant)


def all_standing(rules: Iterable[Rule], day: date) -> list[Rule]:
    """The rules on a local date; those a disease without the number they need leaves without terms are left out."""
    return [standing(rule, day) for rule in rules if rule.variants]


def standing(rule: Rule, day: date) -> Rule:
    """The rule, which has terms, on a local date; where it has none yet, with its first ones."""
    terms = _in_force(rule.variants, day) or [replace(rule.variants[0], valid_from=None, valid_to=None)]
    return replace(
        rule,
        when=_trigger(rule.when, day),
        until=_trigger(rule.until, day) if rule.until else None,
        must=_trigger(rule.must, day),
        tell=tuple(_in_force(rule.tell, day)),
        variants=tuple(terms),
    )


def _trigger(trigger: Trigger, day: date) -> Trigger:
    return replace(trigger, where=tuple(_in_force(trigger.where, day)))


def _in_force(rows: Iterable[Dated], day: date) -> list[Dated]:
    return [replace(row, valid_from=None, valid_to=None) for row in rows if covers(row, day)]
