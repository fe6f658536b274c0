"""The board as the page shows it: counts with the links to the rows behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bulou.ledger.selectors import AreaRow, Board, Column, Counts
from bulou.web import links, words
from bulou.web.maps import tiles

MEASURES = {"missed": _("Missed today"), "open": _("Due today, open")}
"""What the map of a board may count, by the name of the state."""


@dataclass(frozen=True, slots=True)
class Pillar:
    """One no-miss: today's counts and those since the start, and where each leads."""

    sign: words.Sign
    today: Counts
    ever: Counts
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """Missed today of one no-miss in one area. `heat` is 0 to 3, for the eye."""

    missed: int
    heat: int
    url: str


@dataclass(frozen=True, slots=True)
class Child:
    """One area within: a cell a no-miss, its totals, and the share done in percent (None where nothing is due)."""

    area: str
    name: str
    cells: tuple[Cell, ...]
    total: Counts
    unowned: int
    share: int | None
    url: str
    unowned_url: str


def pillars(board: Board, area: str) -> list[Pillar]:
    """The columns in the order of the five, organisation last."""
    order = [*words.NO_MISSES, ""]
    return [_pillar(column, board, area) for column in sorted(board.columns, key=lambda c: order.index(c.no_miss))]


def _pillar(column: Column, board: Board, area: str) -> Pillar:
    family = column.no_miss or "none"
    found = links.behind(area, board.day, column.no_miss) | {"ever": links.address("misses", area=area, no_miss=family)}
    return Pillar(words.no_miss_sign(column.no_miss), column.today, column.ever, found)


def children(board: Board, names: Mapping[str, str]) -> list[Child]:
    """The areas within, those with most misses first."""
    most = max((counts.missed for row in board.children for counts in row.by_no_miss.values()), default=0)
    rows = sorted(board.children, key=lambda row: (-row.total.missed, -row.total.unowned, row.area))
    return [_child(row, board.day, names, most) for row in rows]


def _child(row: AreaRow, day: date, names: Mapping[str, str], most: int) -> Child:
    total, found = row.total, links.behind(row.area, day)
    due = total.open + total.met + total.late + total.missed
    return Child(
        area=row.area,
        name=names.get(row.area, row.area),
        cells=tuple(_cell(row, name, day, most) for name in words.NO_MISSES),
        total=total,
        unowned=row.ever.unowned,
        share=100 * (total.met + total.late) // due if due else None,
        url=found["missed"],
        unowned_url=found["unowned"],
    )


def _cell(row: AreaRow, no_miss: str, day: date, most: int) -> Cell:
    missed = row.by_no_miss.get(no_miss, Counts()).missed
    heat = min(3, 1 + 3 * missed // (most + 1)) if missed else 0
    return Cell(missed, heat, links.behind(row.area, day, no_miss)["missed"])


def area_map(children: Iterable[Child], measure: str) -> tiles.Map | None:
    """The areas within as a map of what is missed, or open; each tile leads to its board. None for fewer than two."""
    state = measure if measure in MEASURES else "missed"
    figures = [
        tiles.Figure(child.area, child.name, getattr(child.total, state), board_url(child.area)) for child in children
    ]
    return tiles.drawn("area-map", str(MEASURES[state]), state, words.STATES[state].icon, figures)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, state by state."""
    return sum(counts, Counts())


def board_url(area: str) -> str:
    """The board of an area; the whole country's is the first page."""
    return reverse("area-board", args=[area]) if area else reverse("board")
