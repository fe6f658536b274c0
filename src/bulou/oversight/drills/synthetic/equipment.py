"""Devices of the designated hospitals, and who is on which: told last, once everybody lies where they lie.

Some things are wrong on purpose: one critical patient in three is put on no ventilator, a ventilator is out of use, one
device in four waits long for its disinfection, and what was reported of ventilators is not what stands on the books.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Demo, Device, Place, Unit
from bulou.oversight.drills.synthetic.story import END
from bulou.oversight.drills.synthetic.wards import LEAVING, LYING

BOUGHT = datetime(2020, 1, 22, 11, tzinfo=SHANGHAI)
KINDS = (
    ("ventilator", "V", 8, "重症医学科", "呼吸机"),
    ("high_flow", "H", 6, "重症医学科", "高流量氧疗仪"),
    ("ecmo", "E", 1, "", "体外膜肺氧合机"),
    ("dialysis", "X", 2, "", "血液净化机"),
    ("monitor", "M", 16, "重症医学科", "监护仪"),
)
"""Kind, letter of the number, how many, the ward that keeps them (none: the pool), what they are called."""
NEEDS = {"critical": ("ventilator", "monitor"), "severe": ("high_flow", "monitor")}
VENTILATED = 2
"""Every so many severe patients one is on a ventilator already."""
REPORTED = 10
"""Ventilators a hospital reported, two more than it has."""
SKIPPED, LEFT_DIRTY = 3, 4


@dataclass(slots=True)
class _Store:
    """The devices of a hospital while its patients come and go. `on`: what each patient is on."""

    devices: list[Device]
    ready: dict[Device, datetime] = field(default_factory=dict)
    on: dict[str, list[Device]] = field(default_factory=dict)
    freed: int = 0


def equip(demo: Demo, chance: Chance) -> None:
    """Give every designated hospital devices, and those who need them most of what they need."""
    stores = {
        f"unit:{unit.id}": _Store(_build(demo, chance, unit))
        for unit in demo.units
        if "designated_hospital" in unit.roles
    }
    told = [fact for unit, store in stores.items() for fact in _begun(unit, store, chance)]
    where: dict[str, _Store] = {}
    grades: dict[str, str] = {}
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        episode = fact.subject
        if fact.data.get("severity"):
            grades[episode] = str(fact.data["severity"])
        if fact.kind in LYING and (store := stores.get(str(fact.data.get("unit")))):
            where[episode] = store
        elif fact.kind in LEAVING and (store := where.pop(episode, None)):
            told += _left(store, fact, chance)
            continue
        if (store := where.get(episode)) and fact.kind in (*LYING, "severity.changed"):
            told += _changed(store, fact, grades.get(episode, ""), chance)
    demo.facts += [fact for fact in told if fact.at < END]


def _build(demo: Demo, chance: Chance, unit: Unit) -> list[Device]:
    wards = {ward.name: ward.place for ward in demo.wards if ward.unit == unit.id}
    found = []
    for kind, letter, n, kept, called in KINDS:
        for number in (f"{letter}{i:02}" for i in range(1, n + 1)):
            place = Place(
                chance.id(BOUGHT), unit.area, f"{unit.name} {called} {number}", "device", unit.id, wards.get(kept)
            )
            demo.places.append(place)
            found.append(Device(place.id, wards.get(kept), unit.id, unit.area, kind, number))
    demo.devices += found
    return found


def _begun(unit: str, store: _Store, chance: Chance) -> Iterable[Fact]:
    """The last ventilator out of use from the start, and what the hospital reported."""
    broken = [device for device in store.devices if device.kind == "ventilator"][-1]
    store.devices.remove(broken)
    yield _fact(chance, "device.broken", broken.subject, broken.area, BOUGHT, unit, {"reason": "气路漏气待修"})
    report = {"item": "ventilator", "quantity": REPORTED}
    at = BOUGHT + timedelta(days=16)
    yield _fact(chance, "capacity.reported", unit, broken.area, at, unit, report)


def _changed(store: _Store, fact: Fact, grade: str, chance: Chance) -> Iterable[Fact]:
    """On what they need now, and off what they need no longer."""
    episode, at, by = fact.subject, fact.at + timedelta(minutes=20), fact.by
    on = store.on.setdefault(episode, [])
    needs = NEEDS.get(grade, ())
    if grade == "severe" and _is_one_in(VENTILATED, episode):
        needs = NEEDS["critical"]
    for device in [one for one in on if one.kind not in needs]:
        on.remove(device)
        freed = {"device": device.subject, "reason": "不再需要"}
        yield _fact(chance, "device.freed", episode, fact.area, at, by, freed)
        yield from _cleaned(store, device, at, chance)
    missing = [kind for kind in needs if kind not in {one.kind for one in on}]
    if grade == "critical" and _is_one_in(SKIPPED, episode):
        missing = [kind for kind in missing if kind == "monitor"]
    for kind in missing:
        free = (one for one in store.devices if one.kind == kind and store.ready.get(one, BOUGHT) <= at)
        if (found := next(free, None)) and kind not in {one.kind for one in on}:
            store.ready[found] = END
            on.append(found)
            yield _fact(chance, "device.attached", episode, fact.area, at, by, {"device": found.subject})


def _is_one_in(many: int, episode: str) -> bool:
    """True for one illness in so many, always the same ones."""
    return int(episode.removeprefix("episode:").replace("-", ""), 16) % many == 0


def _left(store: _Store, fact: Fact, chance: Chance) -> Iterable[Fact]:
    """Whoever leaves leaves the devices too."""
    for device in store.on.pop(fact.subject, []):
        yield from _cleaned(store, device, fact.at, chance)


def _cleaned(store: _Store, device: Device, at: datetime, chance: Chance) -> Iterable[Fact]:
    """The disinfection of a device, of every fourth days later."""
    store.freed += 1
    done = at + (timedelta(days=3) if store.freed % LEFT_DIRTY == 0 else timedelta(hours=3))
    store.ready[device] = done + timedelta(minutes=1)
    yield _fact(
        chance, "device.cleaned", device.subject, device.area, done, f"unit:{device.unit}", {"agent": "75% 乙醇擦拭"}
    )


def _fact(
    chance: Chance, kind: str, subject: str, area: str, at: datetime, by: str | None, data: dict[str, Any]
) -> Fact:
    at = at.replace(microsecond=0)
    return Fact(str(chance.id(at)), kind, subject, area, at, by, data)
