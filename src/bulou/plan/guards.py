"""Guards evaluated: what plans demand before an act, for one subject, at an instant, from its facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bulou.kernel.facts import Fact
from bulou.kernel.periods import local_date
from bulou.kernel.text import Text
from bulou.plan.forms import Guard, Requirement
from bulou.plan.matching import Seen, effective, matches
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import NotInForceError, Reader
from bulou.plan.rules import trigger_of


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a guard requires. `by` is the latest fact that meets it, None while none does.

    `stale` is the latest that met it once and lies too far back: what has to be done again.
    """

    plan: str
    clause: str
    cites: str
    text: Text
    fact: str
    by: Fact | None
    stale: Fact | None

    @property
    def is_met(self) -> bool:
        return self.by is not None


def needs(plans: Iterable[Plan], act: str, facts: Iterable[Fact], now: datetime) -> list[Need]:
    """What the guards of plans require before `act`, each against the facts about the subject up to `now`.

    Plans that extend one another share clauses; each clause is asked once.
    """
    known = effective(facts, now)
    found: dict[tuple[str, str], list[Need]] = {}
    for plan in plans:
        for member, clause, guard in _guards(plan, act):
            if (member.id, clause.clause) not in found:
                asked = (_weighed(member, clause, need, known, now) for need in guard.requires)
                found[member.id, clause.clause] = list(asked)
    return [need for group in found.values() for need in group]


def _guards(plan: Plan, act: str) -> Iterator[tuple[Plan, Clause, Guard]]:
    for member in plan.family:
        for clause in member.clauses:
            if clause.guard and clause.guard.act == act:
                yield member, clause, clause.guard


def _weighed(plan: Plan, clause: Clause, need: Requirement, known: Seen, now: datetime) -> Need:
    trigger = trigger_of(need, plan.scope)
    met = [fact for fact in known.get(need.fact, []) if matches(trigger, fact, plan.zone)]
    try:
        span = Reader(plan.scope, local_date(now, plan.zone)).period(need.last)
    except NotInForceError:
        span = None
    fresh = [fact for fact in met if span is None or fact.at >= now - span]
    by = fresh[-1] if fresh else None
    stale = met[-1] if met and by is None else None
    return Need(plan.id, clause.clause, clause.cites, need.text, need.fact, by, stale)
