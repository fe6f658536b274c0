"""Reads in the database: the board and the first page of a county's misses, at one size and at ten times it."""

import statistics
import time
from collections.abc import Callable

from tests.bench import ground
from tests.bench.report import Line

TIMES = 30


def measure(label: str) -> list[Line]:
    """Medians of `TIMES` reads, warm, of what is in the database now."""
    from bulou.directory.scope import scope
    from bulou.ledger import selectors

    day = ground.NOW.date()
    with scope("12"):
        board = _median(lambda: selectors.board("12", day))
    with scope("120101"):
        misses = _median(lambda: selectors.misses("120101"))
    return [
        Line("board", f"the board of a province, {label}", f"{board * 1000:.1f} ms", "≤ 20 ms", board),
        Line("misses", f"first page of one county, {label}", f"{misses * 1000:.1f} ms", "≤ 20 ms", misses),
    ]


def _median(read: Callable[[], object]) -> float:
    """Seconds, Python included; the first three reads warm the caches."""
    taken = []
    for number in range(TIMES + 3):
        begun = time.perf_counter()
        read()
        if number >= 3:
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
