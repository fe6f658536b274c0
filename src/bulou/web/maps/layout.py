"""Where the tile of each area stands.

A grid is a text file in `grids/`: one row of tiles a line, a code or a dot a tile, `#` before what only people read.
Areas no grid knows stand in the order of their codes, in as few columns as a phone has room for.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

GRIDS = Path(__file__).parent / "grids"
NARROWEST, WIDEST = 3, 6
Cell = tuple[int, int]
"""Column and row, from the upper left."""


def positions(codes: Iterable[str]) -> tuple[dict[str, Cell], bool]:
    """Code to cell; and True where a grid says so, so that neighbours are neighbours."""
    wanted = sorted(set(codes))
    for grid in grids():
        if wanted and set(wanted) <= grid.keys():
            return _trimmed({code: grid[code] for code in wanted}), True
    columns = min(WIDEST, max(NARROWEST, math.ceil(math.sqrt(len(wanted)))))
    return {code: (n % columns, n // columns) for n, code in enumerate(wanted)}, False


@cache
def grids() -> Sequence[Mapping[str, Cell]]:
    """Every grid, read once."""
    return [read(path.read_text("utf-8")) for path in sorted(GRIDS.glob("*.txt"))]


def read(text: str) -> dict[str, Cell]:
    """A grid as it is written. ValueError for a code that stands there twice."""
    found: dict[str, Cell] = {}
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for row, line in enumerate(lines):
        for column, code in enumerate(line):
            if code in found:
                raise ValueError(f"{code} stands twice")
            if code != ".":
                found[code] = (column, row)
    return found


def _trimmed(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells moved up and left, where outer ones are empty."""
    left, top = (min(cell[axis] for cell in cells.values()) for axis in (0, 1))
    return {code: (column - left, row - top) for code, (column, row) in cells.items()}
