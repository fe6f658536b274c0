"""What became of every row, written down with the counts they add up to."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.models import OUTCOMES, ImportBatch
from bulou.kernel.copying import NULL, copy_row
from bulou.kernel.errors import Problem

_COLUMNS = (
    *("batch", "number", "area", "outcome", "key", "digest", "subject", "person", "person_created", "fact", "change"),
    *("shown", "problems"),
)
_FIELDS = ["rows_in", "last_row", *OUTCOMES]


def write(batch: ImportBatch, fates: Sequence[tuple[Line, Fate]]) -> None:
    """Write down a chunk's rows and move the batch's counts on. By way of a temporary table."""
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE rows_told ON COMMIT DROP AS SELECT {columns} FROM import_row WITH NO DATA")
        with cursor.copy(f"COPY rows_told ({columns}) FROM STDIN") as copy:
            copy.write("".join(_rows(batch, fates)))
        cursor.execute(f"INSERT INTO import_row ({columns}) SELECT {columns} FROM rows_told; DROP TABLE rows_told")
    counts = Counter(fate.outcome for _, fate in fates)
    for outcome in OUTCOMES:
        setattr(batch, outcome, getattr(batch, outcome) + counts[outcome])  # type: ignore[index]
    batch.rows_in += len(fates)
    batch.last_row = max(line.number for line, _ in fates)
    batch.save(update_fields=_FIELDS)


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as they are kept: code, field, and the words in both languages."""
    return [
        {
            "code": p.code,
            "field": p.field,
            "zh": p.text.zh + (p.remedy.zh if p.remedy else ""),
            "en": p.text.en + (f" {p.remedy.en}" if p.remedy else ""),
        }
        for p in problems
    ]


def _rows(batch: ImportBatch, fates: Sequence[tuple[Line, Fate]]) -> Iterator[str]:
    """The rows as COPY has them. Most are plain: somebody came or was there, and there is no more to tell."""
    head, area = batch.id.hex, batch.area
    for line, fate in fates:
        if fate.person and line.key and not (fate.change or fate.problems or fate.fact):
            is_new = "t" if fate.person_created else "f"
            told = f"{line.key.hex}\t{line.digest}\t{fate.subject}\t{fate.person.hex}\t{is_new}"
            yield f"{head}\t{line.number}\t{area}\t{fate.outcome}\t{told}\t{NULL}\t{NULL}\t{NULL}\t{NULL}\n"
        else:
            yield copy_row(_row(batch, line, fate))


def _row(batch: ImportBatch, line: Line, fate: Fate) -> tuple[Any, ...]:
    return (
        batch.id,
        line.number,
        batch.area,
        fate.outcome,
        line.key,
        line.digest,
        fate.subject,
        fate.person,
        fate.person_created,
        fate.fact,
        json.dumps(fate.change, default=str) if fate.change else None,
        json.dumps(fate.shown, default=str) if fate.shown else None,
        json.dumps(problems_as_json(fate.problems)) if fate.problems else None,
    )
