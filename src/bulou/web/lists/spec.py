"""What a list is: its columns, filters and acts. Every list of the product is one of these, shown by one component."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

if TYPE_CHECKING:
    from bulou.directory.models import Account
    from bulou.web.lists.acts import Act
    from bulou.web.lists.asked import Asked

Word = str | Promise
Option = tuple[str, Word]
Key = Callable[[Any], Any]
PAGE = 50
SORTABLE = 1_000
"""Rows up to which a list is sorted by a column no index keeps in order; beyond, the page asks to narrow it first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `cell` is the template of its cell, which knows the row as `row`.

    `says`: the plain value of a row, which a file has in the cell's place; a list with a column that says none is no
    file. `sort`: True where rows are compared by that too, or what else they are compared by. `fixed` cannot be hidden;
    `shown` unless asked for.
    """

    name: str
    word: Word
    cell: str
    says: Key = str
    sort: Key | bool = False
    fixed: bool = False
    shown: bool = True
    css: str = ""

    @property
    def compare(self) -> Key | None:
        """What rows are compared by, None where they are not."""
        return self.says if self.sort is True else self.sort or None


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list. With `chips` its options stand above the list; the others are in the form.

    `reads` gives the value a text in the address stands for, None for one that cannot be read.
    """

    name: str
    word: Word
    kind: Literal["text", "choice", "flag", "day", "hidden"] = "text"
    options: Callable[[], Sequence[tuple[str, Word, str]]] = tuple
    all_word: Word = ""
    chips: bool = False
    icon: str = ""
    default: Callable[[], str] = str
    reads: Callable[[str], Any] = lambda text: text
    help: Word = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, and the cursor behind which the next begins (None on the last)."""

    rows: Sequence[Any]
    next: str | None = None


@dataclass(frozen=True)
class List:
    """One list.

    `read(asked, account, after, limit)` gives the rows in the order of the first of `native` the address may name
    (downwards with a minus); `shown` turns a page of them into rows with names, in a fixed number of queries; `key`
    names a row, and `found` gives the rows of keys, as `shown` would.

    For files: `stream(asked, account, full)` gives every row from one cursor, else pages are read one after another;
    `size` says how many; `told` is `shown` without what only a page needs; `more` are columns a page has no room for;
    `personal` tells, of a raw row or one with its names, whether it is about one person; `open_to`, whose page it is.
    """

    name: str
    title: Word
    columns: Sequence[Column]
    read: "Callable[[Asked, Account, str, int], Page]"
    key: Callable[[Any], str]
    filters: Sequence[Filter] = ()
    shown: Callable[[Sequence[Any]], Sequence[Any]] = lambda rows: rows
    found: "Callable[[Sequence[str], Account], Sequence[Any]] | None" = None
    native: Sequence[str] = ("",)
    acts: "Sequence[Act]" = ()
    by_area: bool = False
    paged: bool = True
    css: str = ""
    row_css: Callable[[Any], str] = lambda row: ""
    empty: Word = ""
    empty_help: Word = ""
    stream: "Callable[[Asked, Account, bool], Iterator[Any]] | None" = None
    size: "Callable[[Asked, Account], int] | None" = None
    told: "Callable[[Sequence[Any]], Sequence[Any]] | None" = None
    more: Sequence[Column] = ()
    personal: Callable[[Any], bool] = lambda row: False
    open_to: "Callable[[Account], bool]" = lambda account: True
    by_name: Mapping[str, Column] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def goes_out(self) -> bool:
        """True for a list that may become a file: every column of it says what stands in a cell."""
        return all(column.says is not str for column in (*self.columns, *self.more))

    def may(self, account: "Account") -> "list[Act]":
        """The acts open to an account."""
        return [act for act in self.acts if act.may(account)]


LISTS: dict[str, List] = {}
"""Every list by name: what saved views and acts refer to."""


def register(made: List) -> List:
    """Put a list on the books, and give it back."""
    LISTS[made.name] = made
    return made


def options(pairs: Iterable[Option]) -> list[tuple[str, Word, str]]:
    """Values and words as options without icons."""
    return [(value, word, "") for value, word in pairs]
