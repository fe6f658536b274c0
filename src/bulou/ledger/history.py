"""The facts that count about some subjects, in order of time: what a room derives its tables from."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from bulou.ledger.engines import store

_FACTS = """
SELECT f.subject, f.id::text, f.kind, f.at, f.area, f.by, f.data::text FROM fact f
WHERE {subjects} AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.at, f.id
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact that counts. `by`: the unit that recorded it, None where nobody did or it was no unit."""

    id: str
    kind: str
    at: datetime
    area: str
    by: UUID | None
    data: dict[str, Any]


def history(subjects: Collection[str] | None, kinds: Iterable[str], now: datetime) -> dict[str, list[Event]]:
    """Events by subject, each in order of time, ties by id; None: of every subject there is. One query."""
    where = "true" if subjects is None else "f.subject = ANY(%(subjects)s::text[])"
    given = {"subjects": None if subjects is None else list(subjects), "kinds": list(kinds), "now": now}
    found: dict[str, list[Event]] = defaultdict(list)
    for subject, id, kind, at, area, by, data in store.query(_FACTS.format(subjects=where), given):
        found[subject].append(Event(id, kind, at, area, unit_of(by), json.loads(data)))
    return found


def unit_of(by: str | None) -> UUID | None:
    """The unit a fact was recorded by."""
    kind, _, id = (by or "").partition(":")
    return id_of(id) if kind == "unit" else None


def id_of(text: object, kind: str = "") -> UUID | None:
    """The id in a reference such as `place:0197…`, with or without its kind; None where it is none."""
    try:
        return UUID(str(text).removeprefix(f"{kind}:"))
    except ValueError:
        return None


def keep(table: type[models.Model], column: str, of: Sequence[Any], wanted: Iterable[models.Model]) -> None:
    """Bring the rows of `table` whose `column` is one of `of` to those wanted, by difference. Three statements."""
    fields = table._meta.concrete_fields
    names = [str(field.column) for field in fields]
    types = dict(zip(names, (_type(field) for field in fields), strict=True))
    name = table._meta.db_table
    primary = str(table._meta.pk.column) if table._meta.pk else "id"
    known = {row.pk: _values(row) for row in _stored(table, name, column, types[column], of)}
    after = {row.pk: _values(row) for row in wanted}
    gone = [key for key, values in known.items() if after.get(key) != values]
    if gone:
        store.execute(f"DELETE FROM {name} WHERE {primary} = ANY(%s::{types[primary]}[])", [gone])
    fresh = [values for key, values in after.items() if known.get(key) != values]
    if fresh:
        arrays = ", ".join(f"%s::{types[each]}[]" for each in names)
        columns = [list(each) for each in zip(*fresh, strict=True)]
        store.execute(f"INSERT INTO {name} ({', '.join(names)}) SELECT * FROM unnest({arrays})", columns)


def _stored(table: type[models.Model], name: str, column: str, of_type: str, of: Sequence[Any]) -> Iterable[Any]:
    found: Iterable[Any] = table._base_manager.raw(f"SELECT * FROM {name} WHERE {column} = ANY(%s::{of_type}[])", [of])
    return found


def _type(field: Any) -> str:
    """The type of a column in an array."""
    return str(field.db_type(connection)).partition("(")[0]


def _values(row: models.Model) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)
