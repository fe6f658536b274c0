"""Custody, rooms and beds under many hands at once: `python -m tests.storm.hands --histories 10000`.

Processes, each with a session of its own, act in the same small worlds at the same moment (`lives.py`): by upload, a
fact of each world to a batch, and by the acts of the pages, one by one. A block of worlds at a time, so that they meet.
Then everything is looked at together (`soundness.py`). A town holds a thousand worlds, and there are as many towns as
it takes, each in a house and under a seed of its own. Exit status 1 where anything is wrong.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

TOWN, BLOCK, STEPS, HANDS = 1000, 100, 6, 4
"""Worlds of a town, worlds at once, rounds in each, and processes that act in them."""
PAGES = 10
"""Acts of pages in a round, beside an upload of one fact for each world."""
PATIENCE, HOURS = 120.0, 4 * 3600.0
"""Seconds one pair of hands waits for another, and the command for all of them."""
SCRIPT = Path(__file__)
COUNTS = ("duties", "facts")


def run(histories: int, seed: int, server: Any) -> dict[str, Any]:
    """The whole of it in a house that is given; what `soundness.wrong` found, what was answered, and the seconds."""
    begun = time.perf_counter()
    script = SCRIPT
    server.run("prepare", histories, script=script)
    server.finish(*(server.start("act", seed, hand, script=script) for hand in range(HANDS)))
    found: dict[str, Any] = json.loads(server.run("check", script=script))
    return found | {"seconds": round(time.perf_counter() - begun, 1), "histories": histories}


def faults(found: Mapping[str, Any]) -> dict[str, Any]:
    """What of it must not be."""
    told = {*COUNTS, "seconds", "histories", "acts", "seed"}
    return {name: value for name, value in found.items() if name not in told and value}


def prepare(home: Path, histories: int) -> None:
    """So many worlds in one town: people, rooms of its isolation site, beds of its hospital."""
    from bulou.directory.models import Account, Person, Unit, UnitRole
    from bulou.directory.scope import everywhere
    from bulou.kernel import clock
    from bulou.kernel.ids import new_ids
    from bulou.no_miss.isolation import sites
    from bulou.no_miss.treatment import hospitals
    from bulou.no_miss.treatment.models import Bed
    from storm.lives import BEDS, COUNTY, DEVICES, PEOPLE, ROOMS, START, VILLAGE, World

    with everywhere(), clock.at(START):
        village = Unit.objects.get(area_id=VILLAGE)
        units = [village]
        for role in ("isolation_site", "designated_hospital"):
            unit = Unit.objects.create(name=role, area_id=COUNTY, synthetic=True)
            UnitRole.objects.create(unit=unit, role=role, area=COUNTY)
            Account.objects.create(username=role, unit=unit, role=role, synthetic=True)
            units.append(unit)
        rooms = sites.rooms_register(units[1], [sites.NewRoom(str(n)) for n in range(histories * ROOMS)])
        hospitals.wards_register(
            units[2], [hospitals.NewWard("W", beds=[(str(n), "isolation") for n in range(histories * BEDS)])]
        )
        numbers = [str(n) for n in range(histories * DEVICES)]
        devices = hospitals.devices_register(units[2], "ventilator", numbers)
        beds = list(Bed.objects.values_list("pk", flat=True).order_by("pk"))
        people = [Person(name=str(n), area_id=VILLAGE, synthetic=True) for n in range(histories * PEOPLE)]
        Person.objects.bulk_create(people, batch_size=1000)
    ill = [str(id) for id in new_ids(histories * 2)]
    worlds = [
        World(
            [str(one.pk) for one in people[n * PEOPLE : (n + 1) * PEOPLE]],
            [str(one.pk) for one in rooms[n * ROOMS : (n + 1) * ROOMS]],
            [str(id) for id in beds[n * BEDS : (n + 1) * BEDS]],
            [str(one.pk) for one in devices[n * DEVICES : (n + 1) * DEVICES]],
            ill[n * 2 : n * 2 + 2],
        ).plain()
        for n in range(histories)
    ]
    (home / "worlds.json").write_text(json.dumps({"units": [str(unit.pk) for unit in units], "worlds": worlds}))


def act(home: Path, seed: int, hand: int) -> None:
    """One pair of hands: through every block of worlds, beside the others."""
    from bulou.kernel import clock
    from bulou.ledger import services
    from storm.lives import HOUR, START, TICK

    rnd, (units, worlds) = random.Random(f"{seed} {hand}"), _worlds(home)
    said: Counter[str] = Counter()
    kept: list[str] = []
    for number, block in enumerate(_blocks(worlds)):
        _meet(home, hand, number)
        known: list[list[Any]] = [[] for _ in block]
        for step in range(STEPS):
            with clock.at(START + number * HOUR + step * 2 * TICK):
                said += _upload(rnd, block, units, known)
                said += _pages(rnd, block)
        with clock.at(START + number * HOUR + (2 * STEPS + hand) * TICK):
            services.advance()
        kept += [fact.id for facts in known for fact in facts]
    (home / f"said-{hand}.json").write_text(json.dumps({"said": said, "kept": kept}))


def check(home: Path) -> None:
    """Bring the clock to the end, and print what is wrong, and what was answered."""
    from bulou.kernel import clock
    from bulou.ledger import services
    from storm.lives import HOUR, START
    from storm.soundness import wrong

    _, worlds = _worlds(home)
    said: Counter[str] = Counter()
    kept: list[str] = []
    for log in map(Path.read_text, home.glob("said-*.json")):
        said.update(json.loads(log)["said"])
        kept += json.loads(log)["kept"]
    with clock.at(START + (len(worlds) // BLOCK + 2) * HOUR):
        services.advance()
        found = wrong(clock.now(), kept)
    print(json.dumps(found | {"acts": said}))


def _upload(rnd: random.Random, block: Sequence[Any], units: list[str], known: list[list[Any]]) -> Counter[str]:
    """A fact for each world, in one batch."""
    from bulou.kernel import clock
    from bulou.ledger import services
    from storm.lives import happening

    stands = _stands(block)
    facts = [happening(rnd, world, units, clock.now(), stands, known[n]) for n, world in enumerate(block)]
    receipt = services.record(facts)
    refused = {one.place for one in receipt.refused}
    for place, fact in enumerate(facts):
        if place not in refused:
            known[place].append(fact)
    return Counter({"created": receipt.created, "refused": len(refused)})


def _pages(rnd: random.Random, block: Sequence[Any]) -> Counter[str]:
    """Acts of pages in worlds of the block, each answered or refused with a reason."""
    from django.db import DatabaseError

    from bulou.directory.models import Account
    from bulou.directory.scope import everywhere
    from bulou.kernel.errors import BulouError
    from bulou.ledger.retry import has_lost

    said: Counter[str] = Counter()
    with everywhere():
        accounts = {one.username: one for one in Account.objects.select_related("unit")}
    for _ in range(PAGES):
        try:
            with everywhere():
                _page(rnd, rnd.choice(block), accounts)()
            said["done"] += 1
        except BulouError as error:
            said[error.problems[0].code] += 1
        except DatabaseError as error:
            if not has_lost(error):
                raise
            said["lost to another"] += 1
    return said


def _page(rnd: random.Random, world: Any, accounts: dict[str, Any]) -> Callable[[], object]:
    """What somebody at the site or in the hospital does next."""
    from bulou.kernel import clock
    from bulou.no_miss.isolation import services as rooms
    from bulou.no_miss.treatment import device_acts as devices
    from bulou.no_miss.treatment import services as beds

    site, doctor = accounts["isolation_site"], accounts["designated_hospital"]
    person, episode = UUID(rnd.choice(world.people)), UUID(rnd.choice(world.episodes))
    room, bed, device = (UUID(rnd.choice(ids)) for ids in (world.rooms, world.beds, world.devices))
    until = clock.now() + rnd.choice((5, 60)) * timedelta(minutes=1)
    return rnd.choice(
        [
            partial(rooms.admit, person, room, by=site),
            partial(rooms.admit, person, room, by=site),
            partial(rooms.move, person, room, by=site),
            partial(rooms.clean, room, "terminal", by=site),
            partial(rooms.reserve, room, person, by=site, until=until),
            partial(rooms.let_go, room, by=site),
            partial(beds.admit, episode, bed, by=doctor),
            partial(beds.admit, episode, bed, by=doctor),
            partial(beds.move, episode, bed, by=doctor),
            partial(beds.clean, bed, by=doctor),
            partial(beds.reserve, bed, person, by=doctor, until=until),
            partial(beds.let_go, bed, by=doctor),
            partial(devices.attach, episode, device, by=doctor),
            partial(devices.free, episode, device, by=doctor),
            partial(devices.clean, device, by=doctor),
        ]
    )


def _stands(block: Sequence[Any]) -> dict[str, Any]:
    """Where everybody of the block stands. Two queries."""
    from bulou.directory.scope import everywhere
    from bulou.ledger.engines import store
    from storm.lives import Stand

    people = [id for world in block for id in world.people]
    with everywhere():
        held = store.query(
            "SELECT DISTINCT ON (person) person::text, unit::text FROM custody WHERE person = ANY(%s::uuid[])"
            " ORDER BY person, since DESC",
            [people],
        )
        handed = store.query(
            "SELECT DISTINCT ON (person) person::text, sender::text, receiver::text, stage FROM handover"
            " WHERE person = ANY(%s::uuid[]) ORDER BY person, requested_at DESC, id DESC",
            [people],
        )
    holders, last = dict(held), {person: (sender, receiver, stage) for person, sender, receiver, stage in handed}
    return {person: Stand(holders.get(person), last.get(person)) for person in people}


def _meet(home: Path, hand: int, number: int) -> None:
    """Wait until all hands have come to a block, so that they act in it together."""
    (home / f"hand-{hand}").write_text(str(number))
    waited = 0.0
    while any(_reached(home / f"hand-{other}") < number for other in range(HANDS)):
        Event().wait(0.002)
        waited += 0.002
        assert waited < PATIENCE, "another hand was lost"


def _reached(mark: Path) -> int:
    text = mark.read_text() if mark.exists() else ""
    return int(text) if text else -1


def _worlds(home: Path) -> tuple[list[str], list[Any]]:
    from storm.lives import World

    given = json.loads((home / "worlds.json").read_text())
    return given["units"], [World(**world) for world in given["worlds"]]


def _blocks(worlds: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (worlds[first : first + BLOCK] for first in range(0, len(worlds), BLOCK))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.storm.hands", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() // 10**9)
    given = parser.parse_args()
    wrong = False
    for number, first in enumerate(range(0, given.histories, TOWN)):
        found = _town(min(TOWN, given.histories - first), given.seed + number)
        print(json.dumps(found), flush=True)
        wrong |= bool(faults(found))
    raise SystemExit(1 if wrong else 0)


def _town(histories: int, seed: int) -> dict[str, Any]:
    """One town from its founding to its end; the seed is told before anything can go wrong."""
    from storm.house import House

    print(f"seed {seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="bulou-hands-") as home:
        house = House(Path(home), {"synchronous_commit": "off"}, patience=HOURS)
        try:
            house.prepare()
            return run(histories, seed, house) | {"seed": seed}
        finally:
            house.end()


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in ("prepare", "act", "check"):
        from bulou.cli.database import start_django

        start_django("app")
        {"prepare": prepare, "act": act, "check": check}[sys.argv[1]](Path(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        main()
