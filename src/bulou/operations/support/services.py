"""Acts about needs: asked by the person or for them, taken up, handed on, brought, confirmed. One fact each."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from bulou.directory.models import Account, Person
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger_reads
from bulou.ledger import services as ledger
from bulou.operations.support.models import HelpNeed

Confirmed = Literal["call", "visit"]
Outcome = Literal["answered", "request", "referred"]


def ask(
    subject: str, area: str, need: str, words: str, *, by: Account, channel: str = "", id: UUID | None = None
) -> UUID:
    """Put down what a person or an area needs. `id` is the fact's: the same act sent twice is one."""
    data = {"need": need} | _given(words=words, channel=channel)
    return _record("help.requested", subject, area, data, by, id)


def accept(need: UUID, *, by: Account, words: str = "", id: UUID | None = None) -> UUID:
    """The account's unit takes a request up."""
    return _of(need, "help.answered", _given(words=words), by, id)


def assign(need: UUID, volunteer: UUID, *, by: Account, id: UUID | None = None) -> UUID:
    """A volunteer goes. BulouError where there is no such person in scope."""
    if not Person.objects.filter(id=volunteer).exists():
        raise BulouError.of(
            "help.volunteer",
            "属地内没有这位志愿者；没有指派。请从名单中选择。",
            "There is no such volunteer in your area; nobody was assigned. Choose one of the list.",
            field="volunteer",
        )
    return _of(need, "help.assigned", {"volunteer": f"person:{volunteer}"}, by, id)


def refer(need: UUID, to: UUID, *, by: Account, words: str = "", id: UUID | None = None) -> UUID:
    """Another unit answers for a request from now on."""
    return _of(need, "help.referred", {"to": f"unit:{to}"} | _given(words=words), by, id)


def deliver(need: UUID, *, by: Account, words: str = "", id: UUID | None = None) -> UUID:
    """What was asked for was brought or done; the person has still to confirm it."""
    return _of(need, "help.delivered", _given(words=words), by, id)


def confirm(need: UUID, how: Confirmed, *, by: Account, words: str = "", id: UUID | None = None) -> UUID:
    """The person said to this account that it is done. BulouError for an account that saw to it itself."""
    return _of(need, "help.closed", {"confirmed": how} | _given(words=words), by, id)


def unmet(need: UUID, *, by: Account, words: str = "", id: UUID | None = None) -> UUID:
    """The person said that it is not done."""
    return _of(need, "help.unmet", _given(words=words), by, id)


def take_call(
    subject: str, area: str, topic: str, outcome: Outcome, words: str, *, by: Account, id: UUID | None = None
) -> UUID:
    """A call to the hotline, and what came of it."""
    data = {"topic": topic, "outcome": outcome} | _given(words=words)
    return _record("call.taken", subject, area, data, by, id)


def join(person: UUID, skills: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Somebody helps from now on. BulouError for somebody out of scope."""
    return _record("volunteer.joined", *_somebody(person), _given(skills=skills), by, id)


def leave(person: UUID, *, by: Account, id: UUID | None = None) -> UUID:
    """Somebody helps no longer. BulouError for somebody out of scope."""
    return _record("volunteer.left", *_somebody(person), {}, by, id)


def _somebody(person: UUID) -> tuple[str, str]:
    found = Person.objects.filter(id=person).first()
    if found is None:
        raise BulouError.of(
            "help.person",
            "属地内没有这个人；没有登记。请从名单中选择。",
            "There is no such person in your area; nothing was recorded. Choose one of the list.",
        )
    return f"person:{person}", found.area_id


def own(kind: str, person: UUID, area: str, data: Mapping[str, Any], *, id: UUID) -> Fact:
    """A fact that a person records about themselves, in nobody's name but their own."""
    subject = f"person:{person}"
    return Fact(str(id), kind, subject, area, clock.now(), subject, dict(data))


def _of(need: UUID, kind: str, data: Mapping[str, Any], by: Account, id: UUID | None) -> UUID:
    """Record what happens to one request that is open. BulouError where there is none in scope, or it is closed."""
    found = HelpNeed.objects.filter(id=need).first()
    if found is None or (found.state == "closed" and not _is_known(id)):
        raise BulouError.of(
            "help.not_open",
            "这条求助不在您的属地或已经办结；没有登记。请回到名单查看。",
            "This request is not in your area, or is closed; nothing was recorded. See the list.",
        )
    return _record(kind, found.subject, found.area, {"request": str(need), "need": found.need} | dict(data), by, id)


@transaction.atomic
def _record(kind: str, subject: str, area: str, data: Mapping[str, Any], by: Account, id: UUID | None) -> UUID:
    """BulouError where the ledger refuses; the same act sent again is no error."""
    made = Fact(str(id or new_id()), kind, subject, area, clock.now(), f"unit:{by.unit_id}", dict(data))
    receipt = ledger.record([made], area=by.area, account=by.pk)
    for refusal in receipt.refused:
        if refusal.problem.code != "fact.conflict" or not _is_known(UUID(made.id)):
            raise BulouError(refusal.problem)
    return UUID(made.id)


def _is_known(id: UUID | None) -> bool:
    """True where a fact of this id is on record in scope."""
    return id is not None and bool(ledger_reads.facts_by_id([id]))


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
