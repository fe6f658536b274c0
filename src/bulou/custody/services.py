"""Keeping custody: what is stored follows from the facts of each person, and from nothing else.

The ledger hands over the facts that bear on the people a batch touched, in its own transaction; it asks `broken` before
it stores facts of handovers, and calls `follow` after. A person's chain is derived whole and merged by difference, so
that late, repeated, corrected and withdrawn facts leave what any other order of arrival would have left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.custody import door
from bulou.custody.chain import Act, Breach, Chain, Handover, chain
from bulou.directory.models import Unit
from bulou.kernel.copying import array
from bulou.kernel.errors import Problem
from bulou.kernel.text import Text

Histories = Mapping[UUID, Sequence[Act]]
"""The effective facts that bear on each person."""

SPACE = 0x637573
BUCKETS = 1024
_HOLD = f"""
SELECT count(pg_advisory_xact_lock({SPACE}, bucket))
FROM (SELECT DISTINCT hashtext(p) & {BUCKETS - 1} AS bucket FROM unnest(%s::text[]) p ORDER BY 1) b
"""
_HELD = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(person)s::uuid[], %(since)s::timestamptz[], %(unit)s::uuid[], %(managed)s::boolean[],
        %(fact)s::uuid[]) AS w (person, since, unit, managed, fact)
),
gone AS (
    DELETE FROM custody c WHERE c.person = ANY(%(people)s::uuid[]) AND NOT EXISTS (
        SELECT FROM wanted w WHERE w.person = c.person AND w.since = c.since AND w.fact = c.fact
            AND w.managed = c.managed AND w.unit IS NOT DISTINCT FROM c.unit)
    RETURNING c.person, c.since
)
INSERT INTO custody (person, since, unit, managed, fact, area, unit_area)
SELECT w.person, w.since, w.unit, w.managed, w.fact, p.area, u.area
FROM wanted w JOIN person p ON p.id = w.person LEFT JOIN unit u ON u.id = w.unit
WHERE NOT EXISTS (SELECT FROM custody c WHERE c.person = w.person AND c.since = w.since)
    OR (w.person, w.since) IN (SELECT g.person, g.since FROM gone g)
"""
_COLUMNS = tuple(field.name for field in fields(Handover))
_TYPES = {"id": "uuid", "sender": "uuid", "receiver": "uuid", "carrier": "uuid", "trip": "uuid"}
_TEXTS = ("stage", "vehicle", "crew", "reason")
_ARRAYS = ", ".join(
    f"%({name})s::{_TYPES.get(name, 'text' if name in _TEXTS else 'timestamptz')}[]" for name in _COLUMNS
)
_NAMES = ", ".join(_COLUMNS)
_HANDED = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(person)s::uuid[], {_ARRAYS}) AS w (person, {_NAMES})
),
gone AS (
    DELETE FROM handover h WHERE h.person = ANY(%(people)s::uuid[])
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = h.id)
)
INSERT INTO handover AS h (person, {_NAMES}, area, sender_area, receiver_area)
SELECT w.*, p.area, s.area, r.area
FROM wanted w JOIN person p ON p.id = w.person JOIN unit s ON s.id = w.sender JOIN unit r ON r.id = w.receiver
ON CONFLICT (id) DO UPDATE SET (person, {_NAMES}, area, sender_area, receiver_area)
    = (excluded.person, {", ".join(f"excluded.{name}" for name in _COLUMNS)},
       excluded.area, excluded.sender_area, excluded.receiver_area)
WHERE ({", ".join(f"h.{name}" for name in _COLUMNS)}) IS DISTINCT FROM ({", ".join(f"excluded.{n}" for n in _COLUMNS)})
"""


_STORED_HELD = "SELECT person, since, unit, managed, fact FROM custody WHERE person = ANY(%s)"
_STORED_HANDED = f"SELECT person, {_NAMES} FROM handover WHERE person = ANY(%s)"


def hold(people: Iterable[UUID]) -> None:
    """Wait for, and hold to the transaction's end, these people's chains: an illness is recorded on its episode."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[str(person) for person in people]])


def follow(histories: Histories) -> None:
    """Bring the chains of these people to what their facts say. Two statements, whatever their number."""
    chains = {person: chain(acts) for person, acts in histories.items()}
    with connection.cursor() as cursor:
        people = {"people": array(histories)}
        cursor.execute(_HELD, people | _holdings(chains))
        cursor.execute(_HANDED, people | _handovers(chains))


def clear() -> None:
    """Forget everything derived, to derive it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM custody")
        cursor.execute("DELETE FROM handover")


def differing(histories: Histories) -> list[UUID]:
    """The people whose stored chain is not what their facts say: there must be none. Two queries."""
    chains = {person: chain(acts) for person, acts in histories.items()}
    derived = {
        *((person, one.since, one.unit, one.managed, UUID(one.fact)) for person, one in _each(chains, "holdings")),
        *(
            (person, UUID(one.id), *(getattr(one, name) for name in _COLUMNS[1:]))
            for person, one in _each(chains, "handovers")
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORED_HELD, [list(histories)])
        stored = set(cursor.fetchall())
        cursor.execute(_STORED_HANDED, [list(histories)])
        stored |= set(cursor.fetchall())
    return sorted({row[0] for row in stored ^ derived})


def broken(known: Histories, fresh: Histories) -> dict[str, Problem]:
    """Why each fresh fact of a handover that breaks its person's chain is not taken, by its id. At most one query."""
    found = {
        id: breach for person, acts in fresh.items() for id, breach in door.refused(known.get(person, ()), acts).items()
    }
    names = _names(found.values())
    return {id: door.problem(breach, names) for id, breach in found.items()}


def _names(breaches: Iterable[Breach]) -> dict[UUID, Text]:
    wanted = {breach.unit for breach in breaches if breach.unit}
    rows = Unit.objects.filter(id__in=wanted).values_list("id", "name", "name_en") if wanted else ()
    return {id: Text(zh=name, en=name_en or name) for id, name, name_en in rows}


def _each(chains: Mapping[UUID, Chain], part: str) -> list[tuple[UUID, Any]]:
    return [(person, one) for person, found in chains.items() for one in getattr(found, part)]


def _holdings(chains: Mapping[UUID, Chain]) -> dict[str, Any]:
    rows = _each(chains, "holdings")
    return {
        "person": array(person for person, _ in rows),
        **{name: array(getattr(held, name) for _, held in rows) for name in ("since", "unit", "managed", "fact")},
    }


def _handovers(chains: Mapping[UUID, Chain]) -> dict[str, Any]:
    rows = _each(chains, "handovers")
    return {
        "person": [person for person, _ in rows],
        **{name: [getattr(handover, name) for _, handover in rows] for name in _COLUMNS},
    }
