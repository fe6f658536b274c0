"""What a person's own page says: in whose hands, until when and why, what comes next, what was asked and answered.

Everything is read for one person, whose link was shown; nothing of anybody else's is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from bulou.custody import selectors as custody
from bulou.directory import selectors as directory
from bulou.directory.models import Person
from bulou.kernel.areas import contains
from bulou.kernel.text import Text
from bulou.ledger import limits as ledger_limits
from bulou.ledger import selectors as ledger
from bulou.ledger.limits import Readings
from bulou.ledger.selectors import DutyRow, FactRow
from bulou.no_miss.isolation import orders
from bulou.no_miss.isolation.models import Stay
from bulou.no_miss.isolation.orders import Appeal, Order
from bulou.operations.support import selectors as support
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import HelpNeed
from bulou.web import rows
from bulou.web.desk import in_force, plan_words
from bulou.web.rows import Owner

SCREEN = "resident"
FELT = frozenset(
    {
        "temperature.read",
        "medic.notified",
        "medic.assessed",
        "fever_clinic.visited",
        "visit.concluded",
        "specimen.collected",
        "release.assessed",
        "isolation.ordered",
        "isolation.started",
        "isolation.ended",
        "help.answered",
        "help.closed",
        "guidance.given",
        "followup.made",
        "handover.received",
        "handover.settled",
        "appeal.answered",
    }
)
"""Acts a person notices. What units owe each other about them is not for this page."""
STILL = timedelta(days=2)
"""How long something that was not done in time is still shown."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that somebody owes the person. `late`: it should have been done by now."""

    title: Text
    due_at: datetime
    late: bool
    owner: Owner | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """Temperatures of one day, ℃, the last of each half; a fever is told by `is_fever`."""

    day: date
    morning: float | None
    evening: float | None
    is_fever: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A need of the person's, who answers for it and by when; `late` while that has not happened in time."""

    need: HelpNeed
    owner: Owner | None
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What a plan in force asks of everybody: in words, with the number it sets, and the clause."""

    title: Text
    number: str
    clause: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """Everything the page shows. `area` is where what the person records is put on the books."""

    person: UUID
    name: str
    area: str
    synthetic: bool
    stay: Stay | None
    room: str
    order: Order | None
    day: int
    days: int
    holder: Owner | None
    receiver: Owner | None
    ahead: Sequence[Ahead]
    readings: Sequence[DayRow]
    needs: Sequence[Asked]
    appeals: Sequence[Appeal]
    advice: Sequence[Advice]
    expires_at: datetime
    is_over: bool
    """Kept longer than the grounds reach."""


def masked(name: str) -> str:
    """A name by its first character: enough to see that it is one's own page."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def read(person: UUID, page: UUID, now: datetime) -> OwnFile | None:
    """The page of a person; None where they are on file no more. A fixed number of queries, whatever there is."""
    found = Person.objects.filter(id=person).first()
    if found is None:
        return None
    stay = Stay.objects.select_related("room").filter(person=person, ended_at__isnull=True).first()
    record = orders.record_of(person)
    held, moved = custody.chain_of(person)
    holder = held[0].unit if held and held[0].managed else None
    way = moved[0].receiver if moved and moved[0].is_open else None
    duties = [row for row in ledger.duties_of(f"person:{person}") if _is_ahead(row, now)]
    needs = support.needs_of(f"person:{person}")
    near = directory.owner("village_committee", found.area_id)
    clocks = support.clocks(needs, now, {one.area: near for one in needs})
    owed = (*(row.owner for row in duties), *(one.owner for one in clocks.values()))
    units = rows.owners(id for id in (holder, way, *owed) if id)
    return OwnFile(
        person=person,
        name=masked(found.name),
        area=stay.area if stay else found.area_id,
        synthetic=found.synthetic,
        stay=stay,
        room=f"{stay.room.building}{stay.room.number}" if stay and stay.room else "",
        order=next((one for one in record.orders if one.state == "in_force"), None) if stay else None,
        day=_days(stay.begun_at, now) if stay else 0,
        days=_days(stay.begun_at, stay.planned_end) if stay else 0,
        holder=units.get(holder) if holder else None,
        receiver=units.get(way) if way else None,
        ahead=_ahead(duties, units),
        readings=day_rows(ledger.facts_of(f"person:{person}"), now - WEEK, ledger_limits.readings(found.area_id, now)),
        needs=[_asked(one, clocks[one.id], units) for one in needs],
        appeals=record.appeals,
        advice=advice(found.area_id, timezone.localdate(now)),
        expires_at=support.expiry(page),
        is_over=stay is not None and now >= stay.planned_end,
    )


def _asked(need: HelpNeed, clock: Clock, units: Mapping[UUID, Owner]) -> Asked:
    is_late = need.answered_at is None and clock.state == "missed"
    return Asked(need, units.get(clock.owner) if clock.owner else None, clock.due_at, is_late)


def _days(since: datetime, until: datetime) -> int:
    return (timezone.localdate(until) - timezone.localdate(since)).days


def _is_ahead(row: DutyRow, now: datetime) -> bool:
    """Owed to the person, in a way they will notice, and neither done nor long gone by."""
    is_late = row.state == "missed" and row.doable and row.due_at > now - STILL
    return row.must in FELT and (row.state == "open" or is_late)


def _ahead(duties: Iterable[DutyRow], units: Mapping[UUID, Owner]) -> list[Ahead]:
    found = {
        (row.title.zh, row.due_at): Ahead(
            row.title, row.due_at, row.state == "missed", units.get(row.owner) if row.owner else None
        )
        for row in duties
    }
    return sorted(found.values(), key=lambda one: one.due_at)


def day_rows(facts: Iterable[FactRow], since: datetime, limits: Readings) -> list[DayRow]:
    """Readings by day, the latest day first."""
    found: dict[date, dict[str, float]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == "temperature.read" and fact.effective and fact.at >= since:
            day = timezone.localdate(fact.at)
            found.setdefault(day, {})[limits.half(fact.at)] = float(fact.data["celsius"])
    return [
        DayRow(day, halves.get("morning"), halves.get("evening"), limits.is_fever(max(halves.values())))
        for day, halves in sorted(found.items(), reverse=True)
    ]


def advice(area: str, day: date) -> list[Advice]:
    """The clauses in force over an area that say they are shown here, but for those that are a form of the page."""
    found = []
    for one in in_force.over(area):
        if not contains(one.area, area):
            continue
        reader = plan_words.Reader(one.plan.scope, day)
        for clause in one.plan.clauses:
            if clause.register is None and any(show.screen == SCREEN for show in clause.shows):
                number = _number(reader.value(clause.target.value), clause.target.unit) if clause.target else ""
                found.append(Advice(clause.title, number, clause.clause))
    return found


def _number(value: Any, unit: str) -> str:
    return f"{value} {unit}"
