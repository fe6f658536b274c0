"""Lists other departments push down, held against what the village found: pure functions.

*Theirs* are the people a list names; *ours* those on the village's register of the same category while the list was
current. Nobody is lost between the two: theirs and ours are what is in both, only in theirs, and only in ours. That
somebody is only in ours says something where the list claims to hold them, and nothing where it does not.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.ledger.history import Event

LISTED, SETTLED, SCOPED = "person.listed", "listing.settled", "listing.scoped"
KINDS = (LISTED, SETTLED)
CURRENT = timedelta(days=14)
"""How long a list stays current: our choice, the longest incubation of the disease."""
OPEN, ADDED = "open", "added"
"""Not yet settled; and what the village told the department of somebody its list did not name."""
REGISTER, DAY, NAMED_ALONE = "register", "day", "named"
SCOPES = (REGISTER, DAY, NAMED_ALONE)
"""What a list claims to hold: everybody of its category, those of one day, or only whom it names."""
BOTH, ONLY_THEIRS, ONLY_OURS = "both", "theirs", "ours"


@dataclass(frozen=True, slots=True)
class Named:
    """One person on one list. `id` is the fact that named them; `state` is open, or how it was settled."""

    id: str
    list: str
    category: str
    area: str
    at: datetime
    state: str = OPEN
    settled_at: datetime | None = None
    by: UUID | None = None


def named(events: Iterable[Event]) -> list[Named]:
    """The lists one person is on, each once, by what named them first; settled by what settles that list, or all."""
    found: dict[str, Named] = {}
    for event in sorted(events, key=lambda one: (one.at, one.kind != LISTED, one.id)):
        name = str(event.data.get("list") or "")
        if event.kind == LISTED and name not in found:
            category = str(event.data.get("category") or "arrival")
            found[name] = Named(event.id, name, category, event.area, event.at)
        elif event.kind == LISTED and (event.area != found[name].area or found[name].state == ADDED):
            anew = event.id if found[name].state == ADDED else found[name].id
            found[name] = replace(found[name], id=anew, area=event.area, state=OPEN, settled_at=None, by=None)
        elif event.kind == SETTLED:
            said = str(event.data.get("outcome") or "")
            if said == ADDED and name and name not in found:
                category = str(event.data.get("category") or "arrival")
                found[name] = Named(event.id, name, category, event.area, event.at)
            for one in [one for one in found.values() if name in ("", one.list)]:
                found[one.list] = replace(one, state=said, settled_at=event.at, by=event.by)
    return sorted(found.values(), key=lambda one: (one.at, one.id))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list claims to hold of an area. `id` is the fact that stated it."""

    id: str
    list: str
    category: str
    area: str
    scope: str
    day: date | None
    at: datetime
    by: UUID | None


def scopes(events: Iterable[Event]) -> list[Scope]:
    """What lists claim to hold of one area, the last word on each."""
    found: dict[tuple[str, str], Scope] = {}
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        if event.kind == SCOPED:
            said = event.data
            name, category = str(said.get("list") or ""), str(said.get("category") or "arrival")
            day = _day(said.get("day"))
            scope = str(said.get("scope") or NAMED_ALONE)
            found[name, category] = Scope(event.id, name, category, event.area, scope, day, event.at, event.by)
    return list(found.values())


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def claims(scopes: Iterable[Scope], area: str, days: Collection[date]) -> bool:
    """True where a list claims to hold whoever is in an area and came on these days, so that their absence counts."""
    return any(
        area.startswith(one.area) and (one.scope == REGISTER or (one.scope == DAY and one.day in days))
        for one in scopes
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """One person as the two sides have them: where each says they are; None where a side does not name them."""

    person: UUID
    theirs: str | None
    ours: str | None

    @property
    def side(self) -> str:
        if self.theirs is None:
            return ONLY_OURS
        return ONLY_THEIRS if self.ours is None else BOTH

    @property
    def differs(self) -> bool:
        """True where both name the person, in different villages."""
        return self.theirs is not None and self.ours is not None and self.theirs[:12] != self.ours[:12]


def reconciled(theirs: Mapping[UUID, str], ours: Mapping[UUID, str]) -> list[Pair]:
    """Everybody either side names, once, by id: a person to the area each side has them in."""
    return [Pair(one, theirs.get(one), ours.get(one)) for one in sorted(theirs.keys() | ours.keys())]
