"""Who may be the same person as somebody else: born on the same day with a name that begins alike, or one phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
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


def alike(new: str, values: Mapping[str, Any]) -> list[Pair]:
    """Pairs of each of some people with others on file; two numbers are two people. Within a transaction.

    `new` is the query, with its `values`, that gives the people's `READ`: a list that came has them at hand.
    """
    with probing(), connection.cursor() as cursor:
        cursor.execute(_ALIKE.replace("{new}", new), values)
        return [Pair(*row) for row in cursor.fetchall()]


READ = "id, name, area, birth_date, initials, phone_index, id_index, id_kind"
_PAIR = """
SELECT n.id, p.id AS other, n.name, p.name AS other_name, n.area,
    n.birth_date = p.birth_date AS born, n.phone_index = p.phone_index AS rung
FROM new n JOIN person p ON {test} AND p.id <> n.id AND p.retired_at IS NULL
    AND (n.id_index IS NULL OR p.id_index IS NULL OR n.id_kind <> p.id_kind)
"""
_ALIKE = f"""
WITH new AS MATERIALIZED ({{new}}), pair AS (
    {_PAIR.format(test="p.birth_date = n.birth_date AND p.initials = n.initials")}
    UNION {_PAIR.format(test="p.phone_index = n.phone_index")}
)
SELECT id, other, name, other_name, area,
    array_remove(ARRAY[CASE WHEN born THEN 'birth_date' END, CASE WHEN rung THEN 'phone' END], NULL) FROM pair
ORDER BY id, other
"""
