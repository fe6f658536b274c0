"""Keeps findings as the facts have them, in the transaction that stores the facts; and who may close one."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.ledger.history import Event, history, put, unit_of
from bulou.oversight.supervision import findings
from bulou.oversight.supervision.findings import CLOSING, KINDS, closes, findings_of, meant
from bulou.oversight.supervision.models import Finding

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
