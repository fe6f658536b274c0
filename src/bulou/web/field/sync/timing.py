"""When it was, whatever the phone's clock said.

The phone says what its clock and its stopwatch show when an entry is made and again when it is sent. A clock that is
a day off is a day off both times, so the difference is the entry's age. The stopwatch runs on when somebody sets the
clock, but stops while some phones sleep and starts anew with the page: it can only make an entry older. What comes out
lies between the phone's ticket and now.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a phone showed: clock (ms since 1970), stopwatch (ms), and the page the stopwatch runs in."""

    clock: float
    steady: float
    run: str

    @classmethod
    def of(cls, raw: Any) -> "Stamp":
        """As it travels. ValueError where it is none."""
        try:
            clock, steady, run = raw["clock"], raw["steady"], str(raw["run"])[:64]
        except (KeyError, TypeError) as error:
            raise ValueError("a stamp has clock, steady and run") from error
        if not all(isinstance(value, int | float) and abs(value) < 1e14 for value in (clock, steady)):
            raise ValueError("clock and steady are milliseconds")
        return cls(clock, steady, run)

    @property
    def at(self) -> datetime:
        """The phone's own time."""
        return min(max(EPOCH + timedelta(milliseconds=self.clock), EARLIEST), LATEST)


def since_ticket(made: Stamp, given: Stamp, *, now: datetime, ticket: datetime) -> datetime:
    """When an entry was made, by how long after its list: for a file, which arrives nobody knows when."""
    by_clock = made.clock - given.clock
    by_stopwatch = made.steady - given.steady if made.run == given.run else 0.0
    earliest = min(ticket, now)
    return min(earliest + min(timedelta(milliseconds=max(by_clock, by_stopwatch, 0.0)), now - earliest), now)


def true_time(made: Stamp, sent: Stamp, *, now: datetime, ticket: datetime) -> datetime:
    """When an entry was made, by the house's clock, which shows `now` at its arrival."""
    by_clock = sent.clock - made.clock
    by_stopwatch = sent.steady - made.steady if sent.run == made.run else 0.0
    age = timedelta(milliseconds=max(by_clock, by_stopwatch, 0.0))
    earliest = min(ticket, now)
    return max(now - min(age, now - earliest), earliest)
