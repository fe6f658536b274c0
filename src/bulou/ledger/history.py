"""The facts that count about some subjects, in order of time: what a room derives its tables from."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from bulou.kernel.ids import id_of
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


def keep(table: type[models.Model], column: str, of: Sequence[Any] | None, wanted: Iterable[models.Model]) -> None:
    """Bring the rows of `table` whose `column` is one of `of` to those wanted, by difference; None: all there are.

    Three statements. For tables whose columns hold single values; `put` is for the others.
    """
    fields = table._meta.concrete_fields
    names = [str(field.column) for field in fields]
    types = dict(zip(names, (_type(field) for field in fields), strict=True))
    name = table._meta.db_table
    primary = str(table._meta.pk.column) if table._meta.pk else "id"
    known = {row.pk: values_of(row) for row in _stored(table, name, column, types[column], of)}
    after = {row.pk: values_of(row) for row in wanted}
    gone = [key for key, values in known.items() if after.get(key) != values]
    if gone:
        store.execute(f"DELETE FROM {name} WHERE {primary} = ANY(%s::{types[primary]}[])", [gone])
    fresh = [values for key, values in after.items() if known.get(key) != values]
    if fresh:
        arrays = ", ".join(f"%s::{types[each]}[]" for each in names)
        columns = [list(each) for each in zip(*fresh, strict=True)]
        store.execute(f"INSERT INTO {name} ({', '.join(names)}) SELECT * FROM unnest({arrays})", columns)


def put(table: type[models.Model], subjects: Collection[str] | None, wanted: Sequence[models.Model]) -> None:
    """The same for rows about some subjects, where columns may hold lists or JSON; None: all there are."""
    objects = table._default_manager
    stored = objects.all() if subjects is None else objects.filter(subject__in=subjects)
    before = {row.pk: values_of(row) for row in stored}
    same = {row.pk for row in wanted if before.get(row.pk) == values_of(row)}
    if gone := before.keys() - same:
        objects.filter(pk__in=gone).delete()
    objects.bulk_create([row for row in wanted if row.pk not in same], batch_size=1000)


def _stored(table: type[models.Model], name: str, column: str, of_type: str, of: Sequence[Any] | None) -> Iterable[Any]:
    where, given = ("true", []) if of is None else (f"{column} = ANY(%s::{of_type}[])", [of])
    found: Iterable[Any] = table._base_manager.raw(f"SELECT * FROM {name} WHERE {where}", given)
    return found


def _type(field: Any) -> str:
    """The type of a column in an array."""
    return str(field.db_type(connection)).partition("(")[0]


def values_of(row: models.Model) -> tuple[Any, ...]:
    """A row as its table has it, column by column."""
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)
