"""The rooms left on each of the next days, as bars: above a line at zero while there are some, below it if lacking."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulou.no_miss.isolation.forecast import Day, Forecast
from bulou.web.drawing import Block, Scale, Span, columns, scale

LABEL = 12
"""The height of a number on the axis."""
ABOVE, BELOW = 3, 11
"""How far a number stands over its bar, and under one that hangs below zero."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day drawn: the rooms left, and where its number stands; `free_y` is where nobody came."""

    day: Day
    at: Span
    block: Block
    n_y: float
    free_y: float

    @property
    def lacks(self) -> bool:
        return self.day.left < 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The days drawn, zero-based; `free` is the line of the rooms there would be if nobody came."""

    bars: Sequence[Bar]
    scale: Scale

    @property
    def top_y(self) -> float:
        return self.scale.y(self.scale.top)

    @property
    def least_y(self) -> float:
        return self.scale.y(self.scale.least)

    @property
    def says_least(self) -> bool:
        """The lowest number has room under the zero; else it stands at its bar alone."""
        return self.least_y - self.scale.zero > LABEL

    @property
    def free(self) -> str:
        return " ".join(f"{bar.at.middle},{bar.free_y}" for bar in self.bars)


def picture(found: Forecast) -> Picture:
    """The forecast of a site as a picture."""
    held = scale(*(one.left for one in found.days), *(one.free for one in found.days))
    return Picture([_bar(one, at, held) for one, at in zip(found.days, columns(len(found.days)), strict=True)], held)


def _bar(day: Day, at: Span, held: Scale) -> Bar:
    block = held.block(day.left)
    n_y = block.y + block.height + BELOW if day.left < 0 else block.y - ABOVE
    return Bar(day, at, block, round(n_y, 1), held.y(day.free))
