"""Acts about devices of the bedside. As with beds (`services.py`), each records a fact and sees that it did its work.

Two acts about one device or one person queue; the second sees the first.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bulou.directory.models import Account
from bulou.ledger import acts
from bulou.no_miss.treatment import refusals
from bulou.no_miss.treatment.devices import ATTACHED, FREED
from bulou.no_miss.treatment.models import BedState, Device, DeviceUse
from bulou.no_miss.treatment.services import hold, open_stay, patient_of


def attach(episode: UUID, device: UUID, *, by: Account, id: UUID | None = None) -> DeviceUse:
    """A patient is put on a free, disinfected device of the hospital they lie in.

    `id` is the fact's: the same act sent twice is one. BulouError where the device is not to be had, or the patient is
    on another of its kind, or not in that hospital.
    """

    def act() -> DeviceUse:
        found, patient = _device(device), patient_of(episode)
        data = {"device": f"place:{device}"}
        fact = acts.fact(ATTACHED, f"episode:{episode}", patient.area, data, by, id)
        hold(patient, fact)
        stay = open_stay(patient)
        if stay is None or stay.unit != found.unit_id:
            raise refusals.device_elsewhere(found)
        who = patient.person or patient.pk
        on = DeviceUse.objects.filter(who=who, kind=found.kind, ended_at__isnull=True).exclude(id=fact.id)
        if on.exists():
            raise refusals.has_one_already()
        is_new = acts.record(fact, by)
        use = DeviceUse.objects.filter(id=fact.id).first()
        if use is None:
            raise refusals.has_one_already()
        if is_new and use.device_id is None:
            raise refusals.device_not_to_be_had(found, use.trouble)
        others = DeviceUse.objects.filter(claimed=device, ended_at__isnull=True).exclude(id=use.pk)
        if is_new and others.exists():
            raise refusals.device_not_to_be_had(found, "taken")
        return use

    return acts.atomic(act)


def free(episode: UUID, device: UUID, *, by: Account, reason: str = "", id: UUID | None = None) -> Device:
    """A patient is taken off a device, which is then to be disinfected. BulouError where they are not on it."""

    def act() -> Device:
        found, patient = _device(device), patient_of(episode)
        data = {"device": f"place:{device}"} | acts.given(reason=reason)
        fact = acts.fact(FREED, f"episode:{episode}", patient.area, data, by, id)
        hold(patient, fact)
        on = DeviceUse.objects.filter(who=patient.person or patient.pk, claimed=device, ended_at__isnull=True)
        if not on.exists() and acts.recorded(UUID(fact.id), fact.subject, fact.kind) is None:
            raise refusals.not_on_it(found)
        acts.record(fact, by)
        return _device(device)

    return acts.atomic(act)


def clean(device: UUID, *, by: Account, agent: str = "", id: UUID | None = None) -> Device:
    """Disinfection makes a device fit for the next patient; BulouError while somebody is on it."""

    def act() -> Device:
        found = _device(device)
        if found.state == BedState.OCCUPIED:
            raise refusals.device_in_use(found)
        return _told(found, "device.cleaned", acts.given(agent=agent), by, id)

    return acts.atomic(act)


def take_out_of_use(device: UUID, reason: str, *, by: Account, id: UUID | None = None) -> Device:
    """Nobody may be put on the device any more; whoever is on it stays on it until freed."""
    return acts.atomic(lambda: _told(_device(device), "device.broken", {"reason": reason}, by, id))


def put_back_into_use(device: UUID, *, by: Account, note: str = "", id: UUID | None = None) -> Device:
    """What was wrong with the device has been put right."""
    return acts.atomic(lambda: _told(_device(device), "device.repaired", acts.given(note=note), by, id))


def _told(device: Device, kind: str, data: Mapping[str, Any], by: Account, id: UUID | None) -> Device:
    acts.record(acts.fact(kind, f"place:{device.pk}", device.area_id, data, by, id), by)
    return _device(device.pk)


def _device(id: UUID) -> Device:
    found = Device.objects.filter(place=id).first()
    if found is None:
        raise refusals.no_device()
    return found
