"""Keeps findings and tours as the facts have them, in the transaction that stores them; and who may close one."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.ledger.history import Event, history, keep, put, unit_of
from bulou.oversight.supervision import findings, tours
from bulou.oversight.supervision.findings import CLOSING, KINDS, closes, findings_of, meant
from bulou.oversight.supervision.models import Finding, Stop, Tour

_AREA = "area:"

UNFOUND = Problem(
    "finding.not_yours",
    Text(
        zh="问题由发现单位核验销号，整改单位不能自己销号；没有登记。",
        en="A finding is closed or returned by the unit that found it, and by no other; nothing was recorded.",
    ),
    Text(
        zh="请登记“整改”，由发现单位核验；单位自己登记的问题由别的单位核验。",
        en="Record it as put right; whoever found it looks again. What a unit found about itself, another closes.",
    ),
)


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the findings about the subjects whose facts moved up to date; None: derive all of them anew."""
    told = history(subjects, KINDS, now)
    rows = [
        Finding(**asdict(one) | {"id": UUID(one.id), "turn": UUID(one.turn)})
        for subject, events in told.items()
        for one in findings_of(subject, events)
    ]
    put(Finding, subjects, rows)


def follow_tours(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring tours planned over areas, and stops with their visits, up to date for the subjects whose facts moved."""
    told = history(subjects, tours.KINDS, now)
    planned = [one for events in told.values() for one in tours.tours_of(events)]
    areas = None if subjects is None else [one.removeprefix(_AREA) for one in subjects if one.startswith(_AREA)]
    if areas is None or areas:
        keep(Tour, "area", areas, [Tour(**asdict(one) | {"id": UUID(one.id)}) for one in planned])
    stops = [one for subject, events in told.items() for one in tours.stops_of(subject, events)]
    rows = [Stop(**{("tour_id" if k == "tour" else k): v for k, v in asdict(one).items()}) for one in stops]
    for row in rows:
        row.id = UUID(str(row.id))
    put(Stop, subjects, rows)


def refused(fresh: Collection[Fact], now: datetime, account: UUID | None) -> dict[str, Problem]:
    """Why facts that close or return findings cannot be taken, by id: they are not the finder's. One query."""
    closing = [fact for fact in fresh if fact.kind in CLOSING]
    subjects = {fact.subject for fact in closing}
    told = history(subjects, KINDS, max(now, *(fact.at for fact in closing))) if closing else {}
    for fact in fresh:
        if fact.subject in subjects and fact.kind == findings.RAISED:
            told.setdefault(fact.subject, []).append(_event(fact))
    found = {}
    for fact in closing:
        until = [one for one in told.get(fact.subject, []) if one.at <= fact.at and one.kind != findings.VERIFIED]
        open_ = meant(findings_of(fact.subject, until), fact.data)
        if any(not closes(one, unit_of(fact.by)) for one in open_):
            found[fact.id] = UNFOUND
    return found


def _event(fact: Fact) -> Event:
    return Event(fact.id, fact.kind, fact.at, fact.area, unit_of(fact.by), dict(fact.data))
