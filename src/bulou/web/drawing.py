"""Bars drawn by the server, so that they need no script: where each stands and how high, from a line at zero.

A page draws what it is about in its own template, with a table that says the same. The axis begins at zero always; what
may fall below it has its room beneath.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 150, 36, 22, 10
GAP = 1
"""Free on each side of a bar."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands along the picture."""

    x: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """A bar from the line at zero to its value: its upper edge and its height."""

    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A picture from `least` (0 or below) to `top` (above 0)."""

    top: int
    least: int = 0

    @property
    def zero(self) -> float:
        """Where the line at zero is."""
        return self.y(0)

    def y(self, value: float) -> float:
        """How far down a value stands."""
        share = (value - self.least) / (self.top - self.least)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    def block(self, value: float) -> Block:
        """The bar of a value, upwards from zero, or downwards where it is below."""
        at = self.y(value)
        return Block(min(at, self.zero), round(abs(self.zero - at), 1))


def scale(*values: float) -> Scale:
    """The picture that holds these values and zero."""
    return Scale(max(1, *(ceil(value) for value in values)), min(0, *(-ceil(-value) for value in values)))


def columns(count: int) -> Iterator[Span]:
    """The places of so many bars side by side."""
    step = (WIDTH - LEFT) / count
    for n in range(count):
        yield Span(round(LEFT + step * n + GAP, 1), round(step - 2 * GAP, 1))
