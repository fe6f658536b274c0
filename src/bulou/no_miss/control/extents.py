"""Zones from when until when, how wide and how strict: a pure function of the facts about one zone.

A zone comes into force once; while it is, a further setting or an adjustment changes what it says and nothing else. It
ends by a lifting that is strictly later, so that one instant is never both, and may be set again after that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bulou.ledger.history import Event

SET, ADJUSTED, LIFTED = "zone.set", "zone.adjusted", "zone.lifted"
KINDS = (SET, ADJUSTED, LIFTED)


@dataclass(frozen=True, slots=True)
class Extent:
    """One time of one zone. `id` is the fact that set it; without `until` it is in force.

    `changed`: when it was last adjusted; `measures`: codes with spaces between, in the order given.
    """

    id: str
    area: str
    since: datetime
    unit_kind: str
    level: str = ""
    measures: str = ""
    grounds: str = ""
    changed: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    by: UUID | None = None


def extents(events: Iterable[Event]) -> list[Extent]:
    """The times of a zone that the facts about it come to, in order of their beginning."""
    done: list[Extent] = []
    going: Extent | None = None
    for event in sorted(events, key=lambda one: (one.at, one.kind != LIFTED, one.id)):
        if event.kind == LIFTED:
            if going and going.since < event.at:
                done.append(replace(going, until=event.at, reason=str(event.data.get("reason") or "")))
                going = None
        elif going:
            going = replace(
                _extent(event), id=going.id, area=going.area, since=going.since, by=going.by, changed=event.at
            )
        elif event.kind == SET:
            going = _extent(event)
    return [*done, going] if going else done


def _extent(event: Event) -> Extent:
    """What a setting or an adjustment says of a zone; what it leaves out does not hold (any more)."""
    unit_kind, level, grounds = (str(event.data.get(name) or "") for name in ("unit_kind", "level", "grounds"))
    measures = " ".join(str(code) for code in event.data.get("measures") or ())
    return Extent(event.id, event.area, event.at, unit_kind, level, measures, grounds, by=event.by)
