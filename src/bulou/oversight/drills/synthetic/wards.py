"""Wards and beds for the designated hospitals of the demonstration, and who lies in which: told once all else is.

Some things are wrong on purpose: a few patients come before a bed is found, two are put into one bed, beds wait for
their disinfection, and one bed of each ward is out of use.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Bed, Demo, Place, Unit, Ward
from bulou.oversight.drills.synthetic.story import END

OPENED = datetime(2020, 1, 22, 10, tzinfo=SHANGHAI)
WARDS = (
    ("重症医学科", 2, "icu", 16),
    ("一病区", 3, "negative", 24),
    ("二病区", 4, "negative", 24),
    ("三病区", 5, "isolation", 30),
    ("四病区", 6, "isolation", 30),
    ("五病区", 7, "general", 36),
)
PARTS = (("医护休息区", 1, "clean"), ("更衣缓冲间", 2, "buffer"))
"""Parts of the hospital that have a zone and no beds."""
SUITED = {
    "critical": ("icu", "negative", "isolation", "general"),
    "severe": ("icu", "negative", "isolation", "general"),
    "suspected": ("isolation", "negative", "general", "icu"),
    "": ("negative", "isolation", "general", "icu"),
}
"""The kinds of bed for a patient, the best first."""
NO_BED, DOUBLED, UNCLEANED = 17, 41, 0.3
"""Every so many patients one has no bed, and one is put into somebody else's; share of beds left unclean for a day."""
LYING = ("episode.isolated", "episode.admitted")
LEAVING = ("episode.discharged", "episode.died", "episode.excluded")
FOREVER = datetime.max.replace(tzinfo=SHANGHAI)


@dataclass(slots=True)
class _Hospital:
    """A hospital while its patients come and go. `ready`: from when a bed that was used can be used again."""

    beds: list[Bed]
    patients: int = 0
    ready: dict[str, datetime] = field(default_factory=dict)
    lies: dict[str, Bed | None] = field(default_factory=dict)


def lay(demo: Demo, chance: Chance, seed: int) -> None:
    """Give every designated hospital wards, and everybody treated there a bed. The facts keep their ids and order."""
    random = Random(seed)  # noqa: S311 - invented people, not secrets
    hospitals = {
        f"unit:{unit.id}": _Hospital(_build(demo, chance, unit))
        for unit in demo.units
        if "designated_hospital" in unit.roles
    }
    told = [fact for hospital in hospitals.values() for fact in _broken(hospital.beds, chance)]
    grades: dict[str, str] = {}
    put: dict[str, Fact] = {}
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind in ("episode.suspected", "severity.changed", "episode.confirmed"):
            grades[fact.subject] = "suspected" if fact.kind == "episode.suspected" else str(fact.data.get("severity"))
        elif fact.kind in LYING and (hospital := hospitals.get(str(fact.data.get("unit")))):
            if bed := _bed_for(hospital, fact, grades.get(fact.subject, "")):
                put[fact.id] = _into(fact, bed, demo)
            else:
                put[fact.id] = replace(fact, data={k: v for k, v in fact.data.items() if k not in ("ward", "bed")})
        elif fact.kind in LEAVING:
            told += [one for h in hospitals.values() if (one := _left(h, fact, random, chance))]
    demo.facts = [put.get(fact.id, fact) for fact in demo.facts] + told


def _build(demo: Demo, chance: Chance, unit: Unit) -> list[Bed]:
    """Wards with their beds, and the parts without."""
    found: list[Bed] = []
    for name, floor, zone in [*PARTS, *((name, floor, "contaminated") for name, floor, _kind, _n in WARDS)]:
        place = _place(demo, chance, unit, name, "ward", None)
        demo.wards.append(Ward(place.id, unit.id, unit.area, name, floor, zone))
    wards = {ward.name: ward for ward in demo.wards if ward.unit == unit.id}
    for name, _floor, kind, beds in WARDS:
        for n in range(1, beds + 1):
            place = _place(demo, chance, unit, f"{name} {n:02}", "bed", wards[name])
            found.append(Bed(place.id, wards[name].place, unit.id, unit.area, f"{n:02}", kind))
    demo.beds += found
    return found


def _place(demo: Demo, chance: Chance, unit: Unit, name: str, kind: str, ward: Ward | None) -> Place:
    above = ward.place if ward else None
    place = Place(chance.id(OPENED), unit.area, f"{unit.name} {name}", kind, unit.id, above)
    demo.places.append(place)
    return place


def _broken(beds: list[Bed], chance: Chance) -> Iterable[Fact]:
    """The last bed of each ward, taken out of use before the first patient."""
    last = {bed.ward: bed for bed in beds}
    for bed in last.values():
        beds.remove(bed)
        data = {"reason": "供氧终端待修"}
        yield Fact(str(chance.id(OPENED)), "bed.broken", bed.subject, bed.area, OPENED, f"unit:{bed.unit}", data)


def _bed_for(hospital: _Hospital, fact: Fact, grade: str) -> Bed | None:
    """The bed the patient has already, else the best that is ready; None for who must wait."""
    if fact.subject in hospital.lies:
        return hospital.lies[fact.subject]
    hospital.patients += 1
    found = None
    if hospital.patients % DOUBLED == 0:
        found = next((bed for bed in hospital.lies.values() if bed), None)
    elif hospital.patients % NO_BED:
        free = [bed for bed in hospital.beds if hospital.ready.get(bed.subject, OPENED) <= fact.at]
        suited = SUITED.get(grade, SUITED[""])
        found = min(free, key=lambda bed: suited.index(bed.kind), default=None)
        if found:
            hospital.ready[found.subject] = FOREVER
    hospital.lies[fact.subject] = found
    return found


def _into(fact: Fact, bed: Bed, demo: Demo) -> Fact:
    ward = next(ward for ward in demo.wards if ward.place == bed.ward)
    return replace(fact, data={**fact.data, "ward": ward.name, "bed": bed.number, "place": str(bed.place)})


def _left(hospital: _Hospital, fact: Fact, random: Random, chance: Chance) -> Fact | None:
    """The disinfection of a bed somebody has left, some of them late; None where there is none, or none yet."""
    bed = hospital.lies.pop(fact.subject, None)
    if bed is None or bed in hospital.lies.values():
        return None
    wait = timedelta(hours=random.randint(26, 60) if random.random() < UNCLEANED else random.randint(2, 8))
    at = (fact.at + wait).replace(microsecond=0)
    hospital.ready[bed.subject] = at + timedelta(minutes=1)
    if at >= END:
        return None
    data = {"agent": "含氯消毒剂 1000 mg/L"}
    return Fact(str(chance.id(at)), "bed.cleaned", bed.subject, bed.area, at, f"unit:{bed.unit}", data)
