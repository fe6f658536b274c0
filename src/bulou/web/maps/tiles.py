"""A map as its template draws it: tiles with a number, a step in three channels (word, marks, shade), and a legend."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory.selectors.areas import in_english
from bulou.web.maps import layout

SIDE, GAP = 100, 6
"""Units of the drawing: the side of a tile, and the space between two."""
STEPS = 3
WORDS: tuple[str | Promise, ...] = (_("none"), _("few"), _("more"), _("most"))
ENDINGS = {
    False: ("自治区", "自治州", "自治县", "地区", "街道", "社区", "居委会", "村委会", *"省市区县镇乡村"),
    True: (" District", " County", " City", " Subdistrict", " Township", " Town", " Community", " Village"),
}
LONGEST = {False: 4, True: 8}
MANY = 6
"""Columns from which a map is wider than a phone, and scrolls within its frame."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a map shows of one area."""

    area: str
    name: str
    n: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One area drawn. `marks` are as many of three as its step."""

    figure: Figure
    short: str
    step: int
    word: str | Promise
    x: int
    y: int
    said: str

    @property
    def marks(self) -> list[bool]:
        return [n < self.step for n in range(STEPS)]


@dataclass(frozen=True, slots=True)
class Band:
    """One line of the legend: the numbers of a step."""

    step: int
    word: str | Promise
    lowest: int
    highest: int

    @property
    def marks(self) -> list[bool]:
        return [n < self.step for n in range(STEPS)]


@dataclass(frozen=True, slots=True)
class Map:
    """A drawn map. `what` is what is counted; `state`, by whose colour and icon; `placed`, whether tiles lie truly."""

    id: str
    what: str
    state: str
    icon: str
    tiles: Sequence[Tile]
    bands: Sequence[Band]
    width: int
    height: int
    placed: bool

    @property
    def box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def is_wide(self) -> bool:
        return self.width > MANY * (SIDE + GAP)


def drawn(id: str, what: str, state: str, icon: str, figures: Iterable[Figure]) -> Map | None:
    """The map of some areas; None for fewer than two, which need no map."""
    found = sorted(figures, key=lambda figure: figure.area)
    if len(found) < 2:
        return None
    cells, placed = layout.positions(figure.area for figure in found)
    most = max(figure.n for figure in found)
    tiles = [_tile(figure, cells[figure.area], most, what) for figure in found]
    right, bottom = (max(cell[axis] for cell in cells.values()) + 1 for axis in (0, 1))
    width, height = (cells_ * (SIDE + GAP) - GAP for cells_ in (right, bottom))
    return Map(id, what, state, icon, tiles, bands(most), width, height, placed)


def step(n: int, most: int) -> int:
    """0 for none, else 1 to 3 by thirds of the largest number."""
    return min(STEPS, 1 + STEPS * n // (most + 1)) if n else 0


def bands(most: int) -> list[Band]:
    """The steps that occur up to a largest number, with the numbers each stands for."""
    starts = [0] + [max(1, math.ceil(n * (most + 1) / STEPS)) for n in range(STEPS)]
    ends = [0] + [start - 1 for start in starts[2:]] + [most]
    return [Band(n, WORDS[n], low, high) for n, (low, high) in enumerate(zip(starts, ends, strict=True)) if low <= high]


def short(name: str, *, english: bool) -> str:
    """A name as short as a tile: without the word for the kind of area, cut where it is still too long."""
    ending = next((each for each in ENDINGS[english] if name.endswith(each) and len(name) > len(each) + 1), "")
    bare = name.removesuffix(ending)
    return bare if len(bare) <= LONGEST[english] else f"{bare[: LONGEST[english] - 1].rstrip()}…"


def _tile(figure: Figure, cell: layout.Cell, most: int, what: str) -> Tile:
    found = step(figure.n, most)
    x, y = (place * (SIDE + GAP) for place in cell)
    said = gettext("%(name)s: %(what)s %(n)d, %(word)s") % {
        "name": figure.name,
        "what": what,
        "n": figure.n,
        "word": WORDS[found],
    }
    return Tile(figure, short(figure.name, english=in_english()), found, WORDS[found], x, y, said)
