"""Visits to fever clinics as the facts have them: received, assessed, and seen through to an outcome. Pure and small.

A refusal is no outcome. Whoever is turned away stays on the list until somebody receives them; also where they were
turned away at the door, before anybody put them down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

State = Literal["waiting", "refused", "concluded", "received"]
"""`received`: turned away, and then received elsewhere or again."""
OPEN = ("waiting", "refused")
KINDS = ("fever_clinic.visited", "medic.assessed", "visit.concluded")


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact that counts, as far as visits are concerned."""

    id: str
    kind: str
    at: datetime
    area: str
    by: str | None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one person. `unit`: the clinic, as an id."""

    id: str
    person: str
    area: str
    unit: str
    visited_at: datetime
    triage: str = ""
    exposure_history: bool | None = None
    exposures: tuple[str, ...] = ()
    state: State = "waiting"
    finding: str = ""
    assessed_at: datetime | None = None
    outcome: str = ""
    concluded_at: datetime | None = None
    to: str = ""


def visits_of(person: str, facts: Iterable[Happened]) -> list[Visit]:
    """The visits of a person, in the order in which they happened."""
    found: list[Visit] = []
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == "fever_clinic.visited":
            found = [replace(one, state="received") if one.state == "refused" else one for one in found]
            found.append(_visited(person, fact))
        elif fact.kind == "visit.concluded":
            _conclude(person, found, fact)
        else:
            _assess(found, fact)
    return found


def _visited(person: str, fact: Happened) -> Visit:
    said = fact.data
    history = said.get("exposure_history")
    return Visit(
        id=fact.id,
        person=person,
        area=fact.area,
        unit=_unit(said.get("unit") or fact.by),
        visited_at=fact.at,
        triage=str(said.get("triage", "")),
        exposure_history=history if isinstance(history, bool) else None,
        exposures=tuple(map(str, said.get("exposures", ()))),
    )


def _conclude(person: str, found: list[Visit], fact: Happened) -> None:
    """The outcome of the last visit that is open; a refusal where there is none is one of its own."""
    outcome = str(fact.data.get("outcome", ""))
    place = next((n for n in reversed(range(len(found))) if found[n].state in OPEN), None)
    if place is None and outcome != "refused":
        return
    if place is None:
        at_the_door = Visit(fact.id, person, fact.area, _unit(fact.by), fact.at)
        found.append(at_the_door)
        place = len(found) - 1
    found[place] = replace(
        found[place],
        state="refused" if outcome == "refused" else "concluded",
        outcome=outcome,
        concluded_at=fact.at,
        to=_unit(fact.data.get("to")),
    )


def _assess(found: list[Visit], fact: Happened) -> None:
    """What a medic made of somebody who is at a clinic; seen at home it belongs to no visit."""
    if found and found[-1].state == "waiting":
        found[-1] = replace(found[-1], finding=str(fact.data.get("finding", "")), assessed_at=fact.at)


def _unit(reference: Any) -> str:
    text = str(reference or "")
    return text.removeprefix("unit:") if text.startswith("unit:") or ":" not in text else ""
