"""Two plans side by side: what the second changes, adds and drops, duty by duty, with the stricter marked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import product
from typing import Any, Literal

from bulou.kernel.text import Text
from bulou.plan.diff import ParameterDiffers, diff, pace
from bulou.plan.layering import may_both_match
from bulou.plan.models import Plan
from bulou.plan.prose import Names, describe
from bulou.plan.rules import Rule, Trigger, rules
from bulou.plan.standing import all_standing

Side = Literal["left", "right", ""]
ALIKE = 5.0
"""The likeness from which two duties count as one duty that was changed."""
MILDEST_FIRST = (None, "IV", "III", "II", "I")
"""From which level a duty holds; None at all times."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one duty of a plan asks: its rule, and its terms as labelled lines in both languages."""

    rule: Rule
    lines: tuple[tuple[Text, Text], ...]

    def line(self, label: Text) -> Text | None:
        return next((text for name, text in self.lines if name == label), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One term that differs; a side has None where it says nothing. `stricter` is empty where that cannot be said."""

    label: Text
    left: Text | None
    right: Text | None
    stricter: Side


@dataclass(frozen=True, slots=True)
class Pair:
    """A duty of each plan that ask for the same fact; no `changes` where they are equal in every term."""

    left: Ask
    right: Ask
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans' own duties: those both have (`changed`, `same`), those only one has, and parameters that differ."""

    changed: tuple[Pair, ...]
    added: tuple[Ask, ...]
    dropped: tuple[Ask, ...]
    same: tuple[Pair, ...]
    parameters: tuple[ParameterDiffers, ...]


def compare(left: Plan, right: Plan, titles: Names, day: date) -> Comparison:
    """What `right` changes, adds and drops against `left` on a day, each in the order of its document."""
    pairs, dropped, added = [], [], []
    ours, theirs = _by_must(left, titles, day), _by_must(right, titles, day)
    for must in ours.keys() | theirs.keys():
        matched = list(_matched(ours[must], theirs[must]))
        pairs += [Pair(one, other, tuple(_changes(one, other))) for one, other in matched]
        taken = {id(ask) for pair in matched for ask in pair}
        dropped += [ask for ask in ours[must] if id(ask) not in taken]
        added += [ask for ask in theirs[must] if id(ask) not in taken]
    first, second = _order(left), _order(right)
    pairs.sort(key=lambda pair: first[pair.left.rule.id])
    return Comparison(
        changed=tuple(pair for pair in pairs if pair.changes),
        added=tuple(sorted(added, key=lambda ask: second[ask.rule.id])),
        dropped=tuple(sorted(dropped, key=lambda ask: first[ask.rule.id])),
        same=tuple(pair for pair in pairs if not pair.changes),
        parameters=diff(left, right, titles).parameters,
    )


def _by_must(plan: Plan, titles: Names, day: date) -> dict[str, list[Ask]]:
    found: dict[str, list[Ask]] = defaultdict(list)
    for rule in map(_impersonal, all_standing(rules(plan), day)):
        if rule.plan == plan.id:
            found[rule.must.kind].append(Ask(rule, tuple(describe(rule, titles))))
    return found


def _impersonal(rule: Rule) -> Rule:
    """The rule without the conditions that only name its own plan, which is never what another plan says."""
    until = _without(rule.until, rule.plan) if rule.until else None
    return replace(rule, when=_without(rule.when, rule.plan), until=until, must=_without(rule.must, rule.plan))


def _without(trigger: Trigger, plan: str) -> Trigger:
    return replace(trigger, where=tuple(test for test in trigger.where if test.value != (plan,)))


def _order(plan: Plan) -> dict[str, int]:
    return {f"{plan.id}/{duty.duty}": place for place, (_clause, duty) in enumerate(plan.duties)}


def _matched(ours: Sequence[Ask], theirs: Sequence[Ask]) -> Iterator[tuple[Ask, Ask]]:
    """The likeliest pairs first, each duty in one of them at most."""
    scored = [(_likeness(one.rule, other.rule), one, other) for one, other in product(ours, theirs)]
    taken: set[int] = set()
    for score, one, other in sorted(scored, key=lambda row: (-row[0], row[1].rule.id, row[2].rule.id)):
        if score >= ALIKE and not {id(one), id(other)} & taken:
            taken |= {id(one), id(other)}
            yield one, other


def _likeness(one: Rule, other: Rule) -> float:
    """How much two duties are alike, 0 to 11: what opens them first, then terms and name; 0 where nothing fits both."""
    opening = may_both_match(one.when, other.when)
    if not may_both_match(one.must, other.must) or (one.when.kind == other.when.kind and not opening):
        return 0
    score = 3.0 * opening + (one.when == other.when) + 2 * (one.must == other.must)
    score += (_recurs(one) == _recurs(other)) + (one.role == other.role) + (one.no_miss == other.no_miss)
    return score + 2 * SequenceMatcher(None, one.title.zh, other.title.zh).ratio()


def _recurs(rule: Rule) -> bool:
    return rule.variants[0].within is None


def _changes(one: Ask, other: Ask) -> Iterator[Change]:
    labels = list(dict.fromkeys(label for ask in (one, other) for label, _ in ask.lines))
    for label in labels:
        left, right = one.line(label), other.line(label)
        if left != right:
            yield Change(label, left, right, _stricter(label, one.rule, other.rule))


def _stricter(label: Text, one: Rule, other: Rule) -> Side:
    """By pace, of duties both once or both recurring; by level, where the one holds from a milder one on."""
    if label.en == "Level":
        return _less(MILDEST_FIRST.index(one.level), MILDEST_FIRST.index(other.level))
    if label.en == "Due" and _recurs(one) == _recurs(other):
        return _less(min(map(pace, one.variants)), min(map(pace, other.variants)))
    return ""


def _less(left: Any, right: Any) -> Side:
    return "" if left == right else "left" if left < right else "right"
