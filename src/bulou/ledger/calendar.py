"""The calendar of daily rules: every slot as instants, so that no engine does time-zone arithmetic of its own.

A rule's calendar begins with the first fact of the kind that opens it, within the dates its terms are valid: one fact
with a wrong year must not cost decades of slots for everybody.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bulou.kernel.facts import Fact
from bulou.kernel.periods import Slot, local_date, occurs
from bulou.ledger import sql
from bulou.ledger.engines import store

EPOCH = date(1970, 1, 1)
AHEAD = timedelta(days=150)
"""How far the calendar reaches beyond the clock: two segments of a rule with one slot a day, and some."""
MARGIN = timedelta(days=2)
HOUR = timedelta(hours=1)
ANY = ""
"""The key of starts that hold for every kind of fact."""

Starts = Mapping[str, datetime]
"""The earliest instant of facts, by their kind."""


def ensure(starts: Starts, now: datetime) -> None:
    """Let the calendars reach from before the facts that open duties to well beyond `now`. Usually one query."""
    _ensure(starts, now, AHEAD, spare=AHEAD / 3)


def ensure_until(starts: Starts, now: datetime) -> None:
    """Let them reach to just after `now`: for a look at one instant, which no pass will follow."""
    _ensure(starts, now, MARGIN, spare=timedelta())


def make_ready(times: Iterable[datetime], now: datetime, starts: Starts | None = None) -> None:
    """Partitions for facts of these times, and calendars from `starts` on (None: all of them from the first time on).

    One query where both are there.
    """
    days = {at.astimezone(UTC).date() for at in times}
    months = sorted({datetime(day.year, day.month, 1, tzinfo=UTC) for day in days})
    starts = starts or {ANY: datetime.combine(min(days), datetime.min.time(), UTC)}
    ((_, lacking),) = store.rows("calendar", "ready", months=months, **needs(starts, now))
    if lacking:
        ensure(starts, now)


def starts_of(facts: Iterable[Fact]) -> dict[str, datetime]:
    """The earliest instant of some facts, by their kind."""
    found: dict[str, datetime] = {}
    for fact in facts:
        if fact.kind not in found or fact.at < found[fact.kind]:
            found[fact.kind] = fact.at
    return found


def needs(starts: Starts, now: datetime) -> dict[str, Any]:
    """What the calendars must reach for facts from `starts` on, as parameters of `lacking`."""
    return _needs(starts, _day(now) + AHEAD - AHEAD / 3)


def known_starts() -> dict[str, datetime]:
    """The earliest instant of the stored facts that open duties, by their kind. Reads all facts."""
    return dict(store.rows("calendar", "starts"))


def staged_starts() -> dict[str, datetime]:
    """The earliest instant of the staged facts, by their kind."""
    return dict(store.query("SELECT kind, min(at) FROM w_stage GROUP BY kind"))


def _ensure(starts: Starts, now: datetime, ahead: timedelta, spare: timedelta) -> None:
    last = _day(now) + ahead
    needs = _needs(starts, last - spare)
    if store.rows("calendar", "wanted", **needs):
        store.query(sql.block("calendar", "alone"))
        _extend(_day(now) - MARGIN, last, store.rows("calendar", "wanted", **needs))


def _needs(starts: Starts, last: date) -> dict[str, Any]:
    """The days a calendar needs, as parameters of the queries."""
    return {"kinds": list(starts), "firsts": [_day(at) - MARGIN for at in starts.values()], "last": last}


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _extend(usual: date, last: date, variants: list[store.Row]) -> None:
    slots: list[store.Row] = []
    hours: list[store.Row] = []
    noted: list[date] = []
    for id, zone, starts, ends, late, known_first, known_last, need in variants:
        windows = [Slot(*pair) for pair in zip(starts, ends, strict=True)]
        first = min(day for day in (known_first or usual, need) if day)
        noted.append(first)
        here = ZoneInfo(zone)
        for day in _missing(first, last, known_first, known_last):
            for row in _slots(windows, day, here, late) if occurs(day, here) else ():
                slots.append((id, *row))
                hours.extend((id, hour, row[0], row[1], *row[3:]) for hour in _hours(row[3], row[5]))
    store.write("rule_slot", ("variant", "slot", "date", "day", "opens_at", "due_at", "reach_at"), slots)
    store.write("rule_hour", ("variant", "hour", "slot", "date", "opens_at", "due_at", "reach_at"), hours)
    store.execute("ANALYZE rule_slot, rule_hour")
    store.run("calendar", "note", ids=[row[0] for row in variants], firsts=noted, last=last)


def _missing(first: date, last: date, known_first: date | None, known_last: date | None) -> Iterator[date]:
    """The days of [first, last] outside [known_first, known_last], leaving no gap between the two."""
    if known_first is None or known_last is None:
        yield from _days(first, last)
        return
    yield from _days(first, known_first - timedelta(days=1))
    yield from _days(known_last + timedelta(days=1), last)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _slots(windows: list[Slot], day: date, zone: ZoneInfo, late: timedelta) -> Iterator[store.Row]:
    """(number, date, day counted on, opens, due, reach) of each slot of a local date, numbered as they open.

    On the day an hour is skipped, that need not be the order of their clock times.
    """
    for index, (opens, due) in enumerate(sorted(window.on(day, zone) for window in windows)):
        counted = local_date(due - timedelta(microseconds=1), zone)
        yield (day - EPOCH).days * len(windows) + index, day, counted, opens, due, due + late


def _hours(opens: datetime, reach: datetime) -> Iterator[datetime]:
    hour = opens.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour <= reach:
        yield hour
        hour += HOUR
