"""Reads of imports, within the session's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

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


def batch(id: UUID, *, content: bool = False) -> ImportBatch | None:
    """One run with its file, that without its content unless asked for; None where none is in scope. One query.

    `kept`: whether there is a content still.
    """
    kept = ExpressionWrapper(Q(file__content__isnull=False), BooleanField())
    found = ImportBatch.objects.select_related("file").annotate(kept=kept).filter(id=id)
    return (found if content else found.defer("file__content")).first()


def file(id: UUID) -> ImportFile | None:
    """A file somebody sent, with its content; None where there is none in scope. One query."""
    return ImportFile.objects.filter(id=id).first()


def batches(*, before: datetime | None = None, limit: int = SHOWN) -> list[ImportBatch]:
    """The runs of the session's area, the latest first. One query."""
    found = ImportBatch.objects.select_related("file").defer("file__content")
    if before:
        found = found.filter(begun_at__lt=before)
    return list(found.order_by("-begun_at")[:limit])


def rows(batch: ImportBatch, outcome: str, *, after: int = 0, limit: int = SHOWN) -> list[RowTold]:
    """The rows of one outcome, in the order of the file. One query."""
    found = batch.rows.filter(outcome=outcome, number__gt=after).order_by("number")[:limit]
    return [RowTold(r.number, r.outcome, r.subject, r.shown or {}, r.problems or []) for r in found]


def problems(batch: ImportBatch, *, limit: int = 12) -> list[tuple[dict[str, str], int]]:
    """What is wrong in a run, the commonest first, each with the number of its rows. One query."""
    found: dict[str, tuple[dict[str, str], int]] = {}
    for told in batch.rows.filter(outcome="rejected").values_list("problems", flat=True).iterator(chunk_size=10_000):
        for problem in told or []:
            key = f"{problem['code']}:{problem['field']}"
            known = found.get(key)
            found[key] = (known[0] if known else problem), (known[1] if known else 0) + 1
    return sorted(found.values(), key=lambda pair: -pair[1])[:limit]


def open_doubts(*, batch: ImportBatch | None = None, limit: int = SHOWN) -> list[ImportDoubt]:
    """People who may be one, still to be decided, the likeliest first. One query."""
    found = (
        ImportDoubt.objects.filter(~Q(batch__state="undone"), decision="")
        .select_related("batch__file")
        .defer("batch__file__content")
    )
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
