"""One person's illnesses as their facts have them, and where the person lay: pure, whatever order the facts come in.

1. The facts of an episode give its course: status, severity, hospital, and how it ended.
2. The facts of all episodes of one person give their time in beds: half-open, at most one of them open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.no_miss.treatment.episodes import CONFIRMING, OUTCOMES, STATUSES

LYING = ("episode.isolated", "episode.admitted", "episode.moved")
"""Kinds that put a patient into a hospital, and where they say it into a bed."""
LEAVING = ("episode.discharged", "episode.died", "episode.excluded")
MARKS = {
    "episode.reported": "reported_at",
    "treatment.planned": "planned_at",
    "expert.consulted": "consulted_at",
    "discharge.assessed": "assessed_at",
    "convalescent.visited": "visited_at",
    "condition.assessed": "seen_at",
}
"""Kinds of which a course keeps when they happened last."""
OF_EPISODE = tuple(dict.fromkeys((*STATUSES, *LYING, *LEAVING, "severity.changed", *MARKS)))
GRAVE = ("severe", "critical")


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact that counts, as much of it as matters here. `episode` is the id in its subject."""

    id: str
    kind: str
    at: datetime
    episode: str = ""
    area: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """One episode at an instant. `graver_at`: since when it is severe or critical, None where it is not.

    `told_at`: the last report of a severe course; the other times are of the last fact of their kind.
    """

    episode: str
    person: str | None
    area: str
    status: str
    number: str
    severity: str
    origin: str
    begun_at: datetime
    confirmed_at: datetime | None
    graver_at: datetime | None
    ended_at: datetime | None
    outcome: str
    told_at: datetime | None
    reported_at: datetime | None
    planned_at: datetime | None
    consulted_at: datetime | None
    assessed_at: datetime | None
    visited_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lying:
    """A patient's time in one bed, or in a hospital without one, from the fact `id` that put them there."""

    id: str
    who: str
    episode: str
    area: str
    unit: str | None
    place: str | None
    started: datetime
    ended: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended is None


def in_order(facts: Iterable[Happened]) -> list[Happened]:
    """By time; of one instant endings first, for an end ends what began strictly before it."""
    return sorted(facts, key=lambda fact: (fact.at, fact.kind not in LEAVING, fact.id))


def course_of(facts: Iterable[Happened]) -> Course | None:
    """The course of one episode; None where no fact says what it is."""
    events = in_order(facts)
    stated = [fact for fact in events if fact.kind in STATUSES]
    if not stated:
        return None
    said: dict[str, Any] = {}
    for fact in events:
        said |= {name: value for name, value in fact.data.items() if value not in (None, "")}
    last: dict[str, datetime] = {MARKS[fact.kind]: fact.at for fact in events if fact.kind in MARKS}
    ended = _end(events)
    person = str(said["person"]).removeprefix("person:") if said.get("person") else None
    return Course(
        episode=stated[-1].episode,
        person=person if is_id(person) else None,
        area=stated[-1].area,
        status=STATUSES[stated[-1].kind],
        number=str(said.get("case_no", "")),
        severity=str(said.get("severity", "")),
        origin=str(said.get("origin", "")),
        begun_at=stated[0].at,
        confirmed_at=next((fact.at for fact in stated if fact.kind in CONFIRMING), None),
        graver_at=_graver(events),
        ended_at=ended.at if ended else None,
        outcome=_outcome(ended),
        told_at=max(
            (f.at for f in events if f.kind == "episode.reported" and f.data.get("stage") == "severity"), default=None
        ),
        **{name: last.get(name) for name in MARKS.values()},
    )


def lyings_of(who: str, facts: Iterable[Happened]) -> list[Lying]:
    """A person's time in beds over all their episodes, in order of time. An end ends a stay of its own episode."""
    found: list[Lying] = []
    for fact in in_order(facts):
        last = found[-1] if found and found[-1].is_open else None
        if fact.kind in LEAVING and last and last.episode == fact.episode and fact.at > last.started:
            found[-1] = replace(last, ended=fact.at)
        elif fact.kind in LYING:
            new = _lying(who, fact)
            if last is None:
                found.append(new)
            elif is_elsewhere(new, last):
                found[-1:] = [replace(last, ended=fact.at)] if fact.at > last.started else []
                found.append(new)
            elif new.episode != last.episode:
                found[-1] = replace(last, episode=new.episode)
    return found


def is_elsewhere(new: Lying, last: Lying) -> bool:
    """True where a fact names another bed, or no bed and another hospital."""
    if new.place is not None:
        return new.place != last.place
    return new.unit is not None and new.unit != last.unit


def is_id(text: object) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _lying(who: str, fact: Happened) -> Lying:
    return Lying(fact.id, who, fact.episode, fact.area, _ref(fact, "unit"), _ref(fact, "place"), fact.at)


def _ref(fact: Happened, name: str) -> str | None:
    """The id in `unit:0197…` or `place:0197…` in its one spelling; a name that is no id is none."""
    given = str(fact.data.get(name) or "").rpartition(":")[2]
    return str(UUID(given)) if is_id(given) else None


def _end(events: Iterable[Happened]) -> Happened | None:
    """What ended the illness; a hospital that passes the patient on, or a status stated since, does not."""
    ended = None
    for fact in events:
        if fact.kind in LEAVING and fact.data.get("outcome") != "transferred":
            ended = fact
        elif fact.kind in STATUSES and fact.kind not in LEAVING:
            ended = None
    return ended


def _outcome(ended: Happened | None) -> str:
    return OUTCOMES.get(ended.kind, STATUSES.get(ended.kind, "")) if ended else ""


def _graver(events: Iterable[Happened]) -> datetime | None:
    since, grade = None, ""
    for fact in events:
        new = str(fact.data.get("severity") or "")
        if new and (new in GRAVE) != (grade in GRAVE):
            since = fact.at if new in GRAVE else None
        elif new == "critical" != grade:
            since = fact.at
        grade = new or grade
    return since
