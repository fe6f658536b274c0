"""Small worlds, each with people, rooms and beds of its own, and what many hands do in them: sensible and senseless.

A history is what happens in one world. Several processes act in it at the same moment, none knowing of the others.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact

START = datetime(2020, 2, 1, 8, tzinfo=SHANGHAI)
HOUR, TICK = timedelta(hours=1), timedelta(minutes=5)
COUNTY, VILLAGE = "120101", "120101001001"
PEOPLE, ROOMS, BEDS, DEVICES = 3, 2, 2, 2
NEXT = {"requested": "accepted", "accepted": "departed", "departed": "received", "received": "settled"}
LINKS = (*NEXT, "settled", "refused", "cancelled")
MADE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("person", "person.enrolled", {"category": "close_contact"}),
    ("person", "person.withdrawn", {"category": "close_contact"}),
    ("person", "isolation.ordered", {"kind": "central"}),
    ("person", "isolation.started", {"kind": "home"}),
    ("person", "isolation.started", {"kind": "central", "place": "room"}),
    ("person", "isolation.started", {"kind": "central", "place": "room"}),
    ("person", "isolation.moved", {"place": "room"}),
    ("person", "isolation.ended", {"reason": "completed"}),
    ("person", "isolation.ended", {"reason": "transferred"}),
    ("person", "isolation.ended", {"reason": "died"}),
    ("person", "temperature.read", {"celsius": 36.6}),
    ("episode", "episode.confirmed", {"disease": "covid-19-2020", "person": "whose"}),
    ("episode", "episode.admitted", {"place": "bed"}),
    ("episode", "episode.moved", {"place": "bed"}),
    ("episode", "episode.discharged", {"outcome": "recovered"}),
    ("episode", "episode.discharged", {"outcome": "transferred"}),
    ("episode", "episode.excluded", {}),
    ("room", "room.cleaned", {"kind": "terminal"}),
    ("room", "room.broken", {"reason": "water"}),
    ("room", "room.repaired", {}),
    ("bed", "bed.cleaned", {}),
    ("bed", "bed.broken", {"reason": "water"}),
    ("bed", "bed.repaired", {}),
    ("episode", "device.attached", {"device": "device"}),
    ("episode", "device.freed", {"device": "device"}),
    ("device", "device.cleaned", {}),
    ("device", "device.broken", {"reason": "leak"}),
    ("device", "device.repaired", {}),
)


@dataclass(frozen=True)
class World:
    """Ids of the people, rooms, beds, ventilators and illnesses of one history; `episodes[n]` is of `people[n]`."""

    people: list[str]
    rooms: list[str]
    beds: list[str]
    devices: list[str]
    episodes: list[str]

    def plain(self) -> dict[str, list[str]]:
        return asdict(self)


@dataclass(frozen=True)
class Stand:
    """In whose hands somebody is, and the last handover of theirs: sender, receiver, stage."""

    holder: str | None = None
    handover: tuple[str, str, str] | None = None


def happening(
    rnd: random.Random,
    world: World,
    units: Sequence[str],
    now: datetime,
    stands: Mapping[str, Stand],
    known: list[Fact],
) -> Fact:
    """What somebody records next: half of it about handovers, some of it about what is on record already."""
    at, person = now - rnd.randint(0, 11) * TICK, rnd.choice(world.people)
    sort = rnd.random()
    if sort < 0.1 and known:
        return _about(rnd, rnd.choice(known), at)
    if sort < 0.4:
        return _sensible(rnd, person, units, now, stands.get(person, Stand()))
    if sort < 0.5:
        data = {"to": f"unit:{rnd.choice(units)}"}
        return _fact(rnd, f"handover.{rnd.choice(LINKS)}", f"person:{person}", at, rnd.choice(units), data)
    return _made(rnd, world, person, units, at)


def _made(rnd: random.Random, world: World, person: str, units: Sequence[str], at: datetime) -> Fact:
    about, kind, wanted = rnd.choice(MADE)
    episode = rnd.randrange(len(world.episodes))
    room, bed, device = rnd.choice(world.rooms), rnd.choice(world.beds), f"place:{rnd.choice(world.devices)}"
    meant = {"room": f"place:{room}", "bed": f"place:{bed}", "device": device}
    meant["whose"] = f"person:{world.people[episode]}"
    subject = {
        "person": f"person:{person}",
        "episode": f"episode:{world.episodes[episode]}",
        "room": f"place:{room}",
        "bed": f"place:{bed}",
        "device": device,
    }[about]
    data = {name: meant.get(str(value), value) for name, value in wanted.items()}
    return _fact(rnd, kind, subject, at, rnd.choice(units), data)


def _sensible(rnd: random.Random, person: str, units: Sequence[str], at: datetime, stand: Stand) -> Fact:
    """The next link of the handover under way, or the request for another by who holds the person."""
    subject = f"person:{person}"
    if stand.handover and (following := NEXT.get(stand.handover[2])):
        sender, receiver, _ = stand.handover
        return _fact(rnd, f"handover.{following}", subject, at, sender if following == "departed" else receiver, {})
    holder = stand.holder or units[0]
    receiver = rnd.choice([unit for unit in units if unit != holder])
    return _fact(rnd, "handover.requested", subject, at, holder, {"to": f"unit:{receiver}"})


def _about(rnd: random.Random, old: Fact, at: datetime) -> Fact:
    """A withdrawal, or a correction of when it was."""
    if rnd.random() < 0.5:
        return replace(_fact(rnd, "fact.withdrawn", old.subject, at, None, {"reason": "mistaken"}), supersedes=old.id)
    return replace(old, id=_id(rnd), at=at, supersedes=old.id)


def _fact(rnd: random.Random, kind: str, subject: str, at: datetime, unit: str | None, data: Mapping[str, Any]) -> Fact:
    area = VILLAGE if subject.startswith("person:") else COUNTY
    return Fact(_id(rnd), kind, subject, area, at, unit and f"unit:{unit}", data)


def _id(rnd: random.Random) -> str:
    return str(UUID(int=rnd.getrandbits(128), version=4))
