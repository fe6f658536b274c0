"""Keeps needs, calls and volunteers as the facts have them, in the transaction that stores the facts."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.kernel.ids import id_of
from bulou.kernel.text import Text
from bulou.ledger.engines import store
from bulou.ledger.history import put
from bulou.operations.support import course
from bulou.operations.support.course import Happened, Need
from bulou.operations.support.models import Call, HelpNeed, Volunteer

CALL, JOINED, LEFT = "call.taken", "volunteer.joined", "volunteer.left"
KINDS = (*course.KINDS, CALL, JOINED, LEFT)
Row = HelpNeed | Call | Volunteer
GUARDED = ("help.closed",)
_FACTS = """
SELECT f.subject, f.id::text, f.kind, f.at, f.area, f.by, f.data, f.account::text FROM fact f
WHERE (%(all)s OR f.subject = ANY(%(subjects)s::text[])) AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring needs, calls and volunteers up to date for subjects whose facts moved; None: derive everything anew."""
    facts = _facts(subjects, now)
    put(HelpNeed, subjects, [_row(need) for subject, own in facts.items() for need in _needs(subject, own)])
    calls = [_call(subject, fact) for subject, own in facts.items() for fact in own if fact.kind == CALL]
    put(Call, subjects, calls)
    put(Volunteer, subjects, [row for subject, own in facts.items() for row in _volunteers(subject, own)])


def refused(fresh: Collection[Fact], now: datetime, account: UUID | None) -> dict[str, Problem]:
    """Why facts that close a need cannot be taken, by id: an account that saw to it does not confirm it."""
    closing = [fact for fact in fresh if fact.kind in GUARDED]
    if account is None or not closing:
        return {}
    facts = _facts({fact.subject for fact in closing}, now)
    for fact in fresh:
        if fact.kind in course.KINDS and fact.kind not in GUARDED:
            facts.setdefault(fact.subject, []).append(_happened(fact, account))
    found = {}
    for fact in closing:
        until = [one for one in facts.get(fact.subject, []) if (one.at, one.id) < (fact.at, fact.id)]
        needs = course.meant(_needs(fact.subject, until), fact.data)
        if any(not course.confirms(need, fact.by, str(account)) for need in needs):
            found[fact.id] = UNCONFIRMED
    return found


UNCONFIRMED = Problem(
    "help.unconfirmed",
    Text(
        zh="求助须由本人确认后办结；办理人自己不能办结，没有登记。",
        en="A need closes when the person confirms it, and not by whoever saw to it; nothing was recorded.",
    ),
    Text(
        zh="请登记“送达”，由本人在自己的页面上确认，或由另一人电话确认后办结。",
        en="Record it as delivered; the person confirms on their own page, or to another account by telephone.",
    ),
)


def _needs(subject: str, facts: Iterable[Happened]) -> list[Need]:
    return course.needs_of(subject, (fact for fact in facts if fact.kind in course.KINDS))


def _happened(fact: Fact, account: UUID) -> Happened:
    return Happened(fact.id, fact.kind, fact.at, fact.area, fact.by, fact.data, str(account))


def _facts(subjects: Iterable[str] | None, now: datetime) -> dict[str, list[Happened]]:
    """The facts that count, by subject. One query."""
    given = {"all": subjects is None, "subjects": list(subjects or ()), "kinds": list(KINDS), "now": now}
    found: dict[str, list[Happened]] = defaultdict(list)
    for subject, id, kind, at, area, by, data, account in store.query(_FACTS, given):
        found[subject].append(Happened(id, kind, at, area, by, json.loads(data), account))
    return found


def _row(need: Need) -> HelpNeed:
    return HelpNeed(
        id=UUID(need.id),
        subject=need.subject,
        person_id=id_of(need.subject.removeprefix("person:")),
        area=need.area,
        need=need.need,
        words=need.words,
        channel=need.channel,
        asked_at=need.asked_at,
        asked_by=need.asked_by,
        state=need.state,
        unit=id_of(need.unit),
        volunteer=id_of(need.volunteer),
        answered_at=need.answered_at,
        answered_by=need.answered_by,
        delivered_at=need.delivered_at,
        delivered_by=need.delivered_by,
        unmet=need.unmet,
        closed_at=need.closed_at,
        how=need.how,
        hands=[UUID(account) for account in need.hands],
    )


def _call(subject: str, fact: Happened) -> Call:
    said = fact.data
    return Call(
        id=UUID(fact.id),
        subject=subject,
        area=fact.area,
        at=fact.at,
        topic=str(said.get("topic", "")),
        outcome=str(said.get("outcome", "")),
        words=str(said.get("words", "")),
        by=fact.by,
    )


def _volunteers(subject: str, facts: Sequence[Happened]) -> Iterator[Volunteer]:
    """Each time somebody helps: from when they join, not helping already, until they leave."""
    since: Happened | None = None
    told = [fact for fact in facts if fact.kind in (JOINED, LEFT)]
    for fact in sorted(told, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == JOINED:
            since = since or fact
        elif since:
            yield _volunteer(subject, since, fact.at)
            since = None
    if since:
        yield _volunteer(subject, since, None)


def _volunteer(subject: str, joined: Happened, left_at: datetime | None) -> Volunteer:
    return Volunteer(
        id=UUID(joined.id),
        subject=subject,
        person_id=UUID(subject.removeprefix("person:")),
        area=joined.area,
        skills=str(joined.data.get("skills", "")),
        since=joined.at,
        left_at=left_at,
    )
