"""Nobody's data are kept after the response to them is over: who is closed, and the words of their facts.

A person is closed when nobody has held them for the time of retention and nothing was recorded of them since; whoever
is on a register of the well is on it for another purpose and stays. Facts stay too, with kind, time, place and numbers:
the ledger comes to the same duties as before. What is taken out of them is free text, in which anybody may stand.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, cast
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
Ground = Literal["retention", "request"]
Bar = Literal["managed", "register"]
LONGEST = 2000
"""The length of `Words`, by which free text is known in a kind's schema."""
AT_ONCE, EVERYBODY = 500, 100_000_000
"""People erased in one transaction; more than there are."""
ASKING = ("rights.requested", "rights.answered")
"""Kinds by which somebody asks what is kept of them: asking to be erased does not put erasure off."""
_ON_REGISTER = """EXISTS (
    SELECT FROM fact f WHERE f.subject = 'person:' || p.id AND f.kind = 'person.enrolled'
        AND f.data ->> 'category' = ANY (%(registers)s::text[])
        AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
        AND NOT EXISTS (
            SELECT FROM fact w WHERE w.subject = f.subject AND w.kind = 'person.withdrawn' AND w.at >= f.at
                AND COALESCE(w.data ->> 'category', f.data ->> 'category') = f.data ->> 'category'))"""
_CLOSED = f"""
SELECT c.person, p.area FROM custody c JOIN person p ON p.id = c.person AND p.name <> ''
WHERE NOT c.managed AND c.since < %(before)s
    AND NOT EXISTS (SELECT FROM custody x WHERE x.person = c.person AND x.since > c.since)
    AND NOT EXISTS (
        SELECT FROM fact f WHERE f.subject = 'person:' || c.person AND f.at >= %(before)s
            AND f.kind <> ALL (%(asking)s::text[]))
    AND NOT {_ON_REGISTER}
ORDER BY c.since, c.person LIMIT %(limit)s
"""
_BARRED = f"""
SELECT p.id, CASE
    WHEN (SELECT c.managed FROM custody c WHERE c.person = p.id ORDER BY c.since DESC LIMIT 1) THEN 'managed'
    WHEN {_ON_REGISTER} THEN 'register' END
FROM person p WHERE p.id = ANY (%(people)s::uuid[])
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
        given = {"before": before(), "registers": sorted(REGISTERS), "asking": list(ASKING), "limit": limit}
        return [(person, area) for person, area in store.query(_CLOSED, given)]


def due() -> int:
    """How many people are to be erased, by the house's clock."""
    with clock.at(house()):
        return len(closed(limit=EVERYBODY))


def erase_closed() -> int:
    """Erase everybody who is to be, so many at a time, by the house's clock. How many files."""
    total = 0
    with clock.at(house()):
        while found := closed():
            total += erase(found, "retention")
    return total


def erase(found: Collection[tuple[UUID, str]], ground: Ground) -> int:
    """Erase people, with their areas, and record that and on which ground. How many files."""
    services.record(
        Fact(str(new_id()), ERASED, f"person:{person}", area, clock.now(), None, {"ground": ground})
        for person, area in found
    )
    return erasing.erase([person for person, _ in found])


def barred(people: Collection[UUID]) -> dict[UUID, Bar]:
    """Who of these people may not be erased yet, and why: somebody manages them, or a register of the well has them.

    One query; the whole country counts, for who moved is managed elsewhere.
    """
    given = {"people": list(people), "registers": sorted(REGISTERS)}
    with everywhere():
        return {person: why for person, why in store.query(_BARRED, given) if why}


def house() -> datetime | None:
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
