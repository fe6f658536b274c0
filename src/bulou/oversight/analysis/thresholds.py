"""When a count stands out from the days before it. Pure arithmetic, the same for every register.

The rule is C2 of the Early Aberration Reporting System of the United States CDC: the mean of seven days that end two
days before, and three standard deviations. Those are the defaults of the method; no plan on the shelf names others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

BASELINE, GAP, DEVIATIONS = 7, 2, 3.0
LEAST = 0.5
"""The least standard deviation: where nothing ever happened, the second case stands out, and no fraction of one."""


@dataclass(frozen=True, slots=True)
class Level:
    """One day of a series. `limit` is None while too few days lie before it. `n` is None where nobody reported."""

    day: date
    n: int | None
    of: int
    limit: float | None

    @property
    def is_above(self) -> bool:
        return self.n is not None and self.limit is not None and self.n > self.limit


def levels(counted: Mapping[date, tuple[int, int]], first: date, last: date) -> list[Level]:
    """Each day from the first to the last with its limit. `counted`: how many of how many, by day; absent: no report.

    Days before `first` count for the limits, and days without a report for nothing.
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = []
    for day in days:
        n, of = counted.get(day, (None, 0))
        found.append(Level(day, n, of, _limit([counted[one][0] for one in _before(day) if one in counted])))
    return found


def _before(day: date) -> Sequence[date]:
    return [day - timedelta(days=GAP + 1 + n) for n in range(BASELINE)]


def _limit(values: Sequence[int]) -> float | None:
    """The mean and three standard deviations of a whole baseline; None where a day of it is missing."""
    if len(values) < BASELINE:
        return None
    mean = sum(values) / len(values)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return round(mean + DEVIATIONS * max(deviation, LEAST), 1)
