"""An isolation site beside the small world: six rooms, a manager and a nurse, 丁 in room 301 for three days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.isolation import sites
from bulou.no_miss.isolation.models import Room, Stay
from web.world import COUNTY, VILLAGE, MakeAccount, World


@dataclass
class Site:
    """The site, and short ways to see what became of it."""

    unit: Unit
    manager: Account
    nurse: Account
    rooms: list[UUID]
    guest: Person
    world: World

    def url(self, room: int, act: bool = False) -> str:
        return f"/rooms/{self.rooms[room]}/{'act/' if act else ''}"

    def state(self, room: int) -> str:
        with everywhere():
            return str(Room.objects.get(place=self.rooms[room]).state)

    def room_of(self, person: Person) -> UUID | None:
        """The room somebody is in now; None where they have none."""
        with everywhere():
            return Stay.objects.filter(person=person, ended_at__isnull=True).values_list("room_id", flat=True).first()

    def assess(self, outcome: str = "complete") -> None:
        at = datetime(2020, 2, 10, 11, tzinfo=SHANGHAI)
        self.world.happen("release.assessed", f"person:{self.guest.pk}", at, outcome=outcome)


def build_site(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Site:
    """See above."""
    unit = make_unit("和平区集中隔离点", COUNTY, "isolation_site")
    manager, nurse = (make_account(name, unit, "isolation_site") for name in ("manager", "nurse"))
    with everywhere():
        rooms = sites.rooms_register(unit, [sites.NewRoom(f"30{n}", 3) for n in range(1, 7)])
        guest = directory.person_register(directory.NewPerson("丁", VILLAGE, phone="19900000009", synthetic=True))
        since: dict[str, Any] = {"kind": "central", "place": str(rooms[0].pk)}
        world.happen("isolation.started", f"person:{guest.pk}", datetime(2020, 2, 7, 9, tzinfo=SHANGHAI), **since)
    return Site(unit, manager, nurse, [room.pk for room in rooms], guest, world)
