"""Who is isolated where, as a pure function of facts: claims of one person, then who has the beds of one room.

1. A person's facts give their claims: half-open times in one place each, at most one of them open.
2. A room's claims, cleanings and breakdowns, in order of time, give who has a bed in it, and what the room is now.
A claim that cannot have the room stands beside it and says why: facts are never refused for what they reveal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bulou.kernel.clock import SHANGHAI

DAYS = 14
"""Length of an isolation whose order does not say: 桂新冠防指〔2020〕9号 二(一)."""
BEDS = 4
"""Beds at most in one room: one of its own, and three for those who may share."""

ORDERED, STARTED, MOVED, ENDED = "isolation.ordered", "isolation.started", "isolation.moved", "isolation.ended"
EXTENDED, SHORTENED = "isolation.extended", "isolation.shortened"
ASKED, AGREED = "sharing.requested", "sharing.approved"
CLEANED, BROKEN, REPAIRED = "room.cleaned", "room.broken", "room.repaired"
OF_PERSON = (ORDERED, STARTED, MOVED, ENDED, EXTENDED, SHORTENED, ASKED, AGREED)
OF_ROOM = (CLEANED, BROKEN, REPAIRED)

Trouble = Literal["", "no_room", "taken", "unclean", "broken", "full"]
State = Literal["free", "occupied", "cleaning", "broken"]
Approvals = tuple[tuple[str, str, datetime], ...]
"""Approvals to share that count for a person: their id, with whom, from when."""


class Happened(NamedTuple):
    """A fact that counts, as much of it as matters here. `account`: who recorded it, where somebody signed in did."""

    id: str
    kind: str
    at: datetime
    area: str = ""
    data: Any = MappingProxyType({})
    account: str | None = None


class Claim(NamedTuple):
    """A person's time in one place, from the fact `id` that put them there. `isolation` goes on across rooms."""

    id: str
    person: str
    kind: str
    area: str
    place: str | None
    isolation: str
    begun: datetime
    started: datetime
    ended: datetime | None
    planned_end: datetime
    planned_at: datetime
    """When what sets the end happened: the last order, lengthening or shortening, else the start."""
    sharing: Approvals = ()

    @property
    def is_open(self) -> bool:
        return self.ended is None


@dataclass(frozen=True, slots=True)
class Sharing:
    """A request that a person may share the room of another (`host`), and the approval that counts, if there is one."""

    id: str
    host: str
    reason: str
    area: str
    account: str | None
    asked: datetime
    approval: str | None = None
    approved: datetime | None = None


class Seat(NamedTuple):
    """What a claim has of its room: a bed, by an approval where it is not the room's own; or none, and why."""

    slot: int | None
    trouble: Trouble = ""
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Occupied:
    """A room as its claims and facts leave it: who has which bed, its state, and since when."""

    seats: dict[str, Seat]
    state: State
    since: datetime | None


def claims_of(person: str, facts: Iterable[Happened]) -> list[Claim]:
    """The claims of a person, in order of time. An end ends what began strictly before it, as the plans have it."""
    events = sorted(facts, key=lambda fact: (fact.at, fact.kind != ENDED, fact.id))
    found: list[Claim] = []
    for fact in events:
        last = found[-1] if found and found[-1].is_open else None
        if fact.kind == ENDED and last and fact.at > last.started:
            found[-1] = last._replace(ended=fact.at)
        elif fact.kind == STARTED and last is None:
            found.append(_begun(person, fact))
        elif fact.kind in (STARTED, MOVED) and last and _is_elsewhere(fact, last):
            found[-1:] = [last._replace(ended=fact.at)] if fact.at > last.started else []
            found.append(_moved(fact, last))
    approvals = _approvals(events)
    return [_planned(claim, found, events, approvals) for claim in found]


def seats_of(claims: Sequence[Claim], facts: Iterable[Happened]) -> Occupied:
    """Who has the beds of one room, in order of time, and what the room is after all of it."""
    room = _Room()
    for at, _rank, _id, event in sorted(_events(claims, facts), key=lambda event: event[:3]):
        room.take(at, event)
    return room.now()


def _is_elsewhere(fact: Happened, last: Claim) -> bool:
    place, kind = _place(fact), fact.data.get("kind") or last.kind
    return (place is not None and place != last.place) or kind != last.kind


def _place(fact: Happened) -> str | None:
    """The id in `place:0197…`; a bare id as it is."""
    given = fact.data.get("place")
    return str(given).removeprefix("place:") if given else None


def _begun(person: str, fact: Happened) -> Claim:
    kind = str(fact.data.get("kind") or "central")
    return Claim(fact.id, person, kind, fact.area, _place(fact), fact.id, fact.at, fact.at, None, fact.at, fact.at)


def _moved(fact: Happened, last: Claim) -> Claim:
    kind = str(fact.data.get("kind") or ("central" if fact.kind == MOVED else last.kind))
    return last._replace(id=fact.id, kind=kind, area=fact.area, place=_place(fact), started=fact.at, ended=None)


def _planned(claim: Claim, claims: Sequence[Claim], events: Sequence[Happened], approvals: Approvals) -> Claim:
    """Until when the grounds of a claim's isolation reach: order or start, and what was added and taken off since."""
    earlier = [c.ended for c in claims if c.ended and c.isolation != claim.isolation and c.ended <= claim.begun]
    before = max(earlier, default=None)
    mine = [c for c in claims if c.isolation == claim.isolation]
    until = mine[-1].ended
    near = [e for e in events if (before is None or e.at >= before) and (until is None or e.at <= until)]
    start = next(event for event in events if event.id == claim.isolation)
    order = next((event for event in reversed(near) if event.kind == ORDERED), None)
    since = order.at if order else claim.begun
    days = int((order and order.data.get("days")) or start.data.get("days") or DAYS)
    changes = [event for event in near if event.kind in (EXTENDED, SHORTENED) and event.at >= since]
    days += sum(int(e.data["days"]) * (1 if e.kind == EXTENDED else -1) for e in changes)
    ends = max(_counted_from(order, claim.begun) + timedelta(days=days), claim.begun)
    said = max([claim.begun, since, *(event.at for event in changes)])
    return claim._replace(planned_end=ends, planned_at=said, sharing=approvals)


def _counted_from(order: Happened | None, begun: datetime) -> datetime:
    """The instant days are counted from: the start, or the day an order names, at the hour of the start."""
    given = order.data.get("counted_from") if order else None
    if not given:
        return begun
    local = begun.astimezone(SHANGHAI)
    day = datetime.fromisoformat(str(given)).date()
    return datetime.combine(day, time(local.hour, local.minute, local.second), SHANGHAI).astimezone(begun.tzinfo)


def sharings_of(facts: Iterable[Happened]) -> list[Sharing]:
    """A person's requests to share, each with the first approval that another account than the asking one gave."""
    found: dict[str, Sharing] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == ASKED:
            host = str(fact.data["with"]).removeprefix("person:")
            found[fact.id] = Sharing(fact.id, host, str(fact.data["reason"]), fact.area, fact.account, fact.at)
        request = found.get(str(fact.data.get("request"))) if fact.kind == AGREED else None
        if request and request.approval is None and request.account and fact.account not in (None, request.account):
            found[request.id] = replace(request, approval=fact.id, approved=fact.at)
    return list(found.values())


def _approvals(events: Iterable[Happened]) -> Approvals:
    return tuple((one.approval, one.host, one.approved) for one in sharings_of(events) if one.approval and one.approved)


Event = tuple[datetime, int, str, Any]


def _events(claims: Iterable[Claim], facts: Iterable[Happened]) -> Iterable[Event]:
    """What happens to a room. At one instant: out, then clean and whole, then in."""
    for claim in claims:
        yield claim.started, 2, claim.id, claim
        if claim.ended is not None:
            yield claim.ended, 0, claim.id, claim.id
    for fact in facts:
        yield fact.at, 1, fact.id, fact


class _Room:
    """A room while its events go by."""

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self.inside: dict[str, Claim] = {}
        self.is_dirty = self.is_broken = False
        self.changes: list[tuple[State, datetime]] = []

    def take(self, at: datetime, event: Any) -> None:
        if isinstance(event, Claim):
            self.seats[event.id] = self._seat(event)
            self.inside[event.id] = event
        elif isinstance(event, str):
            self.inside.pop(event, None)
            self.is_dirty = True
        elif event.kind == CLEANED:
            self.is_dirty = self.is_dirty and (event.data.get("kind") != "terminal" or bool(self.inside))
        else:
            self.is_broken = event.kind == BROKEN
        state = self._state()
        if not self.changes or self.changes[-1][0] != state:
            self.changes.append((state, at))

    def now(self) -> Occupied:
        if not self.changes:
            return Occupied(self.seats, "free", None)
        return Occupied(self.seats, *self.changes[-1])

    def _seat(self, claim: Claim) -> Seat:
        if self.is_broken:
            return Seat(None, "broken")
        if self.is_dirty:
            return Seat(None, "unclean")
        if not self.inside:
            return Seat(0)
        taken = {claim.person: self.seats[id].slot for id, claim in self.inside.items()}
        seated = {person for person, slot in taken.items() if slot is not None}
        used = {seat.approval for seat in self.seats.values()}
        fits = (id for id, other, at in claim.sharing if other in seated and at <= claim.started and id not in used)
        approval = next(fits, None)
        slot = next((n for n in range(1, BEDS) if n not in taken.values()), None)
        if approval is None:
            return Seat(None, "taken")
        return Seat(slot, "", approval) if slot is not None else Seat(None, "full")

    def _state(self) -> State:
        if self.inside:
            return "occupied"
        if self.is_broken:
            return "broken"
        return "cleaning" if self.is_dirty else "free"
