"""Acts about rooms and the people in them. Each records a fact and sees to it that the fact did what it was meant to.

A fact from elsewhere may put two people into one room, and then both are shown; an act on a page may not. So an act
first records, then looks at what the facts now come to (`follower.py`), and takes everything back where that is not
what was asked for. Two acts about one room or one person queue at the ledger's locks; the second sees the first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID, uuid5

from django.db.models import Q

from bulou.custody.models import OPEN, Handover
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.ledger import locks
from bulou.no_miss.isolation import acts, refusals, site_state
from bulou.no_miss.isolation.models import Room, RoomState, Stay

KEPT_FOR = timedelta(hours=4)
"""How long a room is kept for somebody on the way, unless told otherwise: our choice, a long transport."""
Result = TypeVar("Result")


def admit(
    person: UUID, room: UUID, *, by: Account, days: int | None = None, grounds: str = "", id: UUID | None = None
) -> Stay:
    """A person goes into a free, disinfected room, which begins (or, from home, carries on) their isolation.

    Where they were being handed over to the account's unit, that is received and settled in the same act.

    `id` is the fact's: the same act sent twice is one. BulouError where the site is not open, the room is not to be had
    or is kept for somebody else, or the person has a room already.
    """

    def act() -> Stay:
        found = _room(room)
        if not site_state.is_open(found.unit_id, clock.now()):
            raise refusals.not_open(found)
        if found.reserved_for_id not in (None, person) and _is_kept(found):
            raise refusals.kept(found)
        data = {"kind": "central", "place": str(room)} | acts.given(days=days, grounds=grounds)
        fact = acts.fact("isolation.started", f"person:{person}", _area(person, found, by), data, by, id)
        locks.hold_few([fact.subject])
        with everywhere():
            elsewhere = Stay.objects.filter(person=person, kind="central", ended_at__isnull=True).exclude(id=fact.id)
            if elsewhere.exists():
                raise refusals.has_a_room()
        return _begin(fact, found, by, _received(fact, by))

    return acts.atomic(act)


def move(person: UUID, room: UUID, *, by: Account, reason: str = "", id: UUID | None = None) -> Stay:
    """A person goes from their room to another; the days of isolation go on. BulouError as for `admit`."""

    def act() -> Stay:
        found, stay = _room(room), _open_stay(person)
        if found.reserved_for_id not in (None, person) and _is_kept(found):
            raise refusals.kept(found)
        fact = acts.fact(
            "isolation.moved", f"person:{person}", stay.area, {"place": str(room)} | acts.given(reason=reason), by, id
        )
        return _begin(fact, found, by)

    return acts.atomic(act)


def clean(
    room: UUID, kind: Literal["routine", "terminal"], *, by: Account, agent: str = "", id: UUID | None = None
) -> Room:
    """A room was cleaned. Terminal cleaning makes an empty room fit for the next person; BulouError while one is in."""

    def act() -> Room:
        found = _room(room)
        if kind == "terminal" and found.state == RoomState.OCCUPIED:
            raise refusals.inhabited(found)
        data = {"kind": kind} | acts.given(agent=agent)
        acts.record(acts.fact("room.cleaned", f"place:{room}", found.area_id, data, by, id), by)
        return _room(room)

    return acts.atomic(act)


def take_out_of_use(room: UUID, reason: str, *, by: Account, id: UUID | None = None) -> Room:
    """Nobody may be put into the room any more; whoever is in it stays until moved."""

    def act() -> Room:
        found = _room(room)
        acts.record(acts.fact("room.broken", f"place:{room}", found.area_id, {"reason": reason}, by, id), by)
        return _room(room)

    return acts.atomic(act)


def put_back_into_use(room: UUID, *, by: Account, note: str = "", id: UUID | None = None) -> Room:
    """What was wrong with the room has been put right."""

    def act() -> Room:
        found = _room(room)
        acts.record(acts.fact("room.repaired", f"place:{room}", found.area_id, acts.given(note=note), by, id), by)
        return _room(room)

    return acts.atomic(act)


def reserve(room: UUID, person: UUID, *, by: Account, until: datetime | None = None) -> Room:
    """Keep a free room for somebody on the way, for `KEPT_FOR` or until an instant; what was kept for them is let go.

    BulouError where the room is not free, is kept for somebody else, or the person is no longer looked for.
    """

    def act() -> Room:
        now = clock.now()
        if not Person.objects.filter(id=person).exists():
            raise refusals.no_person()
        locks.hold_few([f"person:{person}"])
        wanted = Room.objects.filter(Q(place=room) | Q(reserved_for=person)).order_by("place")
        rooms = {one.pk: one for one in wanted.select_for_update(of=("self",))}
        found = rooms.pop(room, None)
        if found is None:
            raise refusals.no_room()
        if found.state != RoomState.FREE:
            raise refusals.not_to_be_had(found, _TROUBLES[found.state])
        if found.reserved_for_id not in (None, person) and _is_kept(found):
            raise refusals.kept(found)
        for other in rooms.values():
            _keep(other, None, None, None)
        _keep(found, person, until or now + KEPT_FOR, by.pk)
        return found

    return acts.atomic(act)


def let_go(room: UUID, *, by: Account) -> Room:
    """A room is no longer kept for anybody."""

    def act() -> Room:
        found = Room.objects.select_for_update(of=("self",)).filter(place=room).first()
        if found is None:
            raise refusals.no_room()
        _keep(found, None, None, None)
        return found

    return acts.atomic(act)


def ask_to_share(person: UUID, with_: UUID, reason: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Ask that a person may share the room of another: a child, or somebody in the other's care. Gives the request."""

    def act() -> UUID:
        stay = _open_stay(with_)
        data = {"with": f"person:{with_}", "reason": reason}
        fact = acts.fact("sharing.requested", f"person:{person}", stay.area, data, by, id)
        acts.record(fact, by)
        return UUID(fact.id)

    return acts.atomic(act)


def agree_to_share(person: UUID, request: UUID, *, by: Account, note: str = "", id: UUID | None = None) -> UUID:
    """Agree, on an account of one's own, to somebody's request. BulouError for the account that asked."""

    def act() -> UUID:
        asked = acts.recorded(request, f"person:{person}", "sharing.requested")
        if asked is None:
            raise refusals.no_request()
        area, account = asked
        if account is None or account == by.pk:
            raise refusals.two_people()
        data = {"request": str(request)} | acts.given(note=note)
        fact = acts.fact("sharing.approved", f"person:{person}", area, data, by, id)
        acts.record(fact, by)
        return UUID(fact.id)

    return acts.atomic(act)


_TROUBLES: Mapping[str, str] = {RoomState.OCCUPIED: "taken", RoomState.CLEANING: "unclean", RoomState.BROKEN: "broken"}


def _room(id: UUID) -> Room:
    found = Room.objects.filter(place=id).first()
    if found is None:
        raise refusals.no_room()
    return found


def _area(person: UUID, room: Room, by: Account) -> str:
    """Where the isolation is on the books: at the person's own address where the account answers for it, else here."""
    home = Person.objects.filter(id=person).values_list("area_id", flat=True).first()
    return home if home and contains(by.area, home) else room.area_id


def _open_stay(person: UUID) -> Stay:
    found = Stay.objects.filter(person=person, ended_at__isnull=True, kind="central").first()
    if found is None:
        raise refusals.no_stay()
    return found


def _received(fact: Fact, by: Account) -> list[Fact]:
    """The links of a handover to this unit that are still open: with the room, the person is received and settled."""
    person = UUID(fact.subject.removeprefix("person:"))
    with everywhere():
        handover = Handover.objects.filter(person=person, receiver=by.unit_id, stage__in=OPEN).first()
    if handover is None:
        return []
    done = {"requested": 1, "accepted": 2, "departed": 2, "received": 3}[handover.stage]
    links = ("handover.requested", "handover.accepted", "handover.received", "handover.settled")[done:]
    return [acts.fact(kind, fact.subject, fact.area, {}, by, uuid5(UUID(fact.id), kind)) for kind in links]


def _begin(fact: Fact, room: Room, by: Account, with_: Sequence[Fact] = ()) -> Stay:
    """The stay a fact begins, with its bed. BulouError where it begins none, or has not got the room.

    Nor may it have the room by being a moment earlier than somebody who was already told that it is theirs.
    """
    is_new = acts.record(fact, by, with_)
    stay = Stay.objects.filter(id=fact.id).first()
    if stay is None:
        raise refusals.has_a_room()
    if not is_new:
        return stay
    if stay.room_id is None:
        raise refusals.not_to_be_had(room, stay.trouble)
    others = Stay.objects.filter(claimed=room.pk, ended_at__isnull=True).exclude(id=stay.pk)
    if (stay.slot == 0 and others) or any(other.slot is None for other in others):
        raise refusals.not_to_be_had(room, "taken")
    return stay


def _is_kept(room: Room) -> bool:
    return room.reserved_until is not None and room.reserved_until > clock.now()


def _keep(room: Room, person: UUID | None, until: datetime | None, account: UUID | None) -> None:
    room.reserved_for_id, room.reserved_until, room.reserved_by = person, until, account
    room.save(update_fields=["reserved_for", "reserved_until", "reserved_by"])
