"""Who may be the same person as somebody else: born on the same day with a name that begins alike, or one phone."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bulou.directory.probing import probing


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people on file in scope. `grounds`: what they agree in, of `birth_date` and `phone`. `area`: the first's."""

    person: UUID
    other: UUID
    name: str
    other_name: str
    area: str
    grounds: list[str]


def alike(ids: Collection[UUID]) -> list[Pair]:
    """Pairs of each of these people with others on file; two numbers are two people. Within a transaction."""
    with probing(), connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"ids": list(ids)})
        return [Pair(*row) for row in cursor.fetchall()]


_PAIR = """
SELECT n.id, p.id AS other, n.name, p.name AS other_name, n.area,
    n.birth_date = p.birth_date AS born, n.phone_index = p.phone_index AS rung
FROM new n JOIN person p ON {test} AND p.id <> n.id AND p.retired_at IS NULL
    AND (n.id_index IS NULL OR p.id_index IS NULL OR n.id_kind <> p.id_kind)
"""
_ALIKE = f"""
WITH new AS MATERIALIZED (
    SELECT id, name, area, birth_date, initials, phone_index, id_index, id_kind FROM person
    WHERE id = ANY(%(ids)s::uuid[])
), pair AS (
    {_PAIR.format(test="p.birth_date = n.birth_date AND p.initials = n.initials")}
    UNION {_PAIR.format(test="p.phone_index = n.phone_index")}
)
SELECT id, other, name, other_name, area,
    array_remove(ARRAY[CASE WHEN born THEN 'birth_date' END, CASE WHEN rung THEN 'phone' END], NULL) FROM pair
ORDER BY id, other
"""
