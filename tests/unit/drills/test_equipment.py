"""Devices of the demonstration: most who need one are on one, and what is wrong on purpose is there."""

from collections import defaultdict
from itertools import pairwise

from bulou.no_miss.treatment.courses import Happened
from bulou.no_miss.treatment.devices import OF_USE, Known, uses_of
from bulou.oversight.drills.synthetic import equipment
from bulou.oversight.drills.synthetic.model import Demo


def told(demo: Demo, kind: str) -> list[str]:
    return [fact.subject for fact in demo.facts if fact.kind == kind]


def test_every_designated_hospital_has_devices_of_every_kind_with_numbers_of_their_own(demo: Demo) -> None:
    hospitals = {unit.id for unit in demo.units if "designated_hospital" in unit.roles}

    assert {device.unit for device in demo.devices} == hospitals
    assert {device.kind for device in demo.devices} == {kind for kind, *_more in equipment.KINDS}
    numbers = [(device.unit, device.kind, device.number) for device in demo.devices]
    assert len(set(numbers)) == len(numbers)


def test_one_ventilator_of_each_is_out_of_use_and_nobody_is_put_on_it(demo: Demo) -> None:
    broken = set(told(demo, "device.broken"))
    attached = {fact.data["device"] for fact in demo.facts if fact.kind == "device.attached"}

    assert len(broken) == len({device.unit for device in demo.devices})
    assert attached
    assert not broken & attached


def test_nobody_is_put_on_two_of_a_kind_and_no_device_serves_two(demo: Demo) -> None:
    known = {str(device.place): Known(device.kind, device.unit, device.area) for device in demo.devices}
    facts = defaultdict(list)
    for fact in demo.facts:
        if fact.kind in OF_USE:
            facts[fact.subject].append(Happened(fact.id, fact.kind, fact.at, fact.subject, fact.area, fact.data))
    ends = {fact.subject: fact.at for fact in demo.facts if fact.kind in equipment.LEAVING}

    uses = [use for who, own in facts.items() for use in uses_of(who, own, (), known, {who: ends.get(who)})]

    by_device = defaultdict(list)
    for use in sorted(uses, key=lambda use: use.started):
        by_device[use.device].append(use)
    pairs = [pair for own in by_device.values() for pair in pairwise(own)]
    assert all(one.ended is not None and one.ended <= other.started for one, other in pairs)


def test_somebody_critical_is_put_on_no_ventilator(demo: Demo) -> None:
    critical = {f.subject for f in demo.facts if f.data.get("severity") == "critical"}
    ventilators = {device.subject for device in demo.devices if device.kind == "ventilator"}
    on = {f.subject for f in demo.facts if f.kind == "device.attached" and f.data["device"] in ventilators}

    assert on
    assert critical - on
