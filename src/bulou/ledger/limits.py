"""Numbers of the plans in force that pages need without a duty: from what temperature on, until what hour."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from bulou.kernel.areas import contains
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date
from bulou.ledger import shelf
from bulou.ledger.engines import store
from bulou.plan.parameters import NotInForceError

FEVER, SLOTS = 37.3, ("06:00/12:00", "16:00/22:00")
"""Where no plan in force says: the threshold every plan on the shelf has, and the usual two windows."""


class Readings(NamedTuple):
    """From how many ℃ a reading is abnormal, and until when a reading is the morning's."""

    fever: float
    morning_ends: time

    def is_fever(self, celsius: float) -> bool:
        return celsius >= self.fever

    def half(self, at: datetime) -> str:
        """`morning` or `evening`."""
        return "morning" if at.astimezone(SHANGHAI).time() < self.morning_ends else "evening"


def readings(area: str, now: datetime) -> Readings:
    """The limits of readings over an area, of the most specific plan that sets them. One query."""
    day = local_date(now, SHANGHAI)
    known = in_force(("fever_threshold", "temperature_slots"), area, day)
    return Readings(float(known.get("fever_threshold", FEVER)), between(known.get("temperature_slots", SLOTS)))


def in_force(names: tuple[str, ...], area: str, day: date) -> dict[str, Any]:
    """Parameter to value, of the plans in force over an area, the most specific first; absent where none sets it."""
    adopted = store.query("SELECT plan, area FROM adoption ORDER BY length(area) DESC, area DESC, plan")
    found: dict[str, Any] = {}
    for plan, where in adopted:
        scope = known.scope if contains(where, area) and (known := shelf.plan(plan)) else {}
        for name in names:
            if name in scope and name not in found:
                try:
                    found[name] = scope[name].at(day)
                except NotInForceError:
                    continue
    return found


def between(slots: Sequence[str] | str) -> time:
    """The middle between the first window of a day and the last; of a single window, its own middle."""
    each = [slots] if isinstance(slots, str) else list(slots)
    ends = [part for slot in each for part in slot.split("/")]
    first, last = (_minutes(ends[0]), _minutes(ends[-1])) if len(each) == 1 else (_minutes(ends[1]), _minutes(ends[-2]))
    return time(*divmod((first + last) // 2, 60))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
