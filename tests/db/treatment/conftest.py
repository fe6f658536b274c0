"""A designated hospital with a ward of six beds, three people of a village nearby, and two accounts."""

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
from bulou.no_miss.treatment import hospitals
from bulou.no_miss.treatment.devices import OF_DEVICE
from bulou.no_miss.treatment.models import Bed, BedStay, Device, DeviceUse, Episode, Ward

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOME = "120101001001"
KINDS = ("icu", "negative", "negative", "isolation", "isolation", "general")


@dataclass
class Hospital:
    """Who and what there is, and short ways to let things happen. `episodes[n]` is the illness of `people[n]`."""

    unit: Unit
    doctor: Account
    head: Account
    beds: list[UUID]
    people: list[UUID]
    episodes: list[UUID]

    def happen(self, what: str, subject: UUID, at: datetime = NOW, /, **data: Any) -> str:
        """Record a fact by another door than the room's own acts; gives its id."""
        is_of_place = what.startswith("bed.") or what in OF_DEVICE
        about = "place" if is_of_place else "episode"
        if what.startswith(("override.", "handover.", "dependants.")):
            about = "person"
        supersedes, account = data.pop("supersedes", None), data.pop("account", None)
        fact = Fact(str(new_id()), what, f"{about}:{subject}", HOME, at, f"unit:{self.unit.pk}", data, supersedes)
        receipt = ledger.record([fact], account=account, allow_future=True)
        assert receipt.refused == ()
        return fact.id

    def ill(self, n: int, at: datetime = NOW - DAY, status: str = "confirmed", **data: Any) -> str:
        person = f"person:{self.people[n]}"
        return self.happen(f"episode.{status}", self.episodes[n], at, disease="covid-19-2020", person=person, **data)

    def lay(self, n: int, bed: int, at: datetime = NOW) -> str:
        return self.happen("episode.admitted", self.episodes[n], at, place=str(self.beds[bed]))

    def bed(self, number: int) -> Bed:
        with everywhere():
            return Bed.objects.get(place=self.beds[number])

    def stays(self, n: int) -> list[BedStay]:
        with everywhere():
            return list(BedStay.objects.filter(episode=self.episodes[n]).order_by("started_at"))

    def on(self, n: int, device: UUID, at: datetime = NOW) -> str:
        return self.happen("device.attached", self.episodes[n], at, device=f"place:{device}")

    def device(self, id: UUID) -> Device:
        with everywhere():
            return Device.objects.get(place=id)

    def uses(self, n: int) -> list[DeviceUse]:
        with everywhere():
            return list(DeviceUse.objects.filter(episode=self.episodes[n]).order_by("started_at"))

    def episode(self, n: int) -> Episode:
        with everywhere():
            return Episode.objects.get(id=self.episodes[n])


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def hospital(make_unit: Callable[..., Unit], make_account: Callable[..., Account], now: datetime) -> Hospital:
    """Three people ill since yesterday, in no bed yet."""
    unit = make_unit("和平区定点医院", "120101", "designated_hospital")
    doctor, head = (make_account(name, unit, "designated_hospital") for name in ("doctor", "head"))
    beds = [(f"{n:02}", kind) for n, kind in enumerate(KINDS, 1)]
    with everywhere():
        hospitals.wards_register(unit, [hospitals.NewWard("一病区", 3, beds=beds)])
        made = list(Bed.objects.filter(unit=unit).order_by("number"))
        names = ("甲", "乙", "丙")
        people = [Person.objects.create(name=name, area_id=HOME, synthetic=True) for name in names]
    found = Hospital(unit, doctor, head, [b.pk for b in made], [p.pk for p in people], [new_id() for _ in names])
    for n in range(len(names)):
        found.ill(n)
    return found


@pytest.fixture
def ventilators(hospital: Hospital) -> list[UUID]:
    """Two ventilators of the ward."""
    with everywhere():
        ward = Ward.objects.get(unit=hospital.unit)
        made = hospitals.devices_register(hospital.unit, "ventilator", ["V1", "V2"], ward=ward, by=hospital.doctor)
    return [device.pk for device in made]
