"""The business clock: the real one, or one set for a drill, local to the context."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(1900, 2200)
"""The years in which anything may happen: time zones and periods are worked out within them."""
_set_to: ContextVar[datetime | None] = ContextVar("bulou_clock", default=None)


def now() -> datetime:
    """The instant by the business clock, with a zone. Take it once per decision."""
    return _set_to.get() or datetime.now(UTC)


def is_set() -> bool:
    """True while the clock is not the real one."""
    return _set_to.get() is not None


@contextmanager
def at(instant: datetime | None) -> Iterator[None]:
    """Within the block the clock stands at `instant`; None means the real clock."""
    if instant is not None and instant.tzinfo is None:
        raise ValueError("the clock needs an instant with a time zone")
    token = _set_to.set(instant)
    try:
        yield
    finally:
        _set_to.reset(token)
