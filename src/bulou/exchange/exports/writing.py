"""Files, written row by row in constant memory: Excel, CSV and JSON."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from django.utils import timezone

from bulou.exchange.exports.sources import Head, Value
from bulou.kernel.cells import guarded, is_risky
from bulou.kernel.errors import BulouError

SHEET_ROWS = 1_048_575
"""Rows below the header of a sheet of Excel; more go on the next sheet."""
CELL = 32_767
"""Characters of a cell of Excel."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: pairs of a word and what it says, in the reader's language."""

    title: str
    lines: Sequence[tuple[str, str]]


class Writer(Protocol):
    """Writes one file. `row` takes the cells in the order of the heads; `close` completes the file."""

    def row(self, cells: Sequence[Value], /) -> None: ...

    def close(self, about: About) -> None: ...

    def abandon(self) -> None:
        """Let go of a file that will not be completed."""


class CsvWriter:
    """UTF-8 with a byte-order mark, so that Excel reads Chinese; texts guarded (see `cells`)."""

    def __init__(self, path: Path, heads: Sequence[Head], sheet: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._write = csv.writer(self._file).writerow
        self._write([guarded(head.word) for head in heads])

    def row(self, cells: Sequence[Value], /) -> None:
        self._write([guarded(cell) if type(cell) is str else _said(cell) for cell in cells])

    def close(self, about: About) -> None:
        self._file.close()

    def abandon(self) -> None:
        self._file.close()


class JsonWriter:
    """One object: what the file is, then the rows, an object each with the machine names of the columns."""

    def __init__(self, path: Path, heads: Sequence[Head], sheet: str) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._names = [head.name for head in heads]
        columns = {head.name: head.word for head in heads}
        self._file.write(f'{{"columns": {json.dumps(columns, ensure_ascii=False)},\n"rows": [')
        self._before = "\n"

    def row(self, cells: Sequence[Value], /) -> None:
        said = {
            name: cell.isoformat() if isinstance(cell, date) else cell
            for name, cell in zip(self._names, cells, strict=True)
        }
        self._file.write(self._before + json.dumps(said, ensure_ascii=False))
        self._before = ",\n"

    def close(self, about: About) -> None:
        lines = {"title": about.title} | dict(about.lines)
        self._file.write(f'\n],\n"about": {json.dumps(lines, ensure_ascii=False)}}}\n')
        self._file.close()

    def abandon(self) -> None:
        self._file.close()


class XlsxWriter:
    """Excel: texts as texts, numbers as numbers, days as days; the first sheet says what it is. Nothing calculates."""

    def __init__(self, path: Path, heads: Sequence[Head], sheet: str) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "tmpdir": str(path.parent),
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._bold = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._about = self._book.add_worksheet(sheet[:31])
        self._heads = heads
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(len(self._heads) - 1, 0), 18)
        for place, head in enumerate(self._heads):
            self._sheet.write_string(0, place, head.word, self._bold)
        self._filled = 0

    def row(self, cells: Sequence[Value], /) -> None:
        if self._filled == SHEET_ROWS:
            self._begin()
        self._filled += 1
        for place, cell in enumerate(cells):
            self._put(self._filled, place, cell)

    def _put(self, row: int, place: int, cell: Value) -> None:
        if isinstance(cell, str):
            if len(cell) > CELL:
                raise _too_long(row)
            self._sheet.write_string(row, place, cell, self._quoted if is_risky(cell) else None)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(row, place, timezone.localtime(cell).replace(tzinfo=None), self._instant)
        elif isinstance(cell, date):
            self._sheet.write_datetime(row, place, cell, self._day)
        elif cell is not None:
            self._sheet.write_number(row, place, cell)

    def close(self, about: About) -> None:
        self._about.set_column(0, 0, 18)
        self._about.set_column(1, 1, 60)
        for place, (word, said) in enumerate(about.lines):
            self._about.write_string(place, 0, word, self._bold)
            self._about.write_string(place, 1, said[:CELL])
        self._book.close()

    def abandon(self) -> None:
        self._book.close()


FORMATS: dict[str, Callable[[Path, Sequence[Head], str], Writer]] = {
    "xlsx": XlsxWriter,
    "csv": CsvWriter,
    "json": JsonWriter,
}
"""Format, also the ending of the file's name, to its writer."""
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


def _said(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _too_long(row: int) -> BulouError:
    return BulouError.of(
        "export.cell",
        f"有一格超过 Excel 的 {CELL} 字上限，没有生成文件。请改用 CSV 或 JSON。",
        f"A cell is longer than the {CELL} characters Excel takes; no file was made. Choose CSV or JSON.",
        where=f"{row + 1}",
    )
