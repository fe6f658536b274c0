"""Acts and reads of requests about personal data: asked by the person, answered by a command post, carried out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bulou.directory import services as directory
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range
from bulou.kernel.errors import BulouError
from bulou.ledger import acts, erasing
from bulou.ledger import services as ledger
from bulou.operations.support import clocks as clocking
from bulou.operations.support import services
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import RightsRequest
from bulou.operations.support.rights import ANSWERED, ANSWERING, CORRECTED, NOT_OPEN, NOT_YOURS, WITHIN, Decision


def requests_of(subject: str) -> list[RightsRequest]:
    """What one person asked, the latest first. One query."""
    return list(RightsRequest.objects.filter(subject=subject).order_by("-asked_at", "-id"))


def request(id: UUID) -> RightsRequest | None:
    """One request in scope. One query."""
    return RightsRequest.objects.filter(id=id).first()


def requests_by_id(ids: Iterable[UUID]) -> list[RightsRequest]:
    """Requests in scope by id, the longest waiting first. One query."""
    return list(RightsRequest.objects.filter(id__in=list(ids)).order_by("asked_at", "id"))


def found(area: str, *, state: str = "", right: str = "") -> QuerySet[RightsRequest]:
    """Requests of an area in a state, for a right."""
    lo, hi = prefix_range(area)
    rows = RightsRequest.objects.filter(area__gte=lo, area__lt=hi)
    given = {"state": state, "right": right}
    return rows.filter(**{name: value for name, value in given.items() if value})


def clocks(rows: Iterable[RightsRequest], now: datetime, owners: Mapping[str, UUID | None]) -> dict[UUID, Clock]:
    """Owner and clock of each request. `owners`: who answers for an area where no plan says. One query."""
    rows = list(rows)
    planned = clocking.planned(rows)
    return {one.id: _clock(one, planned.get(one.id), now, owners.get(one.area)) for one in rows}


def _clock(one: RightsRequest, planned: Clock | None, now: datetime, owner: UUID | None) -> Clock:
    if planned:
        return replace(planned, owner=planned.owner or owner)
    return clocking.usual(owner, one.asked_at + WITHIN, one.answered_at or one.done_at, now)


def answer(id: UUID, decision: Decision, reason: str, *, by: Account, fact: UUID | None = None) -> int:
    """Grant or refuse a request, with the reason; what may be erased by now is, in the same act. How many files were.

    BulouError for an account that may not, or where the request is not open in scope.
    """

    def act() -> int:
        one = request(id)
        if by.role not in ANSWERING:
            raise BulouError(NOT_YOURS)
        if one is None or (one.state != "open" and (fact is None or not acts.recorded(fact, one.subject, ANSWERED))):
            raise BulouError(NOT_OPEN)
        data = {"request": str(id), "right": one.right, "decision": decision, "reason": reason}
        acts.record(acts.fact(ANSWERED, one.subject, one.area, data, by, fact), by)
        return carry_out([one.person_id]) if (one.right, decision) == ("erasure", "granted") else 0

    return acts.atomic(act)


def ready(people: Iterable[UUID] | None = None) -> list[tuple[UUID, str]]:
    """Whom erasure was granted to and who may be erased by now, with areas: of these people, or all. Two queries."""
    with everywhere():
        rows = RightsRequest.objects.filter(state="granted", right="erasure")
        if people is not None:
            rows = rows.filter(person__in=list(people))
        waiting = dict(rows.values_list("person", "person__area"))
        bars = erasing.barred(waiting)
        return [(person, area) for person, area in waiting.items() if person not in bars]


def carry_out(people: Iterable[UUID] | None = None) -> int:
    """Erase those who are `ready`. How many files."""
    found = ready(people)
    return erasing.erase(found, "request") if found else 0


def due() -> int:
    """How many are `ready`, by the house's clock."""
    with clock.at(erasing.house()):
        return len(ready())


def carry_out_by_the_clock() -> int:
    """`carry_out` for everybody, by the house's clock. How many files."""
    with clock.at(erasing.house()):
        return carry_out()


def correct_phone(person: UUID, area: str, phone: str, *, id: UUID) -> None:
    """The person gives the number they are reached at now. BulouError for a number that is none, or where it fails."""

    def act() -> None:
        directory.phone_set(person, phone)
        made = services.own(CORRECTED, person, area, {"what": "phone"}, id=id)
        for refusal in ledger.record([made]).refused:
            if refusal.problem.code != "fact.conflict":
                raise BulouError(refusal.problem)

    acts.atomic(act)


def is_gone(person: UUID) -> bool:
    """True where who somebody is was erased. One query."""
    return Person.everyone.filter(id=person, name="").exists()
