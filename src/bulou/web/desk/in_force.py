"""The plans in force over an area, the most specific first, and what several of them ask for together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path

from bulou.kernel.areas import contains
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan import prose
from bulou.plan.layering import Shared, coinciding, shared, strictness
from bulou.plan.models import Plan
from bulou.plan.rules import Rule, rules
from bulou.plan.standing import all_standing
from bulou.web import words

Adopted = tuple[tuple[str, tuple[str, ...]], ...]
"""Plans by id, each with the areas that adopted it."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A plan in force in an area: adopted there or above (`whole`), or by a part of it. `area` is who adopted it."""

    plan: Plan
    area: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """One plan's duty in words, beside the others that ask for the same. `own`: it is the one the page is about."""

    plan: Plan
    clause: str
    title: str
    due: str
    must: str
    role: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What several plans ask for, the strictest first: it governs, and one fact does them all."""

    must: str
    when: str
    no_miss: str
    asking: Sequence[Asking]


def over(area: str) -> list[InForce]:
    """What is in force in an area, the most specific first. One query."""
    found = [
        InForce(plan, where, contains(where, area))
        for name, areas in ledger.adopted().items()
        for where in areas
        if (plan := shelf.plan(name)) and (contains(where, area) or contains(area, where))
    ]
    return sorted(found, key=lambda one: (-len(one.area), one.area, -one.plan.issued.toordinal(), one.plan.id))


def needs(in_force: Iterable[InForce], day: date) -> list[Need]:
    """What several of these plans ask for on a day, in the order of the first plan's document."""
    return [
        Need(
            must=words.kind_title(need.strictest.must.kind),
            when=words.kind_title(need.strictest.when.kind),
            no_miss=need.strictest.no_miss,
            asking=[_asking(rule) for rule in (need.strictest, *need.others)],
        )
        for need in _shared(_adopted(in_force), day, shelf.folder())
    ]


def alongside(clause: str, plan: str, in_force: Sequence[InForce], day: date) -> list[Need]:
    """For each duty of a clause that other plans in force ask for too: all who ask, the strictest first."""
    adopted = _adopted(in_force)
    if plan not in dict(adopted):
        return []
    every, found = _rules(adopted, day, shelf.folder()), []
    for rule in (rule for rule in every if rule.plan == plan and rule.clause == clause):
        if others := coinciding(rule, every, _Together(adopted)):
            asking = [_asking(one, own=one is rule) for one in sorted([rule, *others], key=strictness)]
            found.append(Need(words.kind_title(rule.must.kind), words.kind_title(rule.when.kind), rule.no_miss, asking))
    return found


class _Together:
    """Two plans are in force together where one's area contains the other's."""

    def __init__(self, adopted: Adopted) -> None:
        self.areas = dict(adopted)

    def __call__(self, one: str, other: str) -> bool:
        pairs = product(self.areas[one], self.areas[other])
        return any(contains(a, b) or contains(b, a) for a, b in pairs)


def _adopted(in_force: Iterable[InForce]) -> Adopted:
    found: dict[str, list[str]] = defaultdict(list)
    for one in in_force:
        found[one.plan.id].append(one.area)
    return tuple((name, tuple(areas)) for name, areas in found.items())


@lru_cache(maxsize=32)
def _shared(adopted: Adopted, day: date, folder: Path) -> list[Shared]:
    return shared(_rules(adopted, day, folder), _Together(adopted))


@lru_cache(maxsize=32)
def _rules(adopted: Adopted, day: date, folder: Path) -> list[Rule]:
    """The rules of plans as they stand on a day. `folder` is where the shelf stands, so that another is another."""
    plans = (shelf.plan(name) for name, _areas in adopted)
    own = (rule for plan in plans if plan for rule in rules(plan) if rule.plan == plan.id)
    return all_standing(own, day)


def _asking(rule: Rule, own: bool = False) -> Asking:
    plan = shelf.plan(rule.plan)
    if plan is None:
        raise LookupError(rule.plan)
    due, must = words.say(prose.due(rule.variants[0])), words.kind_title(rule.must.kind)
    return Asking(plan, rule.clause, words.say(rule.title), due, must, words.role_title(rule.role), own)
