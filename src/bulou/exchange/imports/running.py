"""One run over a file, a chunk of rows at a time. Each chunk is one transaction: rows, what became of them, the counts.

So a run that was stopped, by somebody or by the power, goes on behind the last row that is accounted for.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from bulou.directory.scope import scope
from bulou.exchange.imports import doubles, headings, ledgering
from bulou.exchange.imports.happenings import CaseTaker, HappeningTaker, Sender
from bulou.exchange.imports.kinds import Kind, kind
from bulou.exchange.imports.lines import Line, Step, Taker, line, steps
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.people import PeopleTaker
from bulou.exchange.imports.reading import Table
from bulou.exchange.imports.refusing import CellError, bad_file
from bulou.exchange.imports.repeats import Repeats
from bulou.exchange.imports.things import HouseholdTaker, PlaceTaker, UnitTaker
from bulou.exchange.imports.values import READERS, shows_day_first
from bulou.kernel.collecting import collected_seldom
from bulou.kernel.errors import BulouError

CHUNK = 10_000
LOOKED_AT = 1_000
"""Rows at the top in which the order of day and month is looked for."""
Act = Callable[[], AbstractContextManager[object]]


@dataclass
class Run:
    """A file being taken in."""

    batch: ImportBatch
    table: Table
    kind: Kind
    sender: Sender
    mapping: Mapping[int, str]
    stated: Mapping[str, Any]
    day_first: Mapping[str, bool] = field(default_factory=dict)
    taker: Taker = field(init=False)
    _repeats: Repeats = field(init=False)
    plan: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        self.taker = _taker(self.kind, self.sender)
        self._repeats = Repeats(self.batch)
        fields = dict(self.kind.fields)
        fields |= {name: fields[name].but(day_first=first) for name, first in self.day_first.items()}
        self.plan = steps(self.mapping, fields)

    def go(self, act: Act = transaction.atomic, size: int = 0) -> Iterator[ImportBatch]:
        """Take the rest of the file, giving the batch after each chunk of `size` rows, or `CHUNK`.

        `act` opens the transaction of a chunk. While the database works on one, the next is read and made ready
        beside it.
        """
        size, last = size or CHUNK, self.batch.last_row
        rows = (item for item in self.table.rows() if item[0] > last)
        with collected_seldom(), ThreadPoolExecutor(1, "import") as beside:
            coming = beside.submit(self._read, rows, size)
            while lines := coming.result():
                coming = beside.submit(self._read, rows, size)
                yield self._chunk(lines, act)
        with act(), scope(self.sender.area):
            self.batch.state = "done"
            self.batch.ended_at = Now()
            self.batch.save(update_fields=["state", "ended_at"])
        yield self.batch

    def _read(self, rows: Iterator[tuple[int, list[Any]]], size: int) -> list[Line]:
        """The next rows as lines, as far made ready as they can be without the database."""
        width = len(self.table.headings)
        lines = [line(number, row, self.plan, self.stated, width) for number, row in islice(rows, size)]
        self.taker.ahead(lines)
        return lines

    def _chunk(self, lines: list[Line], act: Act) -> ImportBatch:
        try:
            with act(), scope(self.sender.area):
                _commit_soon()
                self._take(lines)
        except BulouError as error:
            if error.problems[0].code != "person.known":
                raise
            with act(), scope(self.sender.area):  # somebody registered one of them by hand meanwhile
                self._take(lines)
        return self.batch

    def _take(self, lines: list[Line]) -> None:
        self.taker.prepare(lines)
        fates = self._repeats.fates(lines)
        good = [line for line in lines if line.number not in fates]
        if good:
            taken = self.taker.take(good, apply=not self.batch.rehearsal)
            fates |= {line.number: one for line, one in zip(good, taken, strict=True)}
        ordered = [(line, fates[line.number]) for line in lines]
        ledgering.write(self.batch, ordered)
        if not self.batch.rehearsal:
            doubles.queue(self.batch, ordered)


def _commit_soon() -> None:
    """The chunk need not wait for the disk: what tells that the file is taken in waits for all before it.

    A power cut loses whole chunks, with what tells of them, at most; the run goes on behind the last that was kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def prepare(batch: ImportBatch, table: Table, sender: Sender) -> Run:
    """A run ready to go. BulouError where headings or values for all rows cannot be used."""
    what = kind(batch.kind)
    mapping = headings.chosen(what, table.headings, batch.options.get("mapping", {}))
    given = dict(batch.options.get("stated", {}))
    if "area" in what.fields and "area" not in mapping.values() and len(sender.area) >= 12:
        given.setdefault("area", sender.area)
    headings.check(what, mapping, given)
    return Run(batch, table, what, sender, mapping, _stated(what, given), _day_first(table, mapping, what))


def _day_first(table: Table, mapping: Mapping[int, str], kind: Kind) -> dict[str, bool]:
    """Of each column of dates, whether the day stands first, where the top rows show it and none shows otherwise."""
    dates = {place: name for place, name in mapping.items() if kind.fields[name].reads in ("date", "instant")}
    shown: dict[str, set[bool]] = {}
    for _, row in islice(table.rows(), LOOKED_AT if dates else 0):
        for place, name in dates.items():
            first = shows_day_first(row[place]) if place < len(row) else None
            if first is not None:
                shown.setdefault(name, set()).add(first)
    return {name: first for name, (first, *others) in shown.items() if not others}


def _stated(kind: Kind, given: Mapping[str, str]) -> dict[str, Any]:
    stated = {}
    for name, text in given.items():
        column = kind.fields.get(name)
        if column is None:
            raise bad_file("stated", f"没有字段 {name}。", f"there is no field {name}.")
        if text:
            try:
                stated[name] = READERS[column.reads](text, column)
            except CellError as error:
                raise bad_file("stated", f"{column.title.zh}：{error.zh}", f"{column.title.en}: {error.en}") from error
    return stated


def _taker(kind: Kind, sender: Sender) -> Taker:
    if kind.brings == "people":
        return PeopleTaker(sender.area, synthetic=sender.synthetic)
    if kind.brings in ("cases", "facts"):
        return (CaseTaker if kind.brings == "cases" else HappeningTaker)(kind, sender)
    makers: dict[str, Callable[[Sender], Taker]] = {
        "households": HouseholdTaker,
        "places": PlaceTaker,
        "units": UnitTaker,
    }
    return makers[kind.brings](sender)
