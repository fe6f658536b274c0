"""A row on its way in, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol
from uuid import UUID

from bulou.directory.selectors import Pair
from bulou.directory.services import Change, Outcome
from bulou.exchange.imports.columns import Column
from bulou.exchange.imports.refusing import CellError, bad_cell
from bulou.exchange.imports.values import READERS, Reader
from bulou.kernel.errors import Problem

BLANK = frozenset({"", "NA", "N/A", "#N/A", "NULL"})
"""What programs write where they have nothing to say."""
REPEATED = frozenset({"option", "date", "area", "country"})
MOST_KNOWN = 50_000


@dataclass(slots=True)
class Line:
    """One row: its number in the file, its values by field, and what is wrong with it. `key`: what it is about."""

    number: int
    digest: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    key: UUID | None = None
    draft: Any = None


@dataclass(slots=True)
class Fate:
    """What became of one row. `shown`: field to (before, after), for a screen; `like`: who may be the same."""

    outcome: Outcome
    subject: str = ""
    person: UUID | None = None
    person_created: bool = False
    fact: str | None = None
    change: Change | None = None
    shown: Mapping[str, tuple[Any, Any]] | None = None
    problems: tuple[Problem, ...] = ()
    like: tuple[Pair, ...] = ()


class Taker(Protocol):
    """Takes the rows of one kind of file, a chunk at a time, in one transaction each."""

    def ahead(self, lines: list[Line]) -> None:
        """Make lines as ready as can be without the database, beside the work on earlier ones."""

    def prepare(self, lines: list[Line]) -> None:
        """Give each line its key and draft, and add what is wrong with it. Reads only."""

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        """Bring in lines that nothing is wrong with, each key once. Without `apply` nothing is kept."""


@dataclass(frozen=True)
class Step:
    """How one column of the file is read."""

    place: int
    field: str
    read: Reader
    column: Column


def steps(mapping: Mapping[int, str], columns: Mapping[str, Column]) -> list[Step]:
    """How the columns of a file are read, by what they hold."""
    return [Step(place, field, _reader(columns[field]), columns[field]) for place, field in mapping.items()]


def _reader(column: Column) -> Reader:
    """The reader of a column; of one whose few texts come again and again, one that remembers what they mean."""
    read = READERS[column.reads]
    if column.reads not in REPEATED:
        return read
    known: dict[str, Any] = {}

    def recall(cell: Any, column: Column) -> Any:
        if type(cell) is not str:
            return read(cell, column)
        value = known.get(cell)
        if value is None:
            value = read(cell, column)
            if len(known) < MOST_KNOWN:
                known[cell] = value
        return value

    return recall


def line(number: int, row: list[Any], plan: list[Step], stated: Mapping[str, Any], headings: int) -> Line:
    """A row read column by column; `stated` holds for every row that does not say otherwise."""
    values: dict[str, Any] = dict(stated)
    problems: list[Problem] = []
    width = len(row)
    if any(cell is not None and cell != "" for cell in row[headings:]):
        problems.append(TOO_WIDE)
    for step in plan:
        cell = row[step.place] if step.place < width else None
        if cell is None or cell in BLANK:
            continue
        try:
            value = step.read(cell, step.column)
        except CellError as error:
            problems.append(error.at(step.field))
            continue
        if value != "":
            values[step.field] = value
    return Line(number, digest([row[s.place] if s.place < width else None for s in plan]), values, problems)


TOO_WIDE = bad_cell(
    "too_wide",
    "这一行的单元格比表头多，可能是内容里的逗号没有加引号。请检查后重填。",
    "This row has more cells than there are headings: perhaps a comma within a cell. Check it.",
)


def digest(row: list[Any]) -> int:
    """A number that is the same for rows that say the same, 63 bits."""
    try:
        said = "\0".join(row)
    except TypeError:
        said = "\0".join(["" if cell is None else str(cell) for cell in row])
    said = said.rstrip("\0")
    return int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1
