"""Nobody's data are kept after the response to them is over: who is closed, and the words of their facts.

A person is closed when nobody has held them for the time of retention and nothing was recorded of them since; whoever
is on a register of the well is on it for another purpose and stays. Facts stay too, with kind, time, place and numbers:
the ledger comes to the same duties as before. What is taken out of them is free text, in which anybody may stand.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings

from bulou.custody.chain import ILL, REGISTERS
from bulou.directory import erasing
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import KINDS, Fact
from bulou.kernel.ids import new_id
from bulou.ledger import following, locks, services
from bulou.ledger.engines import store

ERASED = "person.erased"
LONGEST = 2000
"""The length of `Words`, by which free text is known in a kind's schema."""
AT_ONCE, EVERYBODY = 500, 100_000_000
"""People erased in one transaction; more than there are."""
_CLOSED = """
SELECT c.person, p.area FROM custody c JOIN person p ON p.id = c.person AND p.name <> ''
WHERE NOT c.managed AND c.since < %(before)s
    AND NOT EXISTS (SELECT FROM custody x WHERE x.person = c.person AND x.since > c.since)
    AND NOT EXISTS (SELECT FROM fact f WHERE f.subject = 'person:' || c.person AND f.at >= %(before)s)
    AND NOT EXISTS (
        SELECT FROM fact f WHERE f.subject = 'person:' || c.person AND f.kind = 'person.enrolled'
            AND f.data ->> 'category' = ANY (%(registers)s::text[])
            AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
            AND NOT EXISTS (
                SELECT FROM fact w WHERE w.subject = f.subject AND w.kind = 'person.withdrawn' AND w.at >= f.at
                    AND COALESCE(w.data ->> 'category', f.data ->> 'category') = f.data ->> 'category'))
ORDER BY c.since, c.person LIMIT %(limit)s
"""
_EPISODES = """
SELECT DISTINCT f.subject FROM fact f
WHERE f.data ->> 'person' = ANY (%s::text[]) AND f.subject LIKE 'episode:%%' AND f.kind = ANY (%s::text[])
"""
_READ = "SELECT DISTINCT g.kind, c.field FROM rule_trigger g JOIN rule_condition c ON c.trigger = g.id"


def before() -> datetime:
    """Whoever was closed before this instant is erased: `BULOU_RETENTION_DAYS` ago by the house's clock."""
    return clock.now() - timedelta(days=int(settings.RETENTION_DAYS))


def closed(limit: int = AT_ONCE) -> list[tuple[UUID, str]]:
    """People who are to be erased, with their areas, the longest closed first. One query."""
    with everywhere():
        given = {"before": before(), "registers": sorted(REGISTERS), "limit": limit}
        return [(person, area) for person, area in store.query(_CLOSED, given)]


def due() -> int:
    """How many people are to be erased, by the house's clock."""
    with clock.at(_house()):
        return len(closed(limit=EVERYBODY))


def erase_closed() -> int:
    """Erase everybody who is to be, so many at a time, by the house's clock. How many files."""
    total = 0
    with clock.at(_house()):
        while found := closed():
            facts = [
                Fact(str(new_id()), ERASED, f"person:{person}", area, clock.now(), None, {"ground": "retention"})
                for person, area in found
            ]
            services.record(facts)
            total += erasing.erase([person for person, _ in found])
    return total


def _house() -> datetime | None:
    """What the business clock is set to, if it is."""
    with everywhere():
        ((set_to, _),) = store.rows("instant", "house")
    return cast(datetime | None, set_to)


def erase_words(people: Collection[UUID]) -> None:
    """Take the free text out of the facts of these people and of their illnesses, and derive anew what showed it."""
    subjects = [f"person:{person}" for person in people]
    subjects += [subject for (subject,) in store.query(_EPISODES, [subjects, sorted(ILL)])]
    locks.hold_few(subjects)
    read = {(kind, field) for kind, field in store.query(_READ)}
    words = {kind: [one for one in named if (kind, one) not in read] for kind, named in free_text().items()}
    store.query("SELECT fact_erase(%s::text[], %s::jsonb, %s)", [subjects, json.dumps(words), erasing.MARK])
    following.tell_of(subjects, clock.now())


@cache
def free_text() -> dict[str, list[str]]:
    """The fields of each kind of fact that hold words of somebody's own."""
    return {kind: named for kind in KINDS if (named := [n for n, s in _properties(kind) if _is_words(s)])}


def _properties(kind: str) -> list[tuple[str, Any]]:
    return list(KINDS[kind].model_json_schema(by_alias=True).get("properties", {}).items())


def _is_words(schema: Any) -> bool:
    if isinstance(schema, dict):
        return schema.get("maxLength") == LONGEST or any(_is_words(part) for part in schema.values())
    return isinstance(schema, list) and any(_is_words(part) for part in schema)
