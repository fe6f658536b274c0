"""The course of a finding: raised, put right, looked at again, closed or owed anew. Pure and small.

A finding is closed by the unit that raised it and by no other: whoever put it right only says that it is. What a unit
found about itself is closed by any other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from bulou.kernel.ids import id_of
from bulou.kernel.periods import parse_period
from bulou.ledger.history import Event

State = Literal["raised", "rectified", "returned", "closed"]
RAISED, RECTIFIED, RETURNED, VERIFIED = "finding.raised", "finding.rectified", "finding.returned", "finding.verified"
REMINDED, ESCALATED, DECIDED = "finding.reminded", "finding.escalated", "accountability.decided"
KINDS = (RAISED, RECTIFIED, RETURNED, VERIFIED, REMINDED, ESCALATED, DECIDED)
CLOSING = (VERIFIED, RETURNED)
"""What only the finder says."""
WITHIN: Mapping[str, str] = {"minor": "P3D", "serious": "P1D", "grave": "PT4H"}
"""How soon a finding must be right where nobody said: our choice, by how much harm waits."""
AGAIN = timedelta(days=1)
"""How soon what was found not yet right must be, at most: our choice, for it was to be right already."""
OWED = ("raised", "returned")
"""Whose turn it is: the unit's; after `rectified` it is the finder's."""


class Held(Protocol):
    """What says who closes a finding: who found it, and who puts it right."""

    @property
    def by(self) -> UUID | None: ...

    @property
    def unit(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding and how far it is. `id` is the fact that raised it, `turn` the fact that opened whoever's turn it is.

    `by`: the unit that found it; `unit`: the unit that puts it right, None where nobody was named. `due_at`: by when,
    as the finder said or by its severity.
    """

    id: str
    subject: str
    area: str
    raised_at: datetime
    by: UUID | None
    about: str
    unit: UUID | None
    clause: str
    severity: str
    words: str
    due_at: datetime
    turn: str
    tour: UUID | None = None
    state: State = "raised"
    answer: str = ""
    rectified_at: datetime | None = None
    returned: int = 0
    reminded: int = 0
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    measure: str = ""
    closed_at: datetime | None = None


def findings_of(subject: str, events: Iterable[Event]) -> list[Finding]:
    """The findings the facts about one subject come to, in order of time."""
    found: dict[str, Finding] = {}
    for event in sorted(events, key=lambda one: (one.at, one.kind != RAISED, one.id)):
        if event.kind == RAISED:
            found[event.id] = _raised(subject, event)
        else:
            for one in meant(found.values(), event.data):
                found[one.id] = _STEPS[event.kind](one, event)
    return list(found.values())


def meant(findings: Iterable[Finding], data: Mapping[str, Any]) -> list[Finding]:
    """The open findings a fact about their subject is about: the one it names, else those of its clause."""
    named, clause = str(data.get("finding") or "").removeprefix("finding:"), data.get("clause")
    still = [one for one in findings if one.state != "closed"]
    if named and any(one.id == named for one in still):
        return [one for one in still if one.id == named]
    return [one for one in still if not clause or one.clause in ("", clause)]


def closes(one: Held, by: UUID | None) -> bool:
    """True where a unit may say whether it is right: the one that found it, or another than the one it is about."""
    if one.by is not None and one.by != one.unit:
        return by == one.by
    return one.unit is None or by != one.unit


def within(data: Mapping[str, Any]) -> timedelta:
    """How soon a finding must be right: as said, else by its severity."""
    return parse_period(str(data.get("within") or WITHIN.get(str(data.get("severity")), WITHIN["minor"])))


def _raised(subject: str, event: Event) -> Finding:
    said, kind = event.data, subject.partition(":")[0]
    to = said.get("to") or (subject if kind == "unit" else "")
    return Finding(
        id=event.id,
        subject=subject,
        area=event.area,
        raised_at=event.at,
        by=event.by,
        about=str(said.get("about") or ("" if kind == "finding" else subject)),
        unit=id_of(to, "unit"),
        clause=str(said.get("clause") or ""),
        severity=str(said.get("severity") or ""),
        words=str(said.get("words") or ""),
        due_at=event.at + within(said),
        turn=event.id,
        tour=id_of(said.get("tour")),
    )


def _rectified(one: Finding, event: Event) -> Finding:
    if one.state not in OWED:
        return one
    answer = str(event.data.get("words") or "")
    return replace(one, state="rectified", answer=answer, rectified_at=event.at, turn=event.id)


def _returned(one: Finding, event: Event) -> Finding:
    if not closes(one, event.by):
        return one
    again = min(within({"severity": one.severity} | dict(event.data)), AGAIN)
    return replace(
        one, state="returned", returned=one.returned + 1, rectified_at=None, due_at=event.at + again, turn=event.id
    )


def _verified(one: Finding, event: Event) -> Finding:
    return replace(one, state="closed", closed_at=event.at) if closes(one, event.by) else one


def _reminded(one: Finding, event: Event) -> Finding:
    return replace(one, reminded=one.reminded + 1, reminded_at=event.at)


def _escalated(one: Finding, event: Event) -> Finding:
    return replace(one, escalated_at=one.escalated_at or event.at)


def _decided(one: Finding, event: Event) -> Finding:
    return replace(one, measure=str(event.data.get("measure") or ""))


_STEPS: Mapping[str, Callable[[Finding, Event], Finding]] = {
    RECTIFIED: _rectified,
    RETURNED: _returned,
    VERIFIED: _verified,
    REMINDED: _reminded,
    ESCALATED: _escalated,
    DECIDED: _decided,
}
