"""Reads of imports, within the session's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from bulou.exchange.imports.models import ImportBatch, ImportDoubt

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
    """One run with its file (without content); None where there is none in scope. One query."""
    return ImportBatch.objects.select_related("file").defer("file__content").filter(id=id).first()


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
    found = ImportDoubt.objects.filter(~Q(batch__state="undone"), decision="").select_related("batch")
    if batch:
        found = found.filter(batch=batch)
    return list(found.order_by("-score", "id")[:limit])
