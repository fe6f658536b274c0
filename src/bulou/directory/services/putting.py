"""Changes to people set by set, and back again: each is kept as what a column was before and is after."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection

Change = Mapping[str, tuple[str | None, str | None]]
"""Column to its value before and after, as text; bytes in hexadecimal."""
_READ = {
    "area": "{}",
    "household": "{}::uuid",
    "name": "{}",
    "initials": "{}",
    "sex": "{}",
    "birth_date": "{}::date",
    "nationality": "{}",
    "phone": "decode({}, 'hex')",
    "phone_index": "decode({}, 'hex')",
    "phone_tail": "decode({}, 'hex')",
    "id_kind": "{}",
    "id_number": "decode({}, 'hex')",
    "id_index": "decode({}, 'hex')",
    "id_tail": "decode({}, 'hex')",
    "retired_at": "{}::timestamptz",
}
"""The columns that may change, and how each is read from text."""


def put(changes: Iterable[tuple[UUID, Change]], *, back: bool = False) -> set[UUID]:
    """Give people in scope their new values, or with `back` their old ones; the ids of those who were given them.

    A person who no longer stands as the change expects, because somebody changed them since, is left alone.
    """
    rows = [{"id": str(id), "change": change} for id, change in changes]
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_statement(*((1, 0) if back else (0, 1))), [json.dumps(rows)])
        return {id for (id,) in cursor.fetchall()}


def _statement(old: int, new: int) -> str:
    values = {c: read.format(f"(c.change #>> '{{{c},{new}}}')") for c, read in _READ.items()}
    olds = {c: read.format(f"(c.change #>> '{{{c},{old}}}')") for c, read in _READ.items()}
    sets = ", ".join(f"{c} = CASE WHEN c.change ? '{c}' THEN {values[c]} ELSE p.{c} END" for c in _READ)
    stands = " AND ".join(f"(NOT c.change ? '{c}' OR p.{c} IS NOT DISTINCT FROM {olds[c]})" for c in _READ)
    return (
        f"UPDATE person p SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS c (id uuid, change jsonb)"
        f" WHERE p.id = c.id AND {stands} RETURNING p.id"
    )
