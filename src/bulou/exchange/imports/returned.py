"""The refused rows given back in a file like the one that was sent, with a column that says what is wrong with each."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from bulou.exchange.imports.headings import chosen
from bulou.exchange.imports.kinds import kind
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.reading import Table
from bulou.kernel.cells import guarded
from bulou.kernel.text import Text

WRONG = Text(zh="问题与处理", en="What is wrong, what to do")
"""The heading of the column that is added; an import leaves it out."""
Bad = Mapping[int, list[dict[str, str]]]


def ending(table: Table) -> str:
    """The ending of the file given back: the old workbook format comes back as the new one."""
    return {"xls": ".xlsx", "xlsx": ".xlsx"}.get(table.format, ".csv")


def bad_rows(batch: ImportBatch) -> Bad:
    """Row number to what is wrong with it. One query."""
    found = batch.rows.filter(outcome="rejected").values_list("number", "problems")
    return {number: problems or [] for number, problems in found}


def write(table: Table, batch: ImportBatch, target: Path, language: str) -> int:
    """Write the refused rows; how many. Cells that are to blame are marked, where the format has a mark."""
    bad = bad_rows(batch)
    places = {field: place for place, field in _mapping(table, batch).items()}
    rows = ((row, bad[number]) for number, row in table.rows() if number in bad)
    told = (
        (row, _told(problems, places, table.headings, language), _marked(problems, places)) for row, problems in rows
    )
    if target.suffix == ".xlsx":
        return _workbook(table, target, told, language)
    return _csv(table, target, told, language)


def _mapping(table: Table, batch: ImportBatch) -> dict[int, str]:
    return chosen(kind(batch.kind), table.headings, batch.options.get("mapping", {}))


def _told(problems: Iterable[Mapping[str, str]], places: Mapping[str, int], headings: list[str], language: str) -> str:
    """All that is wrong with a row, each after the heading of its column."""
    english = language.startswith("en")
    said = []
    for problem in problems:
        place = places.get(problem["field"])
        words = problem["en" if english else "zh"]
        said.append(f"{headings[place]}{': ' if english else '：'}{words}" if place is not None else words)
    return (" " if english else "").join(said)


def _marked(problems: Iterable[Mapping[str, str]], places: Mapping[str, int]) -> set[int]:
    return {places[problem["field"]] for problem in problems if problem["field"] in places}


Told = Iterator[tuple[list[Any], str, set[int]]]


def _csv(table: Table, target: Path, rows: Told, language: str) -> int:
    width, count = len(table.headings), 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        for extra in table.extra:
            writer.writerow([_safe(cell) for cell in extra])
        writer.writerow([*map(_safe, table.headings), WRONG.to(language)])
        for row, told, _ in rows:
            writer.writerow([*(_safe(cell) for cell in _fit(row, width)), told])
            count += 1
    return count


def _workbook(table: Table, target: Path, rows: Told, language: str) -> int:
    width, count = len(table.headings), 0
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet()
        formats = _formats(book)
        top: list[list[Any]] = [*table.extra, [*table.headings, WRONG.to(language)]]
        for number, extra in enumerate(top):
            for place, cell in enumerate(extra):
                sheet.write_string(number, place, "" if cell is None else str(cell), formats["heading", False])
        for number, (row, told, marked) in enumerate(rows, len(top)):
            for place, cell in enumerate(_fit(row, width)):
                _write(sheet, number, place, cell, formats, marked=place in marked)
            sheet.write_string(number, width, told, formats["told", False])
            count += 1
        sheet.set_column(0, width - 1, 16)
        sheet.set_column(width, width, 80)
    return count


def _formats(book: Any) -> dict[tuple[str, bool], Any]:
    bad = {"bg_color": "#F8D7DA", "font_color": "#842029"}
    styles: dict[str, dict[str, Any]] = {
        "text": {"num_format": "@"},
        "number": {},
        "day": {"num_format": "yyyy-mm-dd"},
        "instant": {"num_format": "yyyy-mm-dd hh:mm"},
        "heading": {"bold": True, "bottom": 1},
        "told": {"font_color": "#842029", "text_wrap": True},
    }
    return {
        (name, marked): book.add_format(style | (bad if marked else {}))
        for name, style in styles.items()
        for marked in (False, True)
    }


def _write(sheet: Any, number: int, place: int, cell: Any, formats: Any, *, marked: bool) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(number, place, cell.replace(tzinfo=None), formats["instant", marked])
    elif isinstance(cell, date):
        sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), formats["day", marked])  # noqa: DTZ001
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(number, place, cell, formats["number", marked])
    elif cell is None or cell == "":
        sheet.write_blank(number, place, None, formats["text", marked])
    else:
        sheet.write_string(number, place, str(cell), formats["text", marked])


def _fit(row: list[Any], width: int) -> list[Any]:
    return [*row[:width], *[None] * (width - len(row))]


def _safe(cell: Any) -> str:
    """A cell no spreadsheet takes for a formula."""
    return guarded("" if cell is None else str(cell))
