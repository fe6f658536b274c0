"""A designated hospital beside the small world: a ward of six beds, a doctor and a head, 戊 in bed 01 for two days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.directory import services as directory
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment import hospitals
from bulou.no_miss.treatment.models import Bed, BedStay
from web.world import COUNTY, VILLAGE, MakeAccount, World

KINDS = ("icu", "negative", "negative", "isolation", "isolation", "general")


@dataclass
class Ward:
    """The hospital, and short ways to see what became of it. `ill` lies in the first bed, `waiting` in none."""

    unit: Unit
    doctor: Account
    head: Account
    ward: UUID
    beds: list[UUID]
    patient: Person
    ill: UUID
    waiting: UUID
    world: World

    def url(self, bed: int, act: bool = False) -> str:
        return f"/beds/{self.beds[bed]}/{'act/' if act else ''}"

    def state(self, bed: int) -> str:
        with everywhere():
            return str(Bed.objects.get(place=self.beds[bed]).state)

    def bed_of(self, episode: UUID) -> UUID | None:
        with everywhere():
            return BedStay.objects.filter(episode=episode, ended_at=None).values_list("bed_id", flat=True).first()

    def happen(self, what: str, episode: UUID, day: int, hour: int, /, **data: Any) -> str:
        return self.world.happen(what, f"episode:{episode}", datetime(2020, 2, day, hour, tzinfo=SHANGHAI), **data)


def build_ward(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Ward:
    """See above; 甲 is confirmed too, and lies nowhere."""
    unit = make_unit("和平区定点医院", COUNTY, "designated_hospital")
    doctor, head = (make_account(name, unit, "designated_hospital") for name in ("doctor", "head"))
    with everywhere():
        beds = [(f"{n:02}", kind) for n, kind in enumerate(KINDS, 1)]
        hospitals.wards_register(unit, [hospitals.NewWard("一病区", 3, beds=beds)])
        made = list(Bed.objects.filter(unit=unit).order_by("number"))
        patient = directory.person_register(directory.NewPerson("戊", VILLAGE, phone="19900000008", synthetic=True))
    found = Ward(unit, doctor, head, made[0].ward_id, [b.pk for b in made], patient, new_id(), new_id(), world)
    for id, person, number in ((found.ill, patient, "HP1"), (found.waiting, world.first, "HP2")):
        subject = f"person:{person.pk}"
        found.happen("episode.confirmed", id, 8, 9, disease="covid-19-2020", person=subject, case_no=number)
    found.happen("episode.admitted", found.ill, 8, 12, unit=f"unit:{unit.pk}", place=str(found.beds[0]))
    return found
