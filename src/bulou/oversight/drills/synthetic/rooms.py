"""Rooms for the isolation sites of the demonstration, and who is in which: told once every other fact is.

Some things are wrong on purpose: each site takes somebody in before a room is found and keeps somebody longer than the
grounds reach, rooms wait for their disinfection, and one room in each site is out of use.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Demo, Place, Room
from bulou.oversight.drills.synthetic.story import END

ON_A_FLOOR, LOWEST = 8, 3
"""Rooms on a floor, and the lowest floor with rooms: below are the office and the stores."""
OPENED = datetime(2020, 1, 24, 9, 30, tzinfo=SHANGHAI)
UNCLEANED, SPARE = 0.3, 6
"""Share of rooms left unclean for days; rooms a site has beyond its busiest day."""
NO_ROOM, TOO_LONG = 5, 3
"""Which guest of a site has no room, and which one's grounds are shortened without anybody letting them go."""


@dataclass(slots=True)
class _Site:
    """A site while its guests come and go. `ready`: from when a room that was used can be used again."""

    place: Place
    rooms: list[Place] = field(default_factory=list)
    guests: int = 0
    ready: dict[str, datetime] = field(default_factory=dict)


def house(demo: Demo, chance: Chance, seed: int) -> None:
    """Give every site rooms and everybody isolated there one of them. The facts keep their ids and their order."""
    random = Random(seed)  # noqa: S311 - invented people, not secrets
    sites = {place.subject: _Site(place) for place in demo.places if place.kind == "isolation_site"}
    starts = [fact for fact in demo.facts if fact.kind == "isolation.started" and fact.data.get("place") in sites]
    ends = _ends(demo)
    for subject, site in sites.items():
        own = [fact for fact in starts if fact.data["place"] == subject]
        _build(demo, chance, site, _most_at_once(own, ends) + SPARE)
    told: list[Fact] = []
    moved: dict[str, str] = {}
    for start in sorted(starts, key=lambda fact: (fact.at, fact.id)):
        site, end = sites[str(start.data["place"])], ends.get(start.id)
        if place := _room_for(site, start, end, random, told, chance):
            moved |= {fact.id: place.subject for fact in (start, end) if fact}
    demo.facts = [_put(fact, moved) for fact in demo.facts] + told


def _ends(demo: Demo) -> dict[str, Fact]:
    """The end of each isolation, by the id of its start."""
    open_: dict[str, str] = {}
    found: dict[str, Fact] = {}
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == "isolation.started":
            open_.setdefault(fact.subject, fact.id)
        elif fact.kind == "isolation.ended" and fact.subject in open_:
            found[open_.pop(fact.subject)] = fact
    return found


def _most_at_once(starts: list[Fact], ends: dict[str, Fact]) -> int:
    steps = [(fact.at, 1) for fact in starts] + [(ends[f.id].at, -1) for f in starts if f.id in ends]
    inside = most = 0
    for _, step in sorted(steps):
        inside += step
        most = max(most, inside)
    return most


def _build(demo: Demo, chance: Chance, site: _Site, rooms: int) -> None:
    """Floors of eight rooms; the last room is out of use."""
    above, unit = site.place, site.place.unit
    if unit is None:
        return
    for n in range(rooms):
        floor, number = LOWEST + n // ON_A_FLOOR, n % ON_A_FLOOR + 1
        if number == 1:
            above = _place(demo, chance, site.place, f"{floor}F", "isolation_floor", site.place)
        place = _place(demo, chance, site.place, f"{site.place.name} {floor}{number:02}", "isolation_room", above)
        demo.rooms.append(Room(place.id, unit, place.area, floor, f"{floor}{number:02}", n < 2))
        site.rooms.append(place)
    opened = {"note": "区指挥部启用通知"}
    demo.facts.append(
        Fact(str(chance.id(OPENED)), "site.opened", f"unit:{unit}", site.place.area, OPENED, f"unit:{unit}", opened)
    )
    last = site.rooms.pop()
    demo.facts.append(
        Fact(
            str(chance.id(OPENED)),
            "room.broken",
            last.subject,
            last.area,
            OPENED,
            f"unit:{unit}",
            {"reason": "下水道返水待修"},
        )
    )


def _place(demo: Demo, chance: Chance, site: Place, name: str, kind: str, above: Place) -> Place:
    place = Place(chance.id(OPENED), site.area, name, kind, site.unit, above.id)
    demo.places.append(place)
    return place


def _room_for(
    site: _Site, start: Fact, end: Fact | None, random: Random, told: list[Fact], chance: Chance
) -> Place | None:
    """The first room that is ready, and its disinfection once the person has left; None for who must wait."""
    site.guests += 1
    if site.guests == NO_ROOM:
        return None
    if site.guests == TOO_LONG:
        told.append(_shortened(start, chance))
    ready = (room for room in site.rooms if site.ready.get(room.subject, start.at) <= start.at)
    room = next(ready, None)
    if room is None:
        return None
    site.ready[room.subject] = datetime.max.replace(tzinfo=SHANGHAI)
    if end is not None:
        wait = timedelta(hours=random.randint(30, 90) if random.random() < UNCLEANED else random.randint(2, 9))
        at = (end.at + wait).replace(microsecond=0)
        data = {"kind": "terminal", "agent": "含氯消毒剂 1000 mg/L"}
        if at < END:
            told.append(
                Fact(str(chance.id(at)), "room.cleaned", room.subject, room.area, at, f"unit:{room.unit}", data)
            )
        site.ready[room.subject] = at + timedelta(minutes=1)
    return room


def _shortened(start: Fact, chance: Chance) -> Fact:
    """The grounds end after a week, and nobody lets the person go: held longer than they reach."""
    at = start.at + timedelta(days=4)
    data = {"days": 7, "grounds": "复核后排除密接，缩短观察（演示）"}
    return Fact(str(chance.id(at)), "isolation.shortened", start.subject, start.area, at, start.by, data)


def _put(fact: Fact, moved: dict[str, str]) -> Fact:
    """The fact as it is with the room in it."""
    if fact.id in moved:
        return replace(fact, data={**fact.data, "place": moved[fact.id]})
    return fact
