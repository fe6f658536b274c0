"""A person's temperatures as a small picture, drawn here so that it needs no script; a table says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from bulou.ledger.limits import Readings
from bulou.ledger.selectors import FactRow

DAYS = 14
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 40, 12, 12, 28
LOWEST, HIGHEST = 35.0, 41.0
"""℃ at the feet and the head of the picture; what lies beyond is drawn at its edge."""


@dataclass(frozen=True, slots=True)
class Point:
    """One reading. `own`: the person recorded it themselves; `half`: morning or evening."""

    at: datetime
    celsius: float
    x: float
    y: float
    half: str
    is_fever: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, and what stands at it."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The readings of the last days. `limit`: where the threshold is drawn, and `fever` its ℃."""

    points: Sequence[Point]
    line: str
    days: Sequence[Tick]
    degrees: Sequence[Tick]
    limit: float
    fever: float
    since: date
    until: date

    @property
    def fevers(self) -> int:
        return sum(point.is_fever for point in self.points)

    @property
    def latest(self) -> Point:
        return self.points[-1]


def chart(facts: Iterable[FactRow], now: datetime, limits: Readings, own: str) -> Chart | None:
    """The picture of the readings among some facts, of `DAYS` days; None where there is none. `own`: the person."""
    first = timezone.localtime(now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    last = first + timedelta(days=DAYS)
    found = [
        _point(fact, first, last, limits, own)
        for fact in sorted(facts, key=lambda fact: (fact.at, fact.id))
        if fact.kind == "temperature.read" and fact.effective and first <= fact.at <= now
    ]
    if not found:
        return None
    days = [first + timedelta(days=n) for n in range(0, DAYS, 2)]
    return Chart(
        points=found,
        line=" ".join(f"{point.x},{point.y}" for point in found),
        days=[Tick(_x(day, first, last), f"{timezone.localtime(day):%m-%d}") for day in days],
        degrees=[Tick(_y(float(degree)), str(degree)) for degree in range(36, 41)],
        limit=_y(limits.fever),
        fever=limits.fever,
        since=first.date(),
        until=timezone.localdate(now),
    )


def _point(fact: FactRow, first: datetime, last: datetime, limits: Readings, own: str) -> Point:
    celsius = float(fact.data["celsius"])
    return Point(
        fact.at,
        celsius,
        _x(fact.at, first, last),
        _y(celsius),
        limits.half(fact.at),
        limits.is_fever(celsius),
        fact.by == own,
    )


def _x(at: datetime, first: datetime, last: datetime) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * ((at - first) / (last - first)), 1)


def _y(celsius: float) -> float:
    share = (min(max(celsius, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)
