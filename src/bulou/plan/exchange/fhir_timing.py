"""When a duty is due, as FHIR: a Duration for what is done once, a Timing for what recurs."""

from datetime import timedelta
from typing import Any

from bulou.plan.rules import Rule

_UCUM = "http://unitsofmeasure.org"
_UNITS = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("min", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)


def timing(rule: Rule) -> dict[str, Any]:
    """The timing element of a rule that stands on a day.

    Slots are times of day with one length where all have the same; `on` (days after the start) is said in words only.
    """
    terms = rule.variants[0]
    if terms.within is not None:
        return {"timingDuration": duration(terms.within)}
    if terms.period is not None:
        return {"timingTiming": period_timing(terms.period, terms.after)}
    starts = [_clock(slot.start) for slot in terms.slots]
    lengths = {slot.end - slot.start for slot in terms.slots}
    length = _length(lengths.pop()) if len(lengths) == 1 else {}
    daily = {"frequency": len(starts), "period": 1, "periodUnit": "d", "timeOfDay": starts}
    return {"timingTiming": {"repeat": {**_bounds(terms.after), **length, **daily}}}


def period_timing(period: timedelta, after: timedelta | None = None) -> dict[str, Any]:
    """Once every so long, perhaps for so long."""
    value, unit = _in_units(period)
    return {"repeat": {**_bounds(after), "frequency": 1, "period": value, "periodUnit": unit}}


def duration(length: timedelta) -> dict[str, Any]:
    value, unit = _in_units(length)
    return {"value": value, "unit": unit, "system": _UCUM, "code": unit}


def _bounds(after: timedelta | None) -> dict[str, Any]:
    return {} if after is None else {"boundsDuration": duration(after)}


def _length(length: timedelta) -> dict[str, Any]:
    value, unit = _in_units(length)
    return {"duration": value, "durationUnit": unit}


def _in_units(length: timedelta) -> tuple[float, str]:
    """A length in the largest unit it is a whole number of."""
    for unit, size in _UNITS:
        if not length % size:
            return length // size, unit
    return length.total_seconds(), "s"


def _clock(start: timedelta) -> str:
    minutes = start // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}:00"
