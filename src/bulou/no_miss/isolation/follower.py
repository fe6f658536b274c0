"""Keeps rooms and stays as the facts have them, in the transaction that stores the facts (`ledger/following.py`).

1. Whose facts moved, and the rooms they were or are in. 2. Those rooms' rows are locked, in order of their ids, so that
two batches about one room queue. 3. The claims of everybody in them are derived again (`occupancy.py`). 4. What differs
is written: gone and changed rows leave before new ones come, so that two people may change places in one batch.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.kernel.copying import array
from bulou.kernel.ids import id_of, uuid_text
from bulou.ledger.engines import store
from bulou.no_miss.isolation.models import Room, Sharing, Stay
from bulou.no_miss.isolation.occupancy import (
    OF_PERSON,
    OF_ROOM,
    Claim,
    Happened,
    Occupied,
    Seat,
    claims_of,
    seats_of,
    sharings_of,
)

KINDS = (*OF_PERSON, *OF_ROOM)
_TYPES = {
    "id": "uuid",
    "person": "uuid",
    "area": "text",
    "unit": "uuid",
    "kind": "text",
    "isolation": "uuid",
    "begun_at": "timestamptz",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "planned_end": "timestamptz",
    "planned_at": "timestamptz",
    "claimed": "uuid",
    "room": "uuid",
    "slot": "smallint",
    "approval": "uuid",
    "trouble": "text",
}
"""The columns of a stay, for arrays of any length: a statement takes no more than 65,535 single values."""
Row = tuple[Any, ...]
"""A stay as its table has it, in the order of its columns, ids as text: by the thousand, no model is made of them."""
_ID, _WHO = 0, 1
_ROW = ", ".join(f"{name}::text" if kind == "uuid" else name for name, kind in _TYPES.items())

_FACTS = """
SELECT f.subject, f.id::text, f.kind, f.at, f.area, f.data, f.account::text FROM fact f
WHERE {subjects} AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
_STAYS = f"SELECT {_ROW} FROM stay WHERE person = ANY(%s::uuid[]) OR claimed = ANY(%s::uuid[])"
_CLAIMED = "SELECT DISTINCT claimed FROM stay WHERE person = ANY(%s::uuid[]) AND claimed IS NOT NULL"
_PLACES = "SELECT id::text, area, unit::text FROM place WHERE id = ANY(%s::uuid[])"
_GONE = "DELETE FROM stay WHERE id = ANY(%s::uuid[])"
_NEW = f"""
INSERT INTO stay ({", ".join(_TYPES)})
SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _TYPES.values())})
"""
_ROOMS = "SELECT * FROM room WHERE place = ANY(%s::uuid[]) OR reserved_for = ANY(%s::uuid[])"
_MARK = """
UPDATE room SET state = w.state, since = w.since, reserved_for = w.kept,
    reserved_until = CASE WHEN w.kept IS NOT NULL THEN reserved_until END
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::uuid[]) w (place, state, since, kept)
WHERE room.place = w.place
"""
_LOCK = """
SELECT place FROM room WHERE place = ANY(%(places)s::uuid[]) OR reserved_for = ANY(%(people)s::uuid[])
ORDER BY place FOR UPDATE
"""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring rooms and stays up to date for subjects whose facts moved; None: derive everything anew."""
    if subjects is None:
        Stay.objects.all().delete()
        Sharing.objects.all().delete()
        people = {subject for subject in _facts(None, now) if subject.startswith("person:")}
        subjects = people | {f"place:{id}" for id in Room.objects.values_list("place_id", flat=True)}
    people = {subject.removeprefix("person:") for subject in subjects if subject.startswith("person:")}
    facts = _facts([f"person:{id}" for id in people], now) if people else {}
    _share(people, facts)
    touched = {subject.removeprefix("place:") for subject in subjects if subject.startswith("place:")}
    claims = _claims(facts)
    touched |= {str(id) for (id,) in store.query(_CLAIMED, [list(people)])}
    touched |= {claim.place for claim in claims if claim.place}
    rooms = {str(id) for (id,) in store.query(_LOCK, {"places": list(touched), "people": list(people)})}
    _settle(people, claims, rooms, now)


def _settle(people: set[str], claims: list[Claim], rooms: set[str], now: datetime) -> None:
    """Write what the claims of these people, and of everybody else in these rooms, come to."""
    before = {row[_ID]: row for row in store.query(_STAYS, [array(people), array(rooms)])}
    others = {row[_WHO] for row in before.values()} - people
    theirs = _facts([f"person:{id}" for id in others], now) if others else {}
    claims = claims + [claim for claim in _claims(theirs) if claim.place in rooms]
    occupied = _occupied(claims, rooms, now)
    seats = {id: seat for room in occupied.values() for id, seat in room.seats.items()}
    after = {row[_ID]: row for row in _rows(claims, rooms, seats)}
    if gone := [id for id, row in before.items() if after.get(id) != row]:
        store.execute(_GONE, [array(gone)])
    _insert([row for id, row in after.items() if before.get(id) != row])
    _mark(occupied, {claim.person for claim in claims if claim.is_open and claim.kind == "central"})


def _insert(rows: Sequence[Row]) -> None:
    """New rows, in one statement however many."""
    if rows:
        columns = zip(_TYPES.values(), zip(*rows, strict=True), strict=True)
        store.execute(_NEW, [list(column) if kind == "text" else array(column) for kind, column in columns])


def _claims(facts: Mapping[str, list[Happened]]) -> list[Claim]:
    return [claim for subject, own in facts.items() for claim in claims_of(subject.removeprefix("person:"), own)]


def _share(people: set[str], facts: Mapping[str, list[Happened]]) -> None:
    """The requests to share of some people, as their facts have them."""
    rows = [
        Sharing(
            id=UUID(one.id),
            person_id=UUID(subject.removeprefix("person:")),
            host=host,
            area=one.area,
            reason=one.reason,
            account=UUID(one.account) if one.account else None,
            asked_at=one.asked,
            approval=UUID(one.approval) if one.approval else None,
        )
        for subject, own in facts.items()
        for one in sharings_of(own)
        if (host := id_of(one.host))
    ]
    gone = "DELETE FROM sharing WHERE person = ANY(%s::uuid[])"
    if rows or store.query("SELECT FROM sharing WHERE person = ANY(%s::uuid[]) LIMIT 1", [list(people)]):
        store.execute(gone, [list(people)])
        Sharing.objects.bulk_create(rows, batch_size=1000)


def _occupied(claims: Iterable[Claim], rooms: set[str], now: datetime) -> dict[str, Occupied]:
    facts = _facts([f"place:{id}" for id in rooms], now) if rooms else {}
    theirs: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.place in rooms:
            theirs[str(claim.place)].append(claim)
    return {id: seats_of(theirs[id], facts.get(f"place:{id}", ())) for id in rooms}


def _facts(subjects: list[str] | None, now: datetime) -> dict[str, list[Happened]]:
    """The facts that count, by subject. One query."""
    where = "true" if subjects is None else "f.subject = ANY(%(subjects)s::text[])"
    found: dict[str, list[Happened]] = defaultdict(list)
    given = {"subjects": subjects, "kinds": list(KINDS), "now": now}
    for subject, id, kind, at, area, data, account in store.query(_FACTS.format(subjects=where), given):
        found[subject].append(Happened(id, kind, at, area, _read(data), account))
    return found


def _read(data: str) -> dict[str, Any]:
    """A fact's data, its place in the one spelling of an id; a place that is no id is none."""
    read: dict[str, Any] = json.loads(data)
    if "place" in read:
        try:
            read["place"] = uuid_text(str(read["place"]).removeprefix("place:"))
        except ValueError:
            del read["place"]
    return read


def _rows(claims: list[Claim], rooms: set[str], seats: dict[str, Seat]) -> Iterable[Row]:
    """Claims as rows. A stay lies in the area of its room; where it has none, in that of the fact."""
    ids = list({claim.place for claim in claims if claim.place})
    found = store.query(_PLACES, [ids]) if ids else []
    places = {id: (id, area, unit) for id, area, unit in found}
    for claim in claims:
        (place, area, unit), in_room = places.get(claim.place or "", (None, "", None)), claim.place in rooms
        seat = seats.get(claim.id) or Seat(None, "no_room" if claim.kind == "central" else "")
        yield (
            claim.id,
            claim.person,
            area if in_room else claim.area,
            unit if claim.kind == "central" else None,
            claim.kind,
            claim.isolation,
            claim.begun,
            claim.started,
            claim.ended,
            claim.planned_end,
            claim.planned_at,
            place,
            place if seat.slot is not None else None,
            seat.slot,
            seat.approval,
            seat.trouble,
        )


def _mark(occupied: dict[str, Occupied], housed: set[str]) -> None:
    """The state of rooms where it changed; a room is kept no longer for whoever is housed, nor while somebody is in."""
    changed = []
    for room in Room.objects.raw(_ROOMS, [list(occupied), list(housed)]):
        now = occupied.get(str(room.pk))
        state, since = (now.state, now.since) if now else (room.state, room.since)
        is_over = str(room.reserved_for_id) in housed or (now is not None and now.state == "occupied")
        kept = None if is_over else room.reserved_for_id
        if (state, since, kept) != (room.state, room.since, room.reserved_for_id):
            changed.append((room.pk, state, since, kept))
    if changed:
        store.execute(_MARK, [list(column) for column in zip(*changed, strict=True)])
