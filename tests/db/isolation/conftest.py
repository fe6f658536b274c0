"""A site of one building with six rooms, three people of a village nearby, and the site's two accounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.isolation import services, sites
from bulou.no_miss.isolation.models import Room, Stay

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@dataclass
class House:
    """Who and what there is, and short ways to let things happen."""

    site: Unit
    manager: Account
    nurse: Account
    rooms: list[UUID]
    people: list[UUID]

    def happen(self, what: str, subject: UUID, at: datetime = NOW, /, account: UUID | None = None, **data: Any) -> str:
        """Record a fact by another door than the room's own acts; gives its id."""
        about = "place" if what.startswith("room.") else "person"
        supersedes = data.pop("supersedes", None)
        fact = Fact(str(new_id()), what, f"{about}:{subject}", "120101", at, None, data, supersedes)
        receipt = ledger.record([fact], account=account, allow_future=True)
        assert receipt.refused == ()
        return fact.id

    def start(self, person: int, room: int, at: datetime = NOW) -> str:
        return self.happen("isolation.started", self.people[person], at, kind="central", place=str(self.rooms[room]))

    def room(self, number: int) -> Room:
        with everywhere():
            return Room.objects.get(place=self.rooms[number])

    def stays(self, person: int) -> list[Stay]:
        with everywhere():
            return list(Stay.objects.filter(person=self.people[person]).order_by("started_at"))

    def share(self, person: int, host: int) -> None:
        """The nurse asks, the manager agrees."""
        request = services.ask_to_share(self.people[person], self.people[host], "a child of six", by=self.nurse)
        services.agree_to_share(self.people[person], request, by=self.manager)


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def house(make_unit: Callable[..., Unit], make_account: Callable[..., Account], now: datetime) -> House:
    site = make_unit("和平区集中隔离点", "120101", "isolation_site")
    manager, nurse = (make_account(name, site, "isolation_site") for name in ("manager", "nurse"))
    with everywhere():
        rooms = sites.rooms_register(site, [sites.NewRoom(f"30{n}", 3) for n in range(1, 7)])
        names = ("甲", "乙", "丙")
        people = [Person.objects.create(name=name, area_id="120101001001", synthetic=True) for name in names]
    opened = Fact(str(new_id()), "site.opened", f"unit:{site.pk}", "120101", NOW - 30 * DAY, f"unit:{site.pk}", {})
    assert ledger.record([opened]).created == 1
    return House(site, manager, nurse, [room.pk for room in rooms], [person.pk for person in people])
