"""How full a site will be: who leaves, who is on the way, and as many newcomers as last week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from bulou.no_miss.isolation.room_board import Board
from bulou.no_miss.isolation.site_parts import WEEK


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come: who leaves, the rooms free if nobody came, who comes, and the rooms left; below 0, lacking."""

    day: date
    leaving: int
    free: int
    coming: int
    left: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days to come. `a_day`: how many came a day in the last week; `expected`: who are on the way, all today."""

    days: Sequence[Day]
    a_day: float
    expected: int

    @property
    def short(self) -> Day | None:
        """The first day on which rooms would be lacking; None where they last."""
        return next((one for one in self.days if one.left < 0), None)

    @property
    def least(self) -> Day:
        """The day with the fewest rooms left."""
        return min(self.days, key=lambda one: one.left)


def forecast(board: Board, expected: int) -> Forecast:
    """Each newcomer takes a room. Newcomers are rounded up over the days: a shortage is seen too early, not late."""
    days: list[Day] = []
    before = 0
    for n, one in enumerate(board.ahead):
        taken = expected + ceil(n * board.came / WEEK)
        days.append(Day(one.day, one.leaving, one.free, taken - before, one.free - taken))
        before = taken
    return Forecast(days, board.came / WEEK, expected)
