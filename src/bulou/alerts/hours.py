"""Quiet hours: when an ordinary alert waits. Pure."""

from datetime import datetime, time, timedelta


def held_until(now: datetime, quiet_from: time | None, quiet_to: time | None) -> datetime:
    """When something may come to somebody: now, or the end of the quiet hours it falls in. They may cross midnight.

    `now` is local and carries its zone; equal or missing ends are no quiet hours.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return now
    at = now.time()
    over_night = quiet_from > quiet_to
    quiet = at >= quiet_from or at < quiet_to if over_night else quiet_from <= at < quiet_to
    if not quiet:
        return now
    end = now.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=0, microsecond=0)
    return end if end > now else end + timedelta(days=1)
