"""Where the rows of an export come from: the lists of the pages, which lie above, provide themselves through here.

`settings.EXPORT_SOURCES` names the function that gives them; so one selector, one filter and one policy serve the page
and the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from bulou.directory.models import Account
from bulou.kernel.errors import BulouError

Value = str | int | float | date | None
"""What a cell may hold; an instant is a `datetime` with its zone."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its name in JSON, its word in the reader's language."""

    name: str
    word: str


@dataclass
class Table:
    """A list as a file has it. `rows` is read once; `people` then counts those that were about a person.

    `filters`: what the list was narrowed to, in words. `size`: how many rows there will be, None where unknown.
    """

    title: str
    heads: Sequence[Head]
    filters: Sequence[tuple[str, str]]
    size: int | None
    rows: Iterator[Sequence[Value]] = field(default_factory=lambda: iter(()))
    people: int = 0


class Source(Protocol):
    """One list. All of it within the session's scope, in the session's language."""

    @property
    def title(self) -> str:
        """What the list is called."""

    def is_open_to(self, account: Account) -> bool:
        """True for an account whose page the list is."""

    def address(self, query: str, area: str) -> str:
        """The page of the list as it was asked for."""

    def filters(self, query: str, area: str) -> Sequence[tuple[str, str]]:
        """What the list is narrowed to, in words."""

    def read(self, query: str, area: str, account: Account, *, full: bool) -> Table:
        """The list, numbers and addresses unmasked where `full`."""

    def people(self, query: str, area: str, account: Account, most: int) -> int:
        """How many rows are about a person, counted to `most`."""


def sources() -> Mapping[str, Source]:
    """Every list there is, by name."""
    provide: Callable[[], Mapping[str, Source]] = import_string(settings.EXPORT_SOURCES)
    return provide()


def source(name: str) -> Source:
    """One list. BulouError where there is none of the name."""
    known = sources()
    if name not in known:
        listed = ", ".join(sorted(known))
        raise BulouError.of(
            "export.list",
            f"没有名单 {name!r}；有：{listed}。",
            f"There is no list {name!r}; there are {listed}.",
            field="list",
        )
    return known[name]
