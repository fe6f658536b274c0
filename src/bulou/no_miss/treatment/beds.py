"""Who has a bed, and what the bed is now, as a pure function of the stays that claim it and of what happened to it.

A stay that cannot have the bed stands beside it and says why: facts are never refused for what they reveal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bulou.no_miss.treatment.courses import Happened, Lying

CLEANED, BROKEN, REPAIRED = "bed.cleaned", "bed.broken", "bed.repaired"
OF_BED = (CLEANED, BROKEN, REPAIRED)
Trouble = Literal["", "no_bed", "taken", "unclean", "broken"]
State = Literal["free", "occupied", "cleaning", "broken"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A bed as its stays and facts leave it: which stays have it (empty) and which not (why), its state, since when."""

    troubles: dict[str, Trouble]
    state: State
    since: datetime | None


def taken_by(stays: Sequence[Lying], facts: Iterable[Happened]) -> Taken:
    """Who has one bed, in order of time, and what the bed is after all of it."""
    bed = _Bed()
    for at, _rank, _id, event in sorted(_events(stays, facts), key=lambda event: event[:3]):
        bed.take(at, event)
    return Taken(bed.troubles, *(bed.changes[-1] if bed.changes else ("free", None)))


def _events(stays: Iterable[Lying], facts: Iterable[Happened]) -> Iterable[tuple[datetime, int, str, Any]]:
    """What happens to a bed. At one instant: out, then clean and whole, then in."""
    for stay in stays:
        yield stay.started, 2, stay.id, stay
        if stay.ended is not None:
            yield stay.ended, 0, stay.id, stay.id
    for fact in facts:
        yield fact.at, 1, fact.id, fact


class _Bed:
    """A bed while its events go by. Whoever lies on it, with or without it being theirs, leaves it to be cleaned."""

    def __init__(self) -> None:
        self.troubles: dict[str, Trouble] = {}
        self.inside: set[str] = set()
        self.is_dirty = self.is_broken = False
        self.changes: list[tuple[State, datetime]] = []

    def take(self, at: datetime, event: Any) -> None:
        if isinstance(event, Lying):
            self.troubles[event.id] = self._trouble()
            self.inside.add(event.id)
        elif isinstance(event, str):
            self.inside.discard(event)
            self.is_dirty = True
        elif event.kind == CLEANED:
            self.is_dirty = self.is_dirty and bool(self.inside)
        else:
            self.is_broken = event.kind == BROKEN
        state = self._state()
        if not self.changes or self.changes[-1][0] != state:
            self.changes.append((state, at))

    def _trouble(self) -> Trouble:
        if self.is_broken:
            return "broken"
        if self.inside:
            return "taken"
        return "unclean" if self.is_dirty else ""

    def _state(self) -> State:
        if self.inside:
            return "occupied"
        if self.is_broken:
            return "broken"
        return "cleaning" if self.is_dirty else "free"
