"""Numbers of rooms and beds as people write them: `301-320, 401`."""

import re
from collections.abc import Sequence

MOST = 400
"""Rooms or beds put on the books at once."""
_RANGE = re.compile(r"(\D*)(\d{1,5})(?:\s*[-–~至]\s*\1?(\d{1,5}))?")
_FLOOR = re.compile(r"-?\d{1,3}")


def parts(text: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in re.split(r"[,，、;；]", text) if part.strip()]


def numbers(parts: Sequence[str]) -> list[str] | None:
    """Every number named, ranges written out; None where a part is not so written."""
    ranges = [_RANGE.fullmatch(part) for part in parts]
    if not all(ranges):
        return None
    return [f"{m[1]}{n:0{len(m[2])}}" for m in ranges if m for n in range(int(m[2]), int(m[3] or m[2]) + 1)]


def is_floor(text: str) -> bool:
    """True for a floor as it is counted, below the ground with a minus."""
    return _FLOOR.fullmatch(text) is not None
