"""Episodes from their facts: the line list and the epidemic curve. Pure; the reads are in `selectors`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sys import maxsize
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bulou.kernel.clock import SHANGHAI

STATUSES = {
    "episode.suspected": "suspected",
    "episode.confirmed": "confirmed",
    "episode.asymptomatic": "asymptomatic",
    "episode.excluded": "excluded",
}
OUTCOMES = {"episode.discharged": "discharged", "episode.died": "died"}
CONFIRMING = ("episode.confirmed", "episode.asymptomatic")
KINDS = (*STATUSES, *OUTCOMES, "severity.changed")
"""The fact kinds a line of the list is made of."""


class Happened(Protocol):
    """What is read of a fact."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier episode this one hangs on, by subject, and how."""

    episode: str
    relation: str


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the list.

    `episode` and `person` are subjects. `onset` and `confirmed` are local dates, None where not known (yet).
    `is_case` is true where the episode was confirmed at any time on file, after the clock too: it belongs on the list.
    `later` is true where its first fact lies after the clock: listed, but not counted.
    """

    episode: str
    number: str
    person: str
    area: str
    status: str
    onset: date | None
    confirmed: date | None
    severity: str
    origin: str
    outcome: str
    source: str
    links: tuple[Link, ...]
    is_case: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Cases loaded; of those, confirmed by now, with a known onset, and confirmed later. `others`: never confirmed."""

    loaded: int
    confirmed: int
    dated: int
    later: int
    others: int


@dataclass(frozen=True, slots=True)
class Day:
    """Cases confirmed by now, by the local day of their first symptom and of their confirmation."""

    day: date
    onset: int
    confirmed: int


def line_list(facts: Iterable[Happened], now: datetime, zone: ZoneInfo = SHANGHAI) -> list[Case]:
    """One line an episode, by case number. `facts`: effective facts of `KINDS`, in any order.

    What is known is what facts up to `now` say. One that begins later is listed as its facts tell it, marked `later`.
    """
    by_episode: dict[str, list[Happened]] = defaultdict(list)
    for fact in facts:
        by_episode[fact.subject].append(fact)
    cases = (_case(sorted(history, key=lambda fact: fact.at), now, zone) for history in by_episode.values())
    return sorted((case for case in cases if case), key=by_number)


def by_number(case: Case) -> tuple[int, str]:
    """Orders `TJ9` before `TJ10`, and what has no number last."""
    digits = "".join(filter(str.isdigit, case.number))
    return int(digits) if digits else maxsize, case.number


def totals(cases: Iterable[Case]) -> Totals:
    """The numbers over the list."""
    everything = list(cases)
    listed = [case for case in everything if case.is_case]
    counted = [case for case in listed if is_counted(case)]
    dated = sum(case.onset is not None for case in counted)
    return Totals(len(listed), len(counted), dated, len(listed) - len(counted), len(everything) - len(listed))


def is_counted(case: Case) -> bool:
    """True for a case confirmed by now."""
    return not case.later and f"episode.{case.status}" in CONFIRMING


def curve(cases: Iterable[Case]) -> list[Day]:
    """Every day from the first onset or confirmation to the last, days without cases included."""
    counted = [case for case in cases if is_counted(case)]
    onsets = Counter(case.onset for case in counted if case.onset)
    confirmed = Counter(case.confirmed for case in counted if case.confirmed)
    return [Day(day, onsets[day], confirmed[day]) for day in _days({*onsets, *confirmed})]


def _days(known: set[date]) -> Iterator[date]:
    if known:
        first = min(known)
        yield from (first + timedelta(days=n) for n in range((max(known) - first).days + 1))


def _case(history: list[Happened], now: datetime, zone: ZoneInfo) -> Case | None:
    """1. What is known by now, or all of it where it begins later. 2. The last status, and all that was said so far."""
    known = [fact for fact in history if fact.at <= now]
    later = not known
    known = known or history
    stated = [fact for fact in known if fact.kind in STATUSES]
    if not stated:
        return None
    said: dict[str, Any] = {}
    for fact in known:
        said |= {name: value for name, value in fact.data.items() if value not in (None, "", [], ())}
    confirmed = next((fact.at for fact in stated if fact.kind in CONFIRMING), None)
    return Case(
        episode=stated[-1].subject,
        number=str(said.get("case_no", "")),
        person=str(said.get("person", "")),
        area=stated[-1].area,
        status=STATUSES[stated[-1].kind],
        onset=date.fromisoformat(said["onset_on"]) if said.get("onset_on") else None,
        confirmed=confirmed.astimezone(zone).date() if confirmed else None,
        severity=str(said.get("severity", "")),
        origin=str(said.get("origin", "")),
        outcome=next((OUTCOMES[fact.kind] for fact in reversed(known) if fact.kind in OUTCOMES), ""),
        source=str(said.get("source_text", "")),
        links=tuple(Link(str(link["episode"]), str(link["relation"])) for link in said.get("links", ())),
        is_case=any(fact.kind in CONFIRMING for fact in history),
        later=later,
    )
