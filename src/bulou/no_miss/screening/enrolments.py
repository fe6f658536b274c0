"""Who is on a register from when until when: a pure function of the facts about one person.

A person enters a category once; further enrolments in it while they are in say nothing new. They leave it by a
withdrawal from it, or from all of them, that is strictly later, so that one instant is never both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bulou.ledger.history import Event

ENROLLED, WITHDRAWN = "person.enrolled", "person.withdrawn"
KINDS = (ENROLLED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Period:
    """One time on one register. `id` is the fact that began it; without `until` it goes on."""

    id: str
    category: str
    area: str
    since: datetime
    until: datetime | None = None
    reason: str = ""
    ended: str = ""
    by: UUID | None = None


def periods(events: Iterable[Event]) -> list[Period]:
    """The times on registers that the facts about one person come to, in order of their beginning."""
    done: list[Period] = []
    going: dict[str, Period] = {}
    for event in sorted(events, key=lambda one: (one.at, one.kind == ENROLLED, one.id)):
        category = str(event.data.get("category") or "")
        if event.kind == ENROLLED and category not in going:
            said = str(event.data.get("reason") or "")
            going[category] = Period(event.id, category, event.area, event.at, reason=said, by=event.by)
        elif event.kind == WITHDRAWN:
            for name in [name for name, one in going.items() if category in ("", name) and one.since < event.at]:
                done.append(replace(going.pop(name), until=event.at, ended=str(event.data.get("reason") or "")))
    return sorted([*done, *going.values()], key=lambda one: (one.since, one.id))
