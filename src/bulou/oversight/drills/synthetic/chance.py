"""Seeded chance: the same seed gives the same people, ids and instants, in whatever order they are asked for."""

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from bulou.kernel.clock import SHANGHAI

WAKING = time(7), time(21, 30)
"""Between these times of day people measure, visit and write things down."""


class Chance:
    """A source of randomness, and of further independent ones by name."""

    def __init__(self, seed: object) -> None:
        self.seed = seed
        self.random = Random(str(seed))  # noqa: S311  (a demonstration, no secret)

    def of(self, *name: object) -> Random:
        """The source of its own for one thing: it does not depend on what else was drawn."""
        return Random("/".join(map(str, (self.seed, *name))))  # noqa: S311

    def id(self, at: datetime) -> UUID:
        """A UUIDv7 of an instant, its random bits from the seed."""
        value = int(at.timestamp() * 1000) << 80 | self.random.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return UUID(int=value)


def within(random: Random, start: datetime, end: datetime) -> datetime:
    """An instant in `[start, end]`, whole seconds, sooner rather than later, at a waking hour where one fits."""
    span = (end - start).total_seconds()
    instant = start + timedelta(seconds=int(span * random.betavariate(1.3, 2.6)))
    local = instant.astimezone(SHANGHAI)
    if WAKING[0] <= local.time() <= WAKING[1]:
        return instant
    day = local.date() if local.time() < WAKING[0] else local.date() + timedelta(days=1)
    morning = datetime.combine(day, WAKING[0], SHANGHAI) + timedelta(seconds=random.randrange(7200))
    return morning if start <= morning <= end else instant
