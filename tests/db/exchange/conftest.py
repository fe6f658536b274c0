"""A desk that imports: files made on the spot, brought in under a county's scope."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from stdnum.cn import ric

from bulou.directory import scope as scopes
from bulou.directory import services as directory
from bulou.directory.models import Unit
from bulou.exchange.imports import reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI

COUNTY, VILLAGE, NEXT, ELSEWHERE = "120101", "120101001001", "120101001002", "450103"
NOON = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)
Rows = Sequence[Sequence[Any]]
Scope = Callable[[str], AbstractContextManager[None]]


def number(serial: int = 2, born: str = "19491231", area: str = "110105") -> str:
    """A made-up identity number with a right check digit; odd serials are men's."""
    start = f"{area}{born}{serial:03}"
    return str(start + ric.calc_check_digit(start + "0"))


@pytest.fixture(autouse=True)
def noon(db: None) -> Iterator[None]:
    directory.clock_set(NOON)
    with clock.at(NOON):
        yield


@pytest.fixture
def sender(county: Unit) -> Sender:
    return Sender(COUNTY, county.pk)


@pytest.fixture
def make_csv(tmp_path: Path) -> Callable[..., Path]:
    """`make_csv(rows, name="x.csv", encoding="utf-8-sig")`."""

    def make(rows: Rows, name: str = "list.csv", encoding: str = "utf-8-sig") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return make


@pytest.fixture
def make_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """`make_xlsx(rows)`: text stays text, numbers are numbers, dates are dates."""

    def make(rows: Rows, name: str = "list.xlsx") -> Path:
        path = tmp_path / name
        options = {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(str(path), options) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(at, place, cell) if isinstance(cell, str) else sheet.write(at, place, cell)
        return path

    return make


@pytest.fixture
def bring(sender: Sender, make_csv: Callable[..., Path]) -> Callable[..., ImportBatch]:
    """`bring("people", rows or path, rehearsal=False, stated={}, mapping={})`: the whole run."""

    def run(
        kind: str, what: Rows | Path, *, by: Sender = sender, rehearsal: bool = False, **options: Any
    ) -> ImportBatch:
        path = what if isinstance(what, Path) else make_csv(what)
        table = reading.read(path, whole=bool(options.get("whole")))
        file = services.file_keep(path, path.name, kind, by)
        started = services.begin(file, table, by, rehearsal=rehearsal, options=options)
        *_, batch = started.go(size=50)
        return batch

    return run


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected; and that they add up."""
    assert batch.rows_in == batch.created + batch.updated + batch.unchanged + batch.rejected
    return batch.created, batch.updated, batch.unchanged, batch.rejected


def why(batch: ImportBatch) -> list[str]:
    """The codes of what is wrong, row by row."""
    with scopes.scope(batch.area):
        rows = batch.rows.filter(outcome="rejected").order_by("number").values_list("problems", flat=True)
        return [problem["code"].rpartition(".")[2] for problems in rows for problem in problems or []]
