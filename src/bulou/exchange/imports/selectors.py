"""Reads of imports, within the session's scope."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bulou.directory.selectors.paging import beyond
from bulou.exchange.imports.keeping import kept
from bulou.exchange.imports.models import ImportBatch, ImportDoubt, ImportFile

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RowTold:
    """What became of one row, for a screen."""

    number: int
    outcome: str
    subject: str
    shown: dict[str, Sequence[Any]]
    problems: list[dict[str, str]]


def batch(id: UUID) -> ImportBatch | None:
    """One run with its file; None where none is in scope. `kept`: whether there is a content still. One query."""
    return ImportBatch.objects.select_related("file").annotate(kept=kept()).filter(id=id).first()


def file(id: UUID) -> ImportFile | None:
    """A file somebody sent; None where there is none in scope. One query."""
    return ImportFile.objects.filter(id=id).first()


def batches(
    *, name: str = "", kind: str = "", state: str = "", oldest: bool = False, after: str = "", limit: int = SHOWN
) -> list[ImportBatch]:
    """A page of the runs of the session's area, the latest first unless `oldest`. At most two queries."""
    found = batches_found(name=name, kind=kind, state=state, oldest=oldest)
    return list(beyond(found, "begun_at", after, oldest=oldest)[:limit])


def batches_found(*, name: str = "", kind: str = "", state: str = "", oldest: bool = False) -> "QuerySet[ImportBatch]":
    """The runs over files of such a name and kind. `state`: `rehearsed` is a rehearsal that is done."""
    found = ImportBatch.objects.select_related("file")
    if name:
        found = found.filter(file__name__icontains=name)
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state="done" if state == "rehearsed" else state)
        found = found.filter(rehearsal=state == "rehearsed") if state in ("done", "rehearsed") else found
    return found.order_by(*(("begun_at", "id") if oldest else ("-begun_at", "-id")))


def rows(batch: ImportBatch, outcome: str, *, after: int = 0, limit: int = SHOWN) -> list[RowTold]:
    """The rows of one outcome, in the order of the file. One query."""
    found = batch.rows.filter(outcome=outcome, number__gt=after).order_by("number")[:limit]
    return [RowTold(r.number, r.outcome, r.subject, r.shown or {}, r.problems or []) for r in found]


def problems(batch: ImportBatch, *, limit: int = 12) -> list[tuple[dict[str, str], int]]:
    """What is wrong in a run, the commonest first, each with the number of its rows. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS, [batch.id, limit])
        return [(json.loads(problem), number) for problem, number in cursor.fetchall()]


_PROBLEMS = """
SELECT (array_agg(p ORDER BY r.number))[1]::text, count(*)
FROM import_row r CROSS JOIN jsonb_array_elements(r.problems) p
WHERE r.batch = %s AND r.outcome = 'rejected'
GROUP BY p ->> 'code', p ->> 'field' ORDER BY count(*) DESC, min(r.number) LIMIT %s
"""


def open_doubts(*, batch: ImportBatch | None = None, limit: int = SHOWN) -> list[ImportDoubt]:
    """People who may be one, still to be decided, the likeliest first. One query."""
    found = ImportDoubt.objects.filter(~Q(batch__state="undone"), decision="").select_related("batch__file")
    if batch:
        found = found.filter(batch=batch)
    return list(found.order_by("-score", "id")[:limit])


def doubts_open(*, batch: ImportBatch | None = None) -> int:
    """How many pairs are still to be decided. One query."""
    found = ImportDoubt.objects.filter(~Q(batch__state="undone"), decision="")
    return (found.filter(batch=batch) if batch else found).count()


def doubt(id: UUID, *, decided: bool = False) -> ImportDoubt | None:
    """One pair that is open, or with `decided` one that no longer is; None where there is none. One query."""
    found = ImportDoubt.objects.filter(id=id)
    return (found.exclude(decision="") if decided else found.filter(decision="")).first()


def decided_lately(*, limit: int = 10) -> list[ImportDoubt]:
    """The pairs decided last. One query."""
    return list(ImportDoubt.objects.exclude(decision="").order_by("-decided_at")[:limit])
