"""`ledger verify`: the stored ledger against what the reference derives from the facts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from bulou.directory.scope import everywhere
from bulou.kernel.facts import Fact
from bulou.ledger.engines import store
from bulou.plan.evaluate import ledger
from bulou.plan.matching import effective
from bulou.plan.rules import Rule

UTC = ZoneInfo("UTC")
"""Instants of an hour that comes twice are equal only within one zone (PEP 495)."""
Line = tuple[str, str, datetime, datetime, str]
"""Duty, subject, opens, due, state."""

_DUTIES = "SELECT r.name, d.subject, d.opens_at, d.due_at, d.state FROM duty d JOIN rule r ON r.id = d.rule"
_FACTS = "SELECT id, kind, subject, area, at, by, data FROM fact WHERE at <= %s ORDER BY subject"
_LEVELS = "SELECT id, kind, subject, area, at, by, data FROM fact WHERE at <= %s AND kind = 'response.level_set'"
_CHAINS = """
SELECT id, at, supersedes FROM fact WHERE at <= %(now)s AND supersedes IS NOT NULL
UNION
SELECT f.id, f.at, f.supersedes FROM fact x JOIN fact f ON f.id = x.supersedes WHERE f.at <= %(now)s AND x.at <= %(now)s
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A duty that stands differently: `stored` or `derived` is empty where only the other side has it."""

    duty: str
    subject: str
    opens_at: datetime
    stored: str
    derived: str


def verify(rules: Sequence[Rule], adopted: Mapping[str, Sequence[str]], now: datetime) -> tuple[int, list[Difference]]:
    """How many duties the facts give at `now`, and where the stored ledger differs. Reads subject by subject.

    `adopted`: the areas in which each plan is in force.
    """
    with everywhere():
        stored = stored_duties()
        derived = sorted(_derived(rules, adopted, now))
        differences = list(_compare(stored, derived))
    return len(derived), differences


def stored_duties() -> list[Line]:
    """Every duty of the ledger, sorted."""
    return sorted(store.query(_DUTIES))


def tally_differences() -> list[store.Row]:
    """Rows of the tallies, deltas included, that differ from a count of the duties themselves."""
    return store.rows("verification", "tallies")


def _derived(rules: Sequence[Rule], adopted: Mapping[str, Sequence[str]], now: datetime) -> Iterator[Line]:
    """A subject's duties follow from its own facts and the levels, once it is known which facts count.

    A level is also a fact about its area, and may open duties of that area.
    """
    dead = _dead(now)
    levels = [_fact(row) for row in store.query(_LEVELS, [now]) if row[0] not in dead]
    rest = (_fact(row) for row in store.query(_FACTS, [now]) if row[0] not in dead)
    for subject, group in groupby(rest, key=lambda fact: fact.subject):
        others = [level for level in levels if level.subject != subject]
        for line in ledger(rules, [*group, *others], now, UTC, adopted=adopted):
            if line.subject == subject:
                yield line.duty, line.subject, line.opens_at, line.due_at, line.state


def _dead(now: datetime) -> set[UUID]:
    """The facts that do not count, because one that counts supersedes them; it may be about another subject."""
    chains = {
        id: Fact(str(id), "", "", "", at, supersedes=str(target) if target else None)
        for id, at, target in store.query(_CHAINS, {"now": now})
    }
    counting = {fact.id for facts in effective(chains.values(), now).values() for fact in facts}
    return {id for id, fact in chains.items() if fact.id not in counting}


def _compare(stored: Iterable[Line], derived: Iterable[Line]) -> Iterator[Difference]:
    left, right = _counted(stored), _counted(derived)
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            yield Difference(*key, *(" ".join(sorted(side.get(key, []))) for side in (left, right)))


def _counted(lines: Iterable[Line]) -> dict[tuple[str, str, datetime], list[str]]:
    found: dict[tuple[str, str, datetime], list[str]] = {}
    for duty, subject, opens, due, state in lines:
        found.setdefault((duty, subject, opens), []).append(f"{state} {due.timestamp()}")
    return {key: sorted(states) for key, states in found.items()}


def _fact(row: store.Row) -> Fact:
    id, kind, subject, area, at, by, data = row
    return Fact(str(id), kind, subject, area, at, by, json.loads(data, parse_float=Decimal))
