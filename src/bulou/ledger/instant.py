"""The instant the ledger stands at. It never runs backwards for a subject, or facts that counted would be overlooked.

Each writer derives duties at an instant of its own. One whose clock is behind (another machine, a request begun before
the drill's clock was moved) would not see the facts that a writer ahead of it took, and would undo what they did. So
all derive at the database's clock or later, and whoever is ahead of that says so in `ledger_clock` before it commits.
"""

from datetime import datetime, timedelta

from bulou.kernel import clock
from bulou.ledger.engines import store

SKEW = timedelta(minutes=5)
"""How far clocks may differ: of a sender's device, or of two machines."""


def reach(wanted: datetime) -> datetime:
    """The instant to derive at: `wanted`, or where the ledger stands already. Called with the subjects' locks held."""
    ((stands,),) = store.rows("instant", "stands", real=is_real())
    if isinstance(stands, datetime) and wanted <= stands:
        return stands
    store.run("instant", "reach", at=wanted)
    return wanted


def passed(at: datetime) -> None:
    """A clock pass has brought everything to `at`."""
    store.run("instant", "passed", at=at)


def set_back(at: datetime) -> None:
    """The ledger is derived anew at an earlier instant."""
    store.run("instant", "set_back", at=at)


def is_real() -> bool:
    """True where time is the real one, which the database's clock can tell too."""
    return not clock.is_set()


def is_back(now: datetime, reached: datetime | None) -> bool:
    """True where the clock was set back behind what is derived. Real clocks differ a little and are not."""
    return reached is not None and now < reached - (SKEW if is_real() else timedelta())


def reached() -> datetime | None:
    """The latest instant anything was derived at ahead of the database's clock, or passed."""
    return next((instant for (instant,) in store.rows("instant", "reached")), None)
