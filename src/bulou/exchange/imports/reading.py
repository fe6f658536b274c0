"""A table out of a file: headings, and rows with the numbers they have in it. Formulas and macros are never run."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bulou.exchange.imports import guards, peers
from bulou.exchange.imports.headings import recognised
from bulou.exchange.imports.refusing import bad_file
from bulou.kernel.cells import MARK, plain
from bulou.kernel.errors import BulouError

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = list[Cell]
LOOKED_AT = 10
"""Rows at the top among which the headings are looked for: clerks put a title above them."""
LONGEST_CELL = 100_000
ABOUT = frozenset({"说明", "About", "填写说明", "How to fill in"})
"""Sheets that tell of a file of ours."""
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Table:
    """What a file holds. `total` counts the rows below the headings, blank ones too; `first` is the first one's number.

    `extra`: rows of headings, from the first, which the returned file repeats.
    """

    path: Path
    format: str
    headings: list[str]
    first: int
    total: int
    extra: list[Row] = field(default_factory=list)
    source: str = ""
    """`sormas` or `godata`, where it came out of one of those."""
    _sheet: int = 0
    _encoding: str = ""
    delimiter: str = ","

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows that are not blank, with their numbers as a spreadsheet shows them."""
        for number, row in enumerate(self._all(), self.first):
            if any(cell is not None and cell != "" for cell in row):
                yield number, row

    def _all(self) -> Iterator[Row]:
        if self.format == "json":
            yield from peers.godata_rows(self.path, self.headings)
        elif self.format == "csv":
            yield from islice(_lines(self.path, self._encoding, self.delimiter), self.first - 1, None)
        else:
            with closing(CalamineWorkbook.from_path(str(self.path))) as book:
                sheet = book.get_sheet_by_index(self._sheet)
                offset, left = sheet.start or (0, 0)
                rows = islice(sheet.iter_rows(), max(self.first - 1 - offset, 0), None)
                yield from ([None] * left + _cells(row) for row in rows)


def read(path: Path, name: str = "", *, whole: bool = False) -> Table:
    """The table of a file. BulouError for a file that is not what it says, that may be cut, or that has no headings.

    `whole`: somebody made sure that nothing is missing from a file that ends where spreadsheets cut.
    """
    format = guards.format_of(path, name)
    try:
        table = {"csv": _csv, "json": _json}.get(format, _workbook)(path, format)
    except (CalamineError, csv.Error, ValueError) as error:
        raise _unreadable(error) from error
    if not whole and format != "json":
        guards.check_cut(table.total + table.first - 1, format, has_heading=True)
    if table.total == 0:
        raise bad_file("rows", "只有表头，没有数据行。", "there are headings but no rows.")
    return table


def _workbook(path: Path, format: str) -> Table:
    with closing(CalamineWorkbook.from_path(str(path))) as book:
        visible = [i for i, meta in enumerate(book.sheets_metadata) if str(meta.visible).endswith("Visible")]
        names = [meta.name for meta in book.sheets_metadata]
        for index in sorted(visible, key=lambda place: names[place] in ABOUT):
            sheet = book.get_sheet_by_index(index)
            if sheet.height:
                break
        else:
            raise bad_file("rows", "工作簿里没有数据。", "the workbook holds nothing.")
        if format == "xlsx":
            guards.check_formulas(path, index)
        top, offset = _top(sheet)
    at, headings, extra, source = _find_headings(top)
    height = (sheet.end or (0, 0))[0] + 1
    first = offset + at + 1 + len(extra) + 1
    return Table(path, format, headings, first, height - first + 1, extra, source, _sheet=index)


def _top(sheet: CalamineSheet) -> tuple[list[Row], int]:
    offset, left = sheet.start or (0, 0)
    return [[None] * left + _cells(row) for row in sheet.to_python(nrows=LOOKED_AT)], offset


def _csv(path: Path, format: str) -> Table:
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    top = list(islice(_lines(path, encoding, delimiter), LOOKED_AT))
    at, headings, extra, source = _find_headings(top)
    first = at + 1 + len(extra) + 1
    total = sum(1 for _ in _lines(path, encoding, delimiter)) - first + 1
    return Table(path, format, headings, first, total, extra, source, _encoding=encoding, delimiter=delimiter)


def _json(path: Path, format: str) -> Table:
    headings, total = peers.godata_headings(path)
    return Table(path, format, headings, 1, total, source="godata")


def _find_headings(top: Sequence[Row]) -> tuple[int, list[str], list[Row], str]:
    """Where the headings are (from 0), what they say, rows of headings beside them, and whose file it is."""
    texts = [[_text(cell) for cell in row] for row in top]
    if len(texts) > 1 and peers.is_sormas(texts[0], texts[1]):
        return 0, texts[1], [list(texts[0])], "sormas"
    scores = [sum(map(recognised, row)) for row in texts]
    best = max(range(len(texts)), key=lambda i: (scores[i], -i), default=0)
    if not texts or not scores[best]:
        best = next((i for i, row in enumerate(texts) if any(row)), 0)
    headings = texts[best] if texts else []
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise bad_file("headings", "第一行应是表头，如“姓名”“身份证号”。", "the first row must hold headings.")
    return best, headings, [], "godata" if peers.is_godata(headings) else ""


def _encoding(path: Path) -> str:
    """The encoding of a text: UTF-16 by its mark, else UTF-8, else GB18030. BulouError where it is none."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ENCODINGS:
        if _decodes(path, encoding):
            return encoding
    raise bad_file(
        "encoding",
        "文字编码既不是 UTF-8 也不是 GB18030（GBK），读出来会是乱码。请另存为“CSV UTF-8”。",
        "the text is neither UTF-8 nor GB18030 (GBK). Save it as “CSV UTF-8”.",
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(guards.PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        head = file.readline()
    return max(",\t;", key=head.count)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        for row in csv.reader(file, delimiter=delimiter):
            yield [plain(cell) if cell[:1] == MARK else cell for cell in row]


def _cells(row: Sequence[Any]) -> Row:
    return list(row)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _unreadable(error: Exception) -> BulouError:
    return bad_file(
        "damaged",
        f"读不下去（{error}）。文件可能已损坏，请用表格软件打开后另存，再导入。",
        f"it cannot be read ({error}). It may be damaged: open it in a spreadsheet program, save it anew.",
    )
