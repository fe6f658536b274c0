"""Durations and daily slots: ISO 8601 periods of fixed length, `HH:MM/HH:MM` windows of a local day."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_PERIOD = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_SLOT = re.compile(r"(?P<start>\d\d:\d\d)/(?P<end>\d\d:\d\d)")


def parse_period(text: str) -> timedelta:
    """`PT2H`, `P14D`, `P1DT12H` as a timedelta. Months and years have no fixed length and are refused."""
    match = _PERIOD.fullmatch(text)
    parts = {unit: int(value) for unit, value in match.groupdict().items() if value} if match else {}
    if not parts:
        raise ValueError(f"{text!r} is not a period of weeks, days, hours, minutes or seconds such as PT2H or P14D")
    try:
        return timedelta(**parts)
    except OverflowError:
        raise ValueError(f"{text!r} is longer than time is counted") from None


class Slot(NamedTuple):
    """A window of a local day. `start` from midnight; `end` from the same midnight, beyond 24 h where it crosses."""

    start: timedelta
    end: timedelta

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The window's opening and closing instants (UTC) on a local date."""
        return _instant(day, self.start, zone), _instant(day, self.end, zone)


def parse_slot(text: str) -> Slot:
    """`06:00/12:00`; an end at or before the start lies on the next day; `24:00` is the day's end."""
    match = _SLOT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a slot such as 06:00/12:00")
    start, end = (_from_midnight(match[part]) for part in ("start", "end"))
    if start >= timedelta(days=1):
        raise ValueError(f"{text!r} opens at the end of its day: write 00:00 of the next")
    return Slot(start, end if end > start else end + timedelta(days=1))


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


@cache
def occurs(day: date, zone: ZoneInfo) -> bool:
    """False for a date that a zone left out when it moved across the date line, such as 2011-12-30 in Samoa."""
    return local_date(_instant(day, timedelta(hours=12), zone), zone) == day


def _from_midnight(text: str) -> timedelta:
    hours, minutes = map(int, text.split(":"))
    span = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or span > timedelta(days=1):
        raise ValueError(f"{text!r} is not a time of day")
    return span


def _instant(day: date, span: timedelta, zone: ZoneInfo) -> datetime:
    day, span = day + timedelta(days=span // timedelta(days=1)), span % timedelta(days=1)
    wall = datetime.combine(day, time(), zone) + span
    return wall.astimezone(UTC)
