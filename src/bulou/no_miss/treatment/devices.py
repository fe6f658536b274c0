"""Which patient is on which device, from the facts of one person: pure, whatever order the facts come in.

A use goes on until the device is freed, another of its kind takes its place, or the patient leaves the hospital.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bulou.no_miss.treatment.courses import Happened, is_id

ATTACHED, FREED = "device.attached", "device.freed"
OF_USE = (ATTACHED, FREED)
OF_DEVICE = ("device.cleaned", "device.broken", "device.repaired")


class Stay(Protocol):
    """A patient's time in a hospital, as much of it as matters here."""

    @property
    def unit(self) -> object: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A device on the books."""

    kind: str
    unit: object
    area: str


@dataclass(frozen=True, slots=True)
class Use:
    """A patient's time on one device, from the fact `id` that put them on it. `kind`: the device's id where unknown."""

    id: str
    who: str
    episode: str
    area: str
    device: str
    kind: str
    started: datetime
    ended: datetime | None


def device_of(fact: Happened) -> str | None:
    """The device a fact is about, its id in the one spelling."""
    given = str(fact.data.get("device") or "").removeprefix("place:")
    return str(UUID(given)) if is_id(given) else None


def uses_of(
    who: str,
    facts: Iterable[Happened],
    stays: Sequence[Stay],
    known: Mapping[str, Known],
    ends: Mapping[str, datetime | None],
) -> list[Use]:
    """A person's uses over all their episodes. `stays`: in order of time; `ends`: when each illness ended."""
    found: list[Use] = []
    last: dict[str, int] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.kind != FREED, fact.id)):
        device = device_of(fact)
        if device is None:
            continue
        kind = known[device].kind if device in known else device
        n = last.get(kind)
        now = found[n] if n is not None and _is_on(found[n], fact.at) else None
        if now and (fact.kind == FREED) == (now.device == device):
            found[last[kind]] = replace(now, ended=fact.at)
        if fact.kind == ATTACHED and (now is None or now.device != device):
            unit = known[device].unit if device in known else None
            end = _leaves(fact.at, unit, stays, ends.get(fact.episode))
            last[kind] = len(found)
            found.append(Use(fact.id, who, fact.episode, fact.area, device, kind, fact.at, end))
    return [use for use in found if use.ended is None or use.ended > use.started]


def _is_on(use: Use, at: datetime) -> bool:
    return use.ended is None or use.ended > at


def _leaves(at: datetime, unit: object, stays: Sequence[Stay], ended: datetime | None) -> datetime | None:
    """When somebody put on a device of a hospital leaves that hospital; None where they have not."""
    later = [stay for stay in stays if stay.ended_at is None or stay.ended_at > at]
    if not later:
        return ended if ended is not None and ended > at else None
    first = later[0]
    if first.started_at > at and first.unit != unit:
        return first.started_at
    end = first.ended_at
    for stay in later[1:]:
        if end is None or stay.started_at != end or stay.unit != first.unit:
            break
        end = stay.ended_at
    return end
