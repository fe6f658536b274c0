"""What an address asks of a list: filters, sort, columns, page. The address is the whole state, so it can be kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bulou.directory.models import Account
from bulou.web import links
from bulou.web.lists.spec import PAGE, SORTABLE, Column, Filter, List, Page, Word

LONGEST = 200
NONE = (None, "")
"""What a row says that does not have what a column is about."""
LOOK = ("sort", "cols")
"""What else of an address a saved view keeps, beside the filters."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter to touch. `clears` where touching it takes the filter off."""

    word: Word
    url: str
    current: bool = False
    icon: str = ""
    clears: bool = False
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: what it says, where it leads, and how the rows are sorted by it now."""

    column: Column
    word: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Field:
    """A filter in the form, with what it is set to."""

    filter: Filter
    value: str
    options: Sequence[tuple[str, Word, str]]


@dataclass(frozen=True)
class Asked:
    """A list as an address asks for it. What cannot be read is left out."""

    made: List
    area: str
    values: Mapping[str, str]
    sort: str
    cols: tuple[str, ...]
    after: str

    @classmethod
    def read(cls, made: List, query: QueryDict, area: str = "") -> "Asked":
        """`area` is the one the account may see, where the list is of an area."""
        values = {one.name: _good(one, query.get(one.name, "").strip()[:LONGEST]) for one in made.filters}
        sort = query.get("sort", "")[:60]
        column = made.by_name.get(sort.removeprefix("-"))
        chosen = ",".join(query.getlist("cols")).split(",")
        return cls(
            made=made,
            area=area,
            values=values,
            sort=sort if sort in made.native or (column and column.sort) else "",
            cols=tuple(name for name in made.by_name if name in chosen),
            after=query.get("after", "")[:LONGEST],
        )

    def value(self, name: str) -> Any:
        """The value of a filter, as its `reads` gives it; the text's default where it is not set."""
        one = next(one for one in self.made.filters if one.name == name)
        return one.reads(self.values[name] or one.default())

    def address(self, **changes: object) -> str:
        """The page with these settings and some changed; a change begins again at the first row."""
        given: dict[str, object] = {"area": self.area} if self.made.by_area else {}
        given |= {**self.values, "sort": self.sort, "cols": ",".join(self.cols)}
        return links.address(self.made.name, **(given | changes))

    def query(self) -> str:
        """What a saved view keeps: all but the page."""
        return self.address().partition("?")[2]

    def columns(self) -> list[Column]:
        """The columns to show, in the list's order."""
        return [c for c in self.made.columns if c.fixed or (c.name in self.cols if self.cols else c.shown)]

    def heads(self) -> list[Head]:
        """The heads of the columns shown; the list's own order stands as its first sort."""
        now = self.sort or self.made.native[0]
        states = {now.removeprefix("-"): "descending" if now.startswith("-") else "ascending"}
        return [Head(c, str(c.word), self._turned(c, now), states.get(c.name, "")) for c in self.columns()]

    def _turned(self, column: Column, now: str) -> str:
        """The list sorted by a column, or the other way round; empty where it cannot be sorted by it."""
        name = column.name
        can = column.sort or name in self.made.native
        return self.address(sort=f"-{name}" if now == name else name) if can else ""

    def chips(self) -> list[Chip]:
        """What is set, to be taken off; then the options of the filters that stand above the list."""
        off = [one for one in self.made.filters if not one.chips and self.values[one.name] and one.kind != "day"]
        cleared = [self._off(one) for one in off]
        return cleared + [chip for one in self.made.filters if one.chips for chip in self._chips(one)]

    def _off(self, one: Filter) -> Chip:
        return Chip(said(one, self.values[one.name]), self.address(**{one.name: ""}), True, one.icon, True)

    def _chips(self, one: Filter) -> Iterable[Chip]:
        value = self.values[one.name]
        if one.kind == "flag":
            yield Chip(one.word, self.address(**{one.name: "" if value else "1"}), bool(value), one.icon)
            return
        yield Chip(one.all_word or _("All"), self.address(**{one.name: ""}), not value)
        for name, word, icon in one.options():
            yield Chip(word, self.address(**{one.name: name}), value == name, icon)

    def fields(self) -> list[Field]:
        """The filters of the form."""
        return [
            Field(one, self.values[one.name], one.options())
            for one in self.made.filters
            if not one.chips and one.kind != "hidden"
        ]

    def kept(self) -> list[tuple[str, str]]:
        """What the form carries along: the area, the chips, the sort and the columns."""
        carried = {one.name: self.values[one.name] for one in self.made.filters if one.chips or one.kind == "hidden"}
        given = {
            "area": self.area if self.made.by_area else "",
            **carried,
            "sort": self.sort,
            "cols": ",".join(self.cols),
        }
        return [(name, value) for name, value in given.items() if value]

    def kept_all(self) -> list[tuple[str, str]]:
        """What a choice of columns carries along: everything but the columns and the page."""
        given = {"area": self.area if self.made.by_area else "", **self.values, "sort": self.sort}
        return [(name, value) for name, value in given.items() if value]

    def choices(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        shown = self.columns()
        return [(column, column in shown) for column in self.made.columns]

    @property
    def is_native(self) -> bool:
        """True where the database keeps the order asked for."""
        return not self.sort or self.sort in self.made.native

    def page(self, account: Account) -> tuple[Page, bool]:
        """The page asked for, its rows shown; and True where there are too many rows to sort as asked."""
        made = self.made
        if self.is_native:
            found = made.read(self, account, self.after, PAGE)
            return Page(made.shown(found.rows), found.next), False
        found = made.read(self, account, "", SORTABLE)
        if found.next:
            return Page(made.shown(found.rows[:PAGE])), True
        rows = self.sorted(made.shown(found.rows))
        start = int(self.after) if self.after.isdecimal() and len(self.after) < 6 else 0
        later = start + PAGE
        return Page(rows[start:later], str(later) if later < len(rows) else None), False

    def sorted(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows by the column asked for; rows that do not have it come last, whichever the direction."""
        compare = self.made.by_name[self.sort.removeprefix("-")].compare
        assert compare
        has = [row for row in rows if compare(row) not in NONE]
        return sorted(has, key=compare, reverse=self.sort.startswith("-")) + [r for r in rows if compare(r) in NONE]

    def all(self, account: Account, most: int) -> tuple[Sequence[Any], bool]:
        """Every row that answers, up to `most`, shown; and True where there are more."""
        found = self.made.read(self, account, "", most)
        return self.made.shown(found.rows), found.next is not None


def _good(one: Filter, text: str) -> str:
    """The text, where the filter can be set to it."""
    if one.kind == "choice" and text not in {name for name, *_ in one.options()}:
        return ""
    if one.kind == "flag":
        return "1" if text == "1" else ""
    return text if text and one.reads(text) is not None else ""


def said(one: Filter, value: str) -> Word:
    """The value of a filter in words."""
    words = {name: word for name, word, _ in one.options()} if one.kind == "choice" else {}
    return words.get(value, one.word if one.kind == "flag" else value)
