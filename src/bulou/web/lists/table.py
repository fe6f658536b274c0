"""What every list can do, as a table: `docs/reference/lists.md`. Written by `make docs`; a test holds lists to it."""

from collections.abc import Iterable, Mapping

from django.utils.translation import override

from bulou.web.lists.spec import LISTS, Column, List

UNSORTED: Mapping[str, Mapping[str, str]] = {
    "people": {"phone": "it is masked, and an order would tell the numbers"},
    "cases": {"links": "several in a cell, none of them first"},
    "imports": {"became": "several numbers in a cell, none of them first"},
    "jobs": {"progress": "it moves while one looks"},
}
"""Columns no list is sorted by, and why."""
INSIDE: Mapping[str, str] = {"jobs": "it tells of the server, not of the outbreak"}
"""Lists that become no file, and why."""
APART: Mapping[str, str] = {
    "board": "counts, each of which opens a list",
    "my": "a day's work in the order of a round, not rows to arrange",
    "rooms": "a house with its floors, not rows",
    "wards": "a ward with its beds, not rows",
    "round": "one line a room, in the order one walks",
    "handovers": "what waits for one unit now, by what it is asked to do",
    "campaigns": "a handful, each with its coverage and the form that opens one",
    "registers": "one line a register of the plans in force",
    "received": "one line a list that was received",
    "reconcile": "two lists side by side",
    "conflicts": "one decision at a time, both records beside each other",
    "doubles": "one decision at a time, both files beside each other",
    "plans": "the shelf",
}
"""Pages with several rows that are no list, by the name of their route, and why."""
HEAD = ("list", "中文", "columns (in brackets: hidden at first)", "narrowed by", "acts on many rows", "file")


def can_sort(made: List, column: Column) -> bool:
    """True where the rows can be sorted by a column, in the database or up to a thousand of them here."""
    return bool(column.sort) or {column.name, f"-{column.name}"} <= set(made.native)


def rows() -> list[list[str]]:
    """A row a list, by name."""
    return [_row(LISTS[name]) for name in sorted(LISTS)]


def text() -> str:
    """The page."""
    apart = [[f"`{name}`", why] for name, why in APART.items()]
    unsorted = [[f"`{name}`", f"`{column}`", why] for name, each in UNSORTED.items() for column, why in each.items()]
    return "\n\n".join(
        [
            "# Lists 清单",
            f"{len(LISTS)} lists, all of one component: narrowed by its filters, sorted by its columns both ways, with"
            " the columns one chooses; all of that is in the address, and can be kept as a view, for oneself or shared"
            " in the area. Rows are chosen one by one or all that answer; an act on many is previewed row by row with"
            " what is refused, says what came of each, and is undone as one.",
            "The name is that of the page. A ↕ is a column the rows can be sorted by. How many rows a file may have,"
            " and what of them is masked, is the policy of exports.",
            _table(HEAD, rows()),
            "## Columns that are not sorted by",
            _table(("list", "column", "why"), unsorted),
            "## Pages with rows that are no list",
            _table(("page", "why"), apart),
        ]
    )


def _row(made: List) -> list[str]:
    with override("zh-hans"):
        chinese = str(made.title)
    with override("en"):
        return [
            f"`{made.name}` {made.title}",
            chinese,
            ", ".join(_column(made, column) for column in made.columns),
            ", ".join(str(one.word) for one in made.filters) + (", area" if made.by_area else ""),
            ", ".join(str(act.word) for act in made.acts) or "–",
            "yes" if made.goes_out else "–",
        ]


def _column(made: List, column: Column) -> str:
    said = f"{column.word}{' ↕' if can_sort(made, column) else ''}"
    return said if column.shown else f"[{said}]"


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    cells = [list(head), ["---"] * len(list(head)), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in cells)
