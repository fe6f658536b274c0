"""Keeps visits and registers as the facts have them, in the transaction that stores the facts."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from bulou.kernel.ids import id_of
from bulou.ledger.engines import store
from bulou.ledger.history import put
from bulou.no_miss.monitoring import visits
from bulou.no_miss.monitoring.models import Entry, Visit
from bulou.no_miss.monitoring.register import REGISTERS
from bulou.no_miss.monitoring.visits import Happened

KINDS = (*visits.KINDS, *REGISTERS)
Row = Visit | Entry
_FACTS = """
SELECT f.subject, f.id::text, f.kind, f.at, f.area, f.by, f.data FROM fact f
WHERE (%(all)s OR f.subject = ANY(%(subjects)s::text[])) AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring visits and registers up to date for subjects whose facts moved; None: derive everything anew."""
    given = {"all": subjects is None, "subjects": list(subjects or ()), "kinds": list(KINDS), "now": now}
    facts: dict[str, list[Happened]] = defaultdict(list)
    for subject, id, kind, at, area, by, data in store.query(_FACTS, given):
        facts[subject].append(Happened(id, kind, at, area, by, json.loads(data)))
    put(Visit, subjects, [row for subject, own in facts.items() for row in _visits(subject, own)])
    put(Entry, subjects, [row for subject, own in facts.items() for row in _entries(subject, own)])


def _visits(subject: str, facts: Iterable[Happened]) -> Iterator[Visit]:
    kind, _, person = subject.partition(":")
    if kind != "person":
        return
    own = visits.visits_of(person, (fact for fact in facts if fact.kind in visits.KINDS))
    for visit in own:
        yield Visit(
            id=UUID(visit.id),
            subject=subject,
            person_id=UUID(person),
            area=visit.area,
            unit=id_of(visit.unit),
            visited_at=visit.visited_at,
            triage=visit.triage,
            exposure_history=visit.exposure_history,
            exposures=list(visit.exposures),
            state=visit.state,
            finding=visit.finding,
            assessed_at=visit.assessed_at,
            outcome=visit.outcome,
            concluded_at=visit.concluded_at,
            to=id_of(visit.to),
        )


def _entries(subject: str, facts: Iterable[Happened]) -> Iterator[Entry]:
    for fact in facts:
        if fact.kind in REGISTERS:
            yield Entry(
                id=UUID(fact.id), kind=fact.kind, subject=subject, area=fact.area, at=fact.at, by=fact.by,
                data=dict(fact.data),
            )  # fmt: skip
