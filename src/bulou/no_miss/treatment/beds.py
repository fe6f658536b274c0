"""Who has a thing, and what it is now, as a pure function of the spells that claim it and of what happened to it.

A thing is a bed and a spell a stay, or a device and its use. Both serve one patient at a time, are disinfected before
the next, and may be out of use. A spell that cannot have the thing stands beside it and says why: facts are never
refused for what they reveal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bulou.no_miss.treatment.courses import Happened

OF_BED = ("bed.cleaned", "bed.broken", "bed.repaired")
Trouble = Literal["", "taken", "unclean", "broken"]
State = Literal["free", "occupied", "cleaning", "broken"]


OUT, TOLD, IN = range(3)
"""What happens at one instant happens so: out, then clean and whole, then in."""


class Spell(Protocol):
    """Somebody's time with a thing, as the facts claim it; half-open."""

    @property
    def id(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def ended(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A thing as its spells and facts leave it: which spells have it (empty) and which not (why), its state, since."""

    troubles: dict[str, Trouble]
    state: State
    since: datetime | None


def taken_by(spells: Sequence[Spell], facts: Iterable[Happened]) -> Taken:
    """Who has one thing, in order of time, and what it is after all of it."""
    thing = _Thing()
    for at, rank, id, verb in sorted(_events(spells, facts)):
        thing.take(at, rank, id, verb)
    return Taken(thing.troubles, *(thing.changes[-1] if thing.changes else ("free", None)))


def _events(spells: Iterable[Spell], facts: Iterable[Happened]) -> Iterable[tuple[datetime, int, str, str]]:
    """What happens to a thing: when, in which order of one instant, by which fact, and of a fact its verb."""
    for spell in spells:
        yield spell.started, IN, spell.id, ""
        if spell.ended is not None:
            yield spell.ended, OUT, spell.id, ""
    for fact in facts:
        yield fact.at, TOLD, fact.id, fact.kind.rpartition(".")[2]


class _Thing:
    """A thing while its events go by. Whoever has it, with or without it being theirs, leaves it to be cleaned."""

    def __init__(self) -> None:
        self.troubles: dict[str, Trouble] = {}
        self.inside: set[str] = set()
        self.is_dirty = self.is_broken = False
        self.changes: list[tuple[State, datetime]] = []

    def take(self, at: datetime, rank: int, id: str, verb: str) -> None:
        if rank == IN:
            self.troubles[id] = self._trouble()
            self.inside.add(id)
        elif rank == OUT:
            self.inside.discard(id)
            self.is_dirty = True
        elif verb == "cleaned":
            self.is_dirty = self.is_dirty and bool(self.inside)
        else:
            self.is_broken = verb == "broken"
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
