"""The calendar of daily rules: every slot as instants, so that no engine does time-zone arithmetic of its own."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bulou.kernel.periods import Slot, local_date
from bulou.ledger.engines import store

EPOCH = date(1970, 1, 1)
AHEAD = timedelta(days=150)
"""How far the calendar reaches beyond the clock: two segments of a rule with one slot a day, and some."""
MARGIN = timedelta(days=2)
HOUR = timedelta(hours=1)

_WANTED = """
SELECT v.id, r.zone, v.slot_starts, v.slot_ends, v.late, v.first_day, v.last_day
FROM rule_variant v JOIN rule r ON r.id = v.rule AND r.recurs = 'daily'
WHERE v.first_day IS NULL OR v.first_day > %s OR v.last_day < %s
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('rule_slot'))"
_NOTE = """
UPDATE rule_variant SET first_day = LEAST(first_day, %s), last_day = GREATEST(last_day, %s) WHERE id = ANY(%s::int[])
"""


def ensure(start: datetime, now: datetime) -> None:
    """Let the calendar of every daily variant reach from before `start` to well beyond `now`. Usually one query."""
    _ensure(*_reach(start.astimezone(UTC).date(), now))


def ensure_until(start: datetime, now: datetime) -> None:
    """Let it reach from before `start` to just after `now`: for a look at one instant, which no pass will follow."""
    _ensure(start.astimezone(UTC).date() - MARGIN, now.astimezone(UTC).date() + MARGIN, spare=timedelta())


def _ensure(first: date, last: date, spare: timedelta = AHEAD / 3) -> None:
    wanted = [first, last - spare]
    if store.query(_WANTED, wanted):
        store.query(_LOCK)
        _extend(first, last, store.query(_WANTED, wanted))


def make_ready(times: Iterable[datetime], now: datetime) -> None:
    """Partitions and calendar for facts of these times. One query where both are there."""
    days = {at.astimezone(UTC).date() for at in times}
    months = sorted({datetime(day.year, day.month, 1, tzinfo=UTC) for day in days})
    first, last = _reach(min(days), now)
    ((_, lacking),) = store.rows("intake", "ready", months=months, first_day=first, last_day=last - AHEAD / 3)
    if lacking:
        _ensure(first, last)


def _reach(start: date, now: datetime) -> tuple[date, date]:
    """The days a calendar needs for facts from a day on."""
    return start - MARGIN, now.astimezone(UTC).date() + AHEAD


def _extend(first: date, last: date, variants: list[store.Row]) -> None:
    slots: list[store.Row] = []
    hours: list[store.Row] = []
    for id, zone, starts, ends, late, known_first, known_last in variants:
        windows = [Slot(*pair) for pair in zip(starts, ends, strict=True)]
        for day in _missing(first, last, known_first, known_last):
            for row in _slots(windows, day, ZoneInfo(zone), late):
                slots.append((id, *row))
                hours.extend((id, hour, row[0], row[1], *row[3:]) for hour in _hours(row[3], row[5]))
    store.write("rule_slot", ("variant", "slot", "date", "day", "opens_at", "due_at", "reach_at"), slots)
    store.write("rule_hour", ("variant", "hour", "slot", "date", "opens_at", "due_at", "reach_at"), hours)
    store.execute("ANALYZE rule_slot, rule_hour")
    store.execute(_NOTE, [first, last, [row[0] for row in variants]])


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
