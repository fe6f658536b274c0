"""How well duties are done: most in time, some late, a few not at all, worse in some towns than in others."""

from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from random import Random

from bulou.oversight.drills.synthetic.chance import Chance
from bulou.plan.evaluate import DutyLine

MISSED = {"screening": 0.045, "isolation": 0.035, "monitoring": 0.055, "treatment": 0.04, "control": 0.14}
"""The share of duties left undone, by no-miss; others `ELSE`. What is done once is often made good later."""
ELSE = 0.03
LATE = 0.04
_TOWNS = (0.4, 0.7, 1.0, 1.0, 1.3, 2.2)
"""How a town compares with the rest; one in six is bad at it."""


class Care(Enum):
    """How one duty goes."""

    DONE = "done"
    LATE = "late"
    LEFT = "left"


def care(chance: Chance, line: DutyLine, no_miss: str, *, owned: bool) -> tuple[Care, Random]:
    """How a duty goes, and the chance of its own that decides it. What nobody owns is left."""
    random = chance.of(line.duty, line.subject, line.opens_at.isoformat())
    town = _town(chance, line.area[:9])
    left = MISSED.get(no_miss, ELSE) * town
    drawn = random.random()
    if not owned or drawn < left:
        return Care.LEFT, random
    return (Care.LATE if drawn < left + LATE * town else Care.DONE), random


@cache
def _town(chance: Chance, area: str) -> float:
    return chance.of("town", area).choice(_TOWNS)


def after(random: Random, line: DutyLine, grace: timedelta | None) -> datetime:
    """An instant past due: within the grace, or where there is no end to it, up to half as long again as there was."""
    span = grace if grace is not None else min((line.due_at - line.opens_at) * 1.5, timedelta(hours=30))
    return line.due_at + timedelta(seconds=max(60, int(span.total_seconds() * random.betavariate(1.2, 3))))
