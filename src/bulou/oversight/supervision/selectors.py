"""Reads of supervision. Scope is the session's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from bulou.directory.selectors.paging import beyond
from bulou.kernel.areas import prefix_range
from bulou.kernel.ids import id_of
from bulou.oversight.supervision.findings import OWED
from bulou.oversight.supervision.models import Finding

FETCHED = 2_000
"""Rows fetched at once for a file."""
_DUTIES = """
SELECT k.id, d.owner, d.due_at, r.clause, r.name, d.opens_at
FROM unnest(%s::text[], %s::uuid[], %s::uuid[]) k (subject, id, turn)
CROSS JOIN LATERAL (
    SELECT d.rule, d.owner, d.due_at, d.opens_at FROM duty d
    WHERE d.subject = k.subject AND d.opened_by = k.turn AND d.state IN ('open', 'missed')
    ORDER BY d.due_at LIMIT 1) d
JOIN rule r ON r.id = d.rule
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """By when whoever's turn it is must have acted: as the plans in force say (`duty`), else as the finder did."""

    due_at: datetime
    owner: UUID | None = None
    clause: str = ""
    duty: str = ""
    opens_at: datetime | None = None


def findings_found(
    area: str,
    now: datetime,
    *,
    state: str = "",
    severity: str = "",
    clause: str = "",
    unit: UUID | None = None,
    by: UUID | None = None,
    tour: UUID | None = None,
    about: str = "",
) -> "QuerySet[Finding]":
    """Those findings, in no order yet.

    `state`: `open` (all that are not closed), `owed` (to be put right), `over` (owed, and the time is past),
    `rectified`, `closed`, `escalated` or any; `unit`: to be put right by it; `by`: found by it; `tour`: on that tour;
    `about`: there.
    """
    lo, hi = prefix_range(area)
    given: dict[str, Any] = {"severity": severity, "clause": clause, "unit": unit, "by": by, "tour": tour}
    given["about"] = about
    found = Finding.objects.filter(area__gte=lo, area__lt=hi, **{k: v for k, v in given.items() if v})
    return found.filter(_states(now)[state]) if state else found


def _states(now: datetime) -> dict[str, Q]:
    owed = Q(state__in=OWED)
    return {
        "open": Q(closed_at=None),
        "owed": owed,
        "over": owed & Q(due_at__lt=now),
        "rectified": Q(state="rectified"),
        "closed": Q(state="closed"),
        "escalated": Q(escalated_at__isnull=False, closed_at=None),
    }


def findings_page(found: "QuerySet[Finding]", *, newest: bool = False, after: str = "", limit: int) -> list[Finding]:
    """A page of findings: what is due first, or what was raised last; `after` is the last one's id. Two queries."""
    rows = beyond(found, "raised_at" if newest else "due_at", after, oldest=not newest)
    return list(rows.order_by(*(("-raised_at", "-id") if newest else ("due_at", "id")))[:limit])


def findings_stream(found: "QuerySet[Finding]", *, newest: bool = False) -> Iterator[Finding]:
    """Every one of them, from one cursor. Within a transaction."""
    return found.order_by(*(("-raised_at", "-id") if newest else ("due_at", "id"))).iterator(FETCHED)


def findings_by_id(ids: Iterable[UUID]) -> list[Finding]:
    """Findings by id, those in scope. One query."""
    return list(Finding.objects.filter(id__in=set(ids)).order_by("due_at", "id"))


def finding(name: str) -> Finding | None:
    """The finding a page is about: by the name facts have for it, or by the fact that raised it. One query."""
    wanted = Q(subject=f"finding:{name}")
    if id := id_of(name):
        wanted |= Q(id=id)
    return Finding.objects.filter(wanted).order_by("-raised_at", "-id").first()


def findings_of(subjects: Iterable[str]) -> dict[str, Finding]:
    """The latest finding of each of these subjects that is a finding. One query, none where none is."""
    named = {one for one in subjects if one.startswith("finding:")}
    found = Finding.objects.filter(subject__in=named).order_by("raised_at", "id") if named else ()
    return {one.subject: one for one in found}


def standing(area: str, now: datetime) -> dict[str, int]:
    """How many findings of an area are how far, by the states of `findings_found`. One query."""
    counted = {name: Count("id", filter=wanted) for name, wanted in _states(now).items()}
    return findings_found(area, now).aggregate(**counted)


def clocks(findings: Sequence[Finding]) -> dict[UUID, Clock]:
    """Whose turn it is with each finding that is open, and until when; the earlier of plan and finder. One query."""
    still = [one for one in findings if one.closed_at is None]
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES, [[o.subject for o in still], [o.id for o in still], [o.turn for o in still]])
        known = {
            id: Clock(due, owner, clause, duty, opens) for id, owner, due, clause, duty, opens in cursor.fetchall()
        }
    return {one.id: _clock(one, known.get(one.id)) for one in still}


def _clock(one: Finding, plan: Clock | None) -> Clock:
    """A finder's own deadline is the unit's; how soon the finder looks again is for plans alone."""
    own = Clock(one.due_at, one.unit if one.state in OWED else one.by)
    if plan is None:
        return own
    if one.state in OWED and one.due_at < plan.due_at:
        return Clock(one.due_at, plan.owner or own.owner, plan.clause, plan.duty, plan.opens_at)
    return plan
