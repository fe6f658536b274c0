"""Reads of support. Scope is the session's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bulou.kernel.areas import prefix_range
from bulou.operations.support.models import Call, HelpNeed, OwnPage, Volunteer

URGENT = frozenset({"medicine", "medical_care", "chronic_medicine", "psychological", "crisis", "police", "alarm"})
"""Needs that cannot wait for a day."""
SOON, USUAL = timedelta(hours=2), timedelta(hours=24)
"""How soon a need is answered that no plan in force asks about: our choice."""
LATELY = timedelta(days=14)
"""How long closed needs stay on a person's own page."""

_CLOCKS = """
SELECT k.id, r.name, r.clause, r.role, d.owner, d.due_at, d.state, d.opens_at
FROM unnest(%s::text[], %s::uuid[]) k (subject, id)
CROSS JOIN LATERAL (
    SELECT * FROM duty d WHERE d.subject = k.subject AND d.opened_by = k.id ORDER BY d.due_at LIMIT 1 OFFSET 0) d
JOIN rule r ON r.id = d.rule
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """Who answers for a need and by when: as a duty of a plan has it (`duty`, `clause`), else as the product does."""

    owner: UUID | None
    due_at: datetime
    state: str
    duty: str = ""
    clause: str = ""
    role: str = "village_committee"
    opens_at: datetime | None = None


def needs_of(subject: str) -> list[HelpNeed]:
    """The needs of one person or area, those still open first, then the latest. One query."""
    found = HelpNeed.objects.filter(subject=subject).order_by("-asked_at", "-id")
    return sorted(found, key=lambda need: need.state == "closed")


def need(id: UUID) -> HelpNeed | None:
    """One need in scope. One query."""
    return HelpNeed.objects.filter(id=id).first()


def found(area: str, *, state: str = "", code: str = "", referred_to: UUID | None = None) -> QuerySet[HelpNeed]:
    """Needs of an area in a state (`open`: not closed), of a kind, referred to a unit."""
    rows = HelpNeed.objects.filter(area__startswith=area)
    if state:
        rows = rows.exclude(state="closed") if state == "open" else rows.filter(state=state)
    if code:
        rows = rows.filter(need=code)
    return rows.filter(unit=referred_to) if referred_to else rows


def page_of(rows: QuerySet[HelpNeed], *, after: str, limit: int) -> list[HelpNeed]:
    """Some needs, the longest waiting first; `after` is the id of the last one of the page before. One query."""
    last = HelpNeed.objects.filter(id=after) if after else None
    if last is not None:
        at = last.values("asked_at")[:1]
        rows = rows.filter(Q(asked_at__gt=at) | Q(asked_at=at, id__gt=after))
    return list(rows.order_by("asked_at", "id")[:limit])


def clocks(needs: Sequence[HelpNeed], now: datetime, owners: Mapping[str, UUID | None]) -> dict[UUID, Clock]:
    """Owner and clock of each need. `owners`: who answers for an area where no plan says. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS, [[one.subject for one in needs], [one.id for one in needs]])
        duties = {row[0]: row[1:] for row in cursor.fetchall()}
    return {one.id: _clock(one, duties.get(one.id), now, owners) for one in needs}


def _clock(
    need: HelpNeed, duty: tuple[str, str, str, UUID | None, datetime, str, datetime] | None, now: datetime,
    owners: Mapping[str, UUID | None],
) -> Clock:  # fmt: skip
    if duty is not None:
        name, clause, role, owner, due_at, state, opens_at = duty
        return Clock(need.unit or owner, due_at, state, name, clause, role, opens_at)
    due_at = need.asked_at + (SOON if need.need in URGENT else USUAL)
    done_at = need.answered_at
    state = ("met" if done_at <= due_at else "late") if done_at else ("missed" if now > due_at else "open")
    return Clock(need.unit or owners.get(need.area), due_at, state)


def needs_by_id(ids: Iterable[UUID]) -> list[HelpNeed]:
    """Needs in scope by id, the longest waiting first. One query."""
    return list(HelpNeed.objects.filter(id__in=list(ids)).order_by("asked_at", "id"))


def volunteers(area: str) -> list[Volunteer]:
    """Who helps in an area now, by name. One query."""
    lo, hi = prefix_range(area)
    rows = Volunteer.objects.filter(area__gte=lo, area__lt=hi, left_at=None).select_related("person")
    return list(rows.order_by("person__name", "id"))


def calls(area: str, *, after: str, limit: int) -> list[Call]:
    """Calls the hotline took in an area, the latest first. One query."""
    rows = Call.objects.filter(area__startswith=area)
    if after:
        at = Call.objects.filter(id=after).values("at")[:1]
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=after))
    return list(rows.order_by("-at", "-id")[:limit])


def expiry(page: UUID) -> datetime:
    """Until when a link opens its page. One query."""
    return OwnPage.objects.values_list("expires_at", flat=True).get(id=page)


def busy(volunteers: Iterable[UUID]) -> dict[UUID, int]:
    """How many open needs each volunteer sees to. One query."""
    rows = HelpNeed.objects.filter(volunteer__in=list(volunteers)).exclude(state="closed")
    counted: dict[UUID, int] = {}
    for one in rows.values_list("volunteer", flat=True):
        if one:
            counted[one] = counted.get(one, 0) + 1
    return counted
