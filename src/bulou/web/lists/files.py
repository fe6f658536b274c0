"""The lists of the pages as files take them out: the same selectors, filters, order and columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any

from django.http import QueryDict

from bulou.directory.models import Account
from bulou.exchange.exports.sources import Head, Source, Table, Value
from bulou.exchange.imports.kinds import kinds
from bulou.web.lists import books
from bulou.web.lists.asked import LONGEST, Asked, said
from bulou.web.lists.same_form import SAME_FORM, KindSource
from bulou.web.lists.spec import LISTS, SORTABLE, Column, List

CHUNK = 2_000
"""Rows whose names are asked for at once."""
MORE = 2_000
"""Characters of an address."""


class ListSource:
    """One list, for `exchange.exports`."""

    def __init__(self, made: List) -> None:
        self._made = made

    @property
    def title(self) -> str:
        return str(self._made.title)

    def is_open_to(self, account: Account) -> bool:
        """True for an account whose page the list is."""
        return self._made.open_to(account)

    def address(self, query: str, area: str) -> str:
        """The page of the list as it was asked for."""
        return self._asked(query, area).address()

    def filters(self, query: str, area: str) -> Sequence[tuple[str, str]]:
        """What the list is narrowed to, in words."""
        return list(_filters(self._asked(query, area)))

    def read(self, query: str, area: str, account: Account, *, full: bool) -> Table:
        """Every row that answers, as the page would show it."""
        asked = self._asked(query, area)
        columns = self._columns(asked)
        table = Table(
            title=self.title,
            heads=[Head(column.name, str(column.word)) for column in columns],
            filters=list(_filters(asked)),
            size=self._made.size(asked, account) if self._made.size else None,
        )
        table.rows = _cells(table, self._made, columns, self._rows(asked, account, full=full))
        return table

    def people(self, query: str, area: str, account: Account, most: int) -> int:
        """How many rows are about a person, counted to `most`."""
        rows = filter(self._made.personal, self._raw(self._asked(query, area), account, full=False))
        return sum(1 for _ in islice(rows, most))

    def _asked(self, query: str, area: str) -> Asked:
        return Asked.read(self._made, QueryDict(query[:MORE]), area if self._made.by_area else "")

    def _columns(self, asked: Asked) -> Sequence[Column]:
        """Those the address chooses, else every one, also those for which a page has no room."""
        chosen = asked.columns() if asked.cols else self._made.columns
        return [*chosen, *self._made.more]

    def _rows(self, asked: Asked, account: Account, *, full: bool) -> Iterator[Any]:
        """Rows with their names; in the order asked for where a page would sort them so."""
        raw, told = self._raw(asked, account, full=full), self._made.told or self._made.shown
        if not asked.is_native:
            first = list(islice(raw, SORTABLE + 1))
            if len(first) <= SORTABLE:
                return iter(asked.sorted(told(first)))
            raw = chain(first, raw)
        return _named(raw, told)

    def _raw(self, asked: Asked, account: Account, *, full: bool) -> Iterator[Any]:
        stream = self._made.stream
        return stream(asked, account, full) if stream else _paged(self._made, asked, account)


class _Sources(Mapping[str, Source]):
    """Every list on the books, by name."""

    @cached_property
    def _all(self) -> dict[str, Source]:
        books.open_all()
        lists: dict[str, Source] = {name: ListSource(made) for name, made in LISTS.items() if made.goes_out}
        return lists | {f"{SAME_FORM}{name}": KindSource(kind) for name, kind in kinds().items()}

    def __getitem__(self, name: str) -> Source:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


_SOURCES = _Sources()


def sources() -> Mapping[str, Source]:
    """What `settings.EXPORT_SOURCES` names."""
    return _SOURCES


def _named(raw: Iterator[Any], told: Callable[[Sequence[Any]], Sequence[Any]]) -> Iterator[Any]:
    while chunk := list(islice(raw, CHUNK)):
        yield from told(chunk)


def _paged(made: List, asked: Asked, account: Account) -> Iterator[Any]:
    """The raw rows of a list that has no cursor of its own, a page after another."""
    after = ""
    while True:
        found = made.read(asked, account, after, CHUNK)
        yield from found.rows
        if not found.next:
            return
        after = found.next[:LONGEST]


def _cells(table: Table, made: List, columns: Sequence[Column], rows: Iterator[Any]) -> Iterator[Sequence[Value]]:
    says, personal = [column.says for column in columns], made.personal
    for row in rows:
        if personal(row):
            table.people += 1
        yield [say(row) for say in says]


def _filters(asked: Asked) -> Iterator[tuple[str, str]]:
    """What the list was narrowed to, in words; the defaults too."""
    for one in asked.made.filters:
        value = asked.values[one.name] or one.default()
        if value:
            yield str(one.word), str(said(one, value))
    if asked.sort:
        column = asked.made.by_name.get(asked.sort.removeprefix("-"))
        yield "↑" if not asked.sort.startswith("-") else "↓", str(column.word if column else asked.sort)
