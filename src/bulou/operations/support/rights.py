"""What a person asks about their data: a copy, a correction, erasure; answered with a reason, by whoever commands.

The law on personal data (个人信息保护法, in force since 2021-11-01) gives them: to see and copy (art. 45), to have put
right (46), to have erased once the purpose is fulfilled (47); a refusal has its reason, and a court may be asked (50).
Whoever is still managed is erased when they no longer are: until then the purpose stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from bulou.directory.models import Account
from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.ledger import history
from bulou.ledger.erasing import ERASED
from bulou.ledger.history import Event
from bulou.operations.support.models import RightsRequest

Right = Literal["copy", "correction", "erasure"]
Decision = Literal["granted", "declined"]
State = Literal["open", "granted", "done", "declined"]
RIGHTS: tuple[Right, ...] = ("copy", "correction", "erasure")
ASKED, ANSWERED, CORRECTED = "rights.requested", "rights.answered", "contact.corrected"
KINDS = (ASKED, ANSWERED, ERASED)
GUARDED = (ANSWERED,)
ANSWERING = frozenset({"county_command", "city_command", "province_command"})
"""Roles that answer: whoever decides what is kept, and for how long, answers for it."""
WITHIN = timedelta(days=15)
"""How soon a request is answered where no plan in force says: our choice, half of what GB/T 35273—2020 8.7 allows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as its facts have it."""

    id: str
    area: str
    right: str
    words: str
    at: datetime
    by: UUID | None
    state: State = "open"
    reason: str = ""
    answered_at: datetime | None = None
    answered_by: UUID | None = None
    done_at: datetime | None = None


def requests_of(events: Iterable[Event]) -> list[Asked]:
    """The requests of one person, in the order in which they were made. Pure.

    A copy or a correction is done with the answer that grants it; erasure when it has happened, asked for or not.
    """
    found: dict[str, Asked] = {}
    for event in events:
        if event.kind == ASKED:
            said = str(event.data.get("words", ""))
            found[event.id] = Asked(event.id, event.area, str(event.data["right"]), said, event.at, event.by)
        elif event.kind == ANSWERED:
            found |= {one.id: _answered(one, event) for one in meant(found.values(), event.data)}
        else:
            found |= {one.id: _erased(one, event) for one in found.values()}
    return list(found.values())


def meant(requests: Iterable[Asked], data: Mapping[str, object]) -> list[Asked]:
    """The open requests an answer is about: the one it names, else every one of that right."""
    request = data.get("request")
    still = [one for one in requests if one.state == "open" and one.right == data.get("right")]
    return [one for one in still if one.id == request] if request else still


def _answered(one: Asked, event: Event) -> Asked:
    given = replace(one, reason=str(event.data["reason"]), answered_at=event.at, answered_by=event.by)
    if event.data["decision"] == "declined":
        return replace(given, state="declined")
    is_done = one.right != "erasure"
    return replace(given, state="done" if is_done else "granted", done_at=event.at if is_done else None)


def _erased(one: Asked, event: Event) -> Asked:
    """Nothing is left to give a copy of, or to correct, once somebody is erased."""
    return replace(one, state="done", done_at=event.at) if one.state in ("open", "granted") else one


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the requests of these subjects to what their facts say; None: everybody's."""
    found = history.history(subjects, KINDS, now)
    people = {subject: events for subject, events in found.items() if subject.startswith("person:")}
    rows = [_row(subject, one) for subject, events in people.items() for one in requests_of(events)]
    history.put(RightsRequest, subjects, rows)


def _row(subject: str, one: Asked) -> RightsRequest:
    return RightsRequest(
        id=UUID(one.id),
        subject=subject,
        person_id=UUID(subject.removeprefix("person:")),
        area=one.area,
        right=one.right,
        words=one.words,
        asked_at=one.at,
        asked_by=f"unit:{one.by}" if one.by else subject,
        state=one.state,
        reason=one.reason,
        answered_at=one.answered_at,
        answered_by=one.answered_by,
        done_at=one.done_at,
    )


def refused(fresh: Collection[Fact], now: datetime, account: UUID | None) -> dict[str, Problem]:
    """Why answers cannot be taken, by id: from whoever may not answer, or where nothing of the sort is asked."""
    answers = [fact for fact in fresh if fact.kind in GUARDED]
    if account is None or not answers:
        return {}
    if not Account.objects.filter(id=account, role__in=ANSWERING).exists():
        return {fact.id: NOT_YOURS for fact in answers}
    asked = history.history({fact.subject for fact in answers}, KINDS, now)
    return {fact.id: NOT_OPEN for fact in answers if not meant(_before(asked[fact.subject], fresh, fact), fact.data)}


def _before(events: Sequence[Event], fresh: Collection[Fact], answer: Fact) -> list[Asked]:
    """The requests as they stand just before an answer, what comes with it included."""
    with_it = [
        Event(one.id, one.kind, one.at, one.area, history.unit_of(one.by), dict(one.data))
        for one in fresh
        if one.subject == answer.subject and one.kind in KINDS
    ]
    until = [one for one in (*events, *with_it) if (one.at, one.id) < (answer.at, answer.id)]
    return requests_of(sorted(until, key=lambda one: (one.at, one.id)))


NOT_YOURS = Problem(
    "rights.not_yours",
    Text(
        zh="个人信息请求由县级以上指挥部答复；没有登记。",
        en="A request about personal data is answered by a command post of the county or above; nothing was recorded.",
    ),
    Text(zh="请转告本县（区）指挥部。", en="Tell the command post of the county."),
)
NOT_OPEN = Problem(
    "rights.not_open",
    Text(
        zh="这项个人信息请求不在您的属地，或已经答复；没有登记。",
        en="This request is not in your area, or is answered already; nothing was recorded.",
    ),
    Text(zh="请回到清单查看。", en="See the list."),
)
