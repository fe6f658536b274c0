"""Who holds whom now, and what is on its way, as screens show it: nobody from outside the session's scope."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.custody.models import OPEN, Custody, Handover


@dataclass(frozen=True, slots=True)
class Held:
    """In whose hands a person is, since when, and by which fact. No unit: nobody answers where they are."""

    person: UUID
    unit: UUID | None
    since: datetime
    fact: UUID
    managed: bool = True


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One handover. `stage_at`: since when it stands at its stage; the other times are those of its links."""

    id: UUID
    person: UUID
    sender: UUID
    receiver: UUID
    carrier: UUID | None
    stage: str
    stage_at: datetime
    requested_at: datetime
    accepted_at: datetime | None
    departed_at: datetime | None
    received_at: datetime | None
    settled_at: datetime | None
    vehicle: str
    crew: str
    reason: str
    trip: UUID | None
    area: str

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


@dataclass(frozen=True, slots=True)
class Counted:
    """How many handovers are open, and how many of them wait too long."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What is open: by stage, and by the units that send and receive most, the most overdue first."""

    stages: Mapping[str, Counted]
    senders: Sequence[tuple[UUID, Counted]]
    receivers: Sequence[tuple[UUID, Counted]]

    @property
    def total(self) -> Counted:
        each = self.stages.values()
        return Counted(sum(one.open for one in each), sum(one.overdue for one in each))


_COLUMNS = tuple(field.name for field in fields(HandoverRow))
_NAMES = ", ".join(f"h.{name}" for name in _COLUMNS)
MOST, LONGEST = 8, 500
"""Units of each side in a tally; handovers of one unit at a time."""


def holders(people: Iterable[UUID]) -> dict[UUID, Held]:
    """Who holds each of these people; absent: who is in nobody's hands, or out of scope. One query."""
    rows = Custody.objects.filter(person__in=set(people)).order_by("person", "-since").distinct("person")
    return {row.person_id: _held(row) for row in rows if row.managed}


def held_by(unit: UUID, *, limit: int) -> list[UUID]:
    """People a unit holds now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.person FROM custody c WHERE c.unit = %s"
            " AND NOT EXISTS (SELECT FROM custody x WHERE x.person = c.person AND x.since > c.since) LIMIT %s",
            [unit, limit],
        )
        return [person for (person,) in cursor.fetchall()]


def chain_of(person: UUID) -> tuple[list[Held], list[HandoverRow]]:
    """Whose hands a person was in from when, and every handover, the latest first. Two queries."""
    held = [_held(row) for row in Custody.objects.filter(person=person).order_by("-since")]
    return held, _rows("WHERE h.person = %(person)s ORDER BY h.requested_at DESC, h.id DESC", {"person": person})


def open_of_unit(unit: UUID, *, carries_in: str | None = None) -> list[HandoverRow]:
    """The open handovers a unit sends, receives or carries, the longest waiting first. One query.

    `carries_in`: an area whose agreed and running transports the unit drives too, being its transport team.
    """
    return _rows(
        f"WHERE h.id IN ({_OF_UNIT}) ORDER BY h.stage_at, h.id LIMIT {LONGEST}", {"unit": unit, "area": carries_in}
    )


def of_trip(trip: UUID) -> list[HandoverRow]:
    """Everybody of a trip in scope, whatever came of it, in the order they were asked for. One query."""
    return _rows("WHERE h.trip = %(trip)s ORDER BY h.requested_at, h.id", {"trip": trip})


def under_way(people: Iterable[UUID]) -> dict[UUID, UUID]:
    """To which unit each of these people is being handed over now; absent: nowhere. One query."""
    found = Handover.objects.filter(person__in=set(people), stage__in=OPEN[:3])
    return dict(found.values_list("person_id", "receiver_id"))


_STAGES = ", ".join(f"'{name}'" for name in OPEN)
_OF_UNIT = f"""
SELECT x.id FROM handover x WHERE x.sender = %(unit)s AND x.stage IN ({_STAGES})
UNION SELECT x.id FROM handover x WHERE x.receiver = %(unit)s AND x.stage IN ({_STAGES})
UNION SELECT x.id FROM handover x WHERE x.carrier = %(unit)s AND x.stage IN ({_STAGES})
UNION SELECT x.id FROM handover x
    WHERE %(area)s::text IS NOT NULL AND x.stage = 'accepted' AND starts_with(x.area, %(area)s::text)"""


def on_the_way(
    clocks: Mapping[str, timedelta],
    now: datetime,
    *,
    stage: str = "",
    unit: UUID | None = None,
    overdue: bool = False,
    after: str = "",
    limit: int,
) -> list[tuple[HandoverRow, datetime]]:
    """Open handovers with the instant their next link is due, the most overdue first. One query, along one index.

    `after`: the key (`key_of`) of the last row of the page before.
    """
    since, last = _cursor(after)
    parts = [_BRANCH.format(stage=name) for name in OPEN if stage in ("", name)]
    keys = f"SELECT * FROM ({' UNION ALL '.join(parts)}) k ORDER BY due, id LIMIT %(limit)s"
    statement = f"SELECT {_NAMES}, k.due FROM ({keys}) k JOIN handover h ON h.id = k.id ORDER BY k.due, k.id"
    values: dict[str, Any] = {"unit": unit, "now": now, "overdue": overdue, "since": since, "last": last}
    values |= {"limit": limit, **{name: clocks[name] for name in OPEN}}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(HandoverRow(*row[:-1]), row[-1]) for row in cursor.fetchall()]


_BRANCH = """
(SELECT h.id, h.stage_at + %({stage})s::interval AS due FROM handover h
WHERE h.stage = '{stage}' AND (h.stage_at, h.id) > (%(since)s::timestamptz - %({stage})s::interval, %(last)s::uuid)
    AND (NOT %(overdue)s OR h.stage_at < %(now)s::timestamptz - %({stage})s::interval)
    AND (%(unit)s::uuid IS NULL OR h.sender = %(unit)s::uuid OR h.receiver = %(unit)s::uuid)
ORDER BY h.stage_at, h.id LIMIT %(limit)s)"""


def key_of(row: HandoverRow, due: datetime) -> str:
    """Where a row stands in the order of `on_the_way`."""
    return f"{due.isoformat()}.{row.id}"


def tally(clocks: Mapping[str, timedelta], now: datetime) -> Tally:
    """What is open, counted. One query."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"now": now} | {name: clocks[name] for name in OPEN}
        cursor.execute(_TALLY, values)
        rows = cursor.fetchall()
    stages = {stage: Counted(n, late) for stage, _, _, n, late in rows if stage}
    senders = [(unit, Counted(n, late)) for _, unit, _, n, late in rows if unit]
    receivers = [(unit, Counted(n, late)) for _, _, unit, n, late in rows if unit]
    return Tally({name: stages.get(name, Counted(0, 0)) for name in OPEN}, _most(senders), _most(receivers))


_LIMITS = ", ".join(f"('{name}', %(now)s::timestamptz - %({name})s::interval)" for name in OPEN)
_TALLY = f"""
WITH each AS MATERIALIZED (
    SELECT h.stage, h.sender, h.receiver, count(*) AS n, count(*) FILTER (WHERE h.stage_at < l.late) AS late
    FROM (VALUES {_LIMITS}) l (stage, late) JOIN handover h ON h.stage = l.stage
    WHERE h.stage IN ({_STAGES})
    GROUP BY h.stage, h.sender, h.receiver
)
SELECT stage, sender, receiver, sum(n)::int, sum(late)::int FROM each
GROUP BY GROUPING SETS ((stage), (sender), (receiver))
"""


def _most(found: Sequence[tuple[UUID, Counted]]) -> list[tuple[UUID, Counted]]:
    return sorted(found, key=lambda one: (-one[1].overdue, -one[1].open, str(one[0])))[:MOST]


def _cursor(after: str) -> tuple[str, str]:
    due, separator, id = after.rpartition(".")
    try:
        return (datetime.fromisoformat(due).isoformat(), str(UUID(id))) if separator else _START
    except ValueError:
        return _START


_START = ("2000-01-01T00:00:00+00:00", "00000000-0000-0000-0000-000000000000")


def _rows(condition: str, values: Mapping[str, Any]) -> list[HandoverRow]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NAMES} FROM handover h {condition}", values)
        return [HandoverRow(*row) for row in cursor.fetchall()]


def _held(row: Custody) -> Held:
    return Held(row.person_id, row.unit_id, row.since, row.fact, row.managed)
