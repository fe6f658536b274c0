"""Orders and appeals: the decision to isolate somebody, on what grounds, for how long, and what they say to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel.areas import contains
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import FactRow
from bulou.no_miss.isolation import acts, handing, refusals, running_out
from bulou.no_miss.isolation.handing import Handing
from bulou.no_miss.isolation.models import Stay

ANSWER_WITHIN = timedelta(days=3)
"""How soon an appeal must be answered: our choice, a fifth of fourteen days; no document says."""
Decision = Literal["upheld", "changed", "lifted"]


@dataclass(frozen=True, slots=True)
class Order:
    """One written decision. `state`: in force, replaced by a later one, withdrawn, or over."""

    fact: UUID
    person: UUID
    at: datetime
    by: str | None
    area: str
    kind: str
    days: int | None
    counted_from: date | None
    grounds: str
    basis: str
    number: str
    state: Literal["in_force", "replaced", "withdrawn", "over"]


@dataclass(frozen=True, slots=True)
class Release:
    """The end of an isolation, as the certificate says it."""

    fact: UUID
    person: UUID
    begun: datetime
    ended: datetime
    kind: str
    reason: str
    by: str | None
    follow_up_days: int | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """What somebody says against their isolation, and the answer, where there is one."""

    fact: UUID
    at: datetime
    reason: str
    due_at: datetime
    decision: str
    answer: str
    answered_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        return self.answered_at is None and now > self.due_at


@dataclass(frozen=True, slots=True)
class Record:
    """Everything about a person's isolations that is written: latest first."""

    orders: tuple[Order, ...]
    releases: tuple[Release, ...]
    appeals: tuple[Appeal, ...]
    handings: tuple[Handing, ...] = ()

    def handed(self, paper: UUID) -> tuple[Handing, ...]:
        """How a paper was handed over, latest first."""
        return tuple(one for one in self.handings if one.paper == paper)

    def paper(self, fact: UUID) -> Order | Release | None:
        """The order or release a fact is."""
        papers: tuple[Order | Release, ...] = (*self.orders, *self.releases)
        return next((one for one in papers if one.fact == fact), None)


def record_of(person: UUID) -> Record:
    """Orders, releases and appeals of a person, of the facts the session may see. One query."""
    facts = ledger.facts_of(f"person:{person}")
    standing = [fact for fact in facts if fact.effective]
    return Record(
        tuple(_order(person, fact, standing) for fact in facts if fact.kind == "isolation.ordered"),
        tuple(_release(person, fact, standing) for fact in facts if fact.kind == "isolation.ended"),
        tuple(_appeal(fact, standing) for fact in standing if fact.kind == "appeal.filed"),
        handing.handings(standing),
    )


def _order(person: UUID, fact: FactRow, standing: Iterable[FactRow]) -> Order:
    data = fact.data
    later = [one for one in standing if (one.at, one.id) > (fact.at, fact.id)]
    state: Literal["in_force", "replaced", "withdrawn", "over"] = "in_force"
    if not fact.effective:
        state = "withdrawn"
    elif any(one.kind == "isolation.ended" for one in later):
        state = "over"
    elif any(one.kind == "isolation.ordered" for one in later):
        state = "replaced"
    given = data.get("counted_from")
    return Order(
        fact.id,
        person,
        fact.at,
        fact.by,
        fact.area,
        str(data.get("kind", "")),
        int(data["days"]) if data.get("days") else None,
        date.fromisoformat(str(given)) if given else None,
        str(data.get("grounds", "")),
        str(data.get("basis", "")),
        str(data.get("number", "")),
        state,
    )


def _release(person: UUID, fact: FactRow, standing: Iterable[FactRow]) -> Release:
    starts = [one.at for one in standing if one.kind == "isolation.started" and one.at < fact.at]
    ends = [one.at for one in standing if one.kind == "isolation.ended" and one.at < fact.at]
    begun = min((at for at in starts if not ends or at >= max(ends)), default=fact.at)
    data = fact.data
    follow = data.get("follow_up_days")
    return Release(
        fact.id,
        person,
        begun,
        fact.at,
        str(data.get("kind", "")),
        str(data.get("reason", "")),
        fact.by,
        int(follow) if follow is not None else None,
        not fact.effective,
    )


def _appeal(fact: FactRow, standing: Iterable[FactRow]) -> Appeal:
    answers = [one for one in standing if one.kind == "appeal.answered" and one.data.get("appeal") == str(fact.id)]
    answer: Mapping[str, Any] = answers[-1].data if answers else {}
    return Appeal(
        fact.id,
        fact.at,
        str(fact.data.get("reason", "")),
        fact.at + ANSWER_WITHIN,
        str(answer.get("decision", "")),
        str(answer.get("reason", "")),
        answers[-1].at if answers else None,
    )


def order(
    person: UUID,
    kind: Literal["home", "central"],
    days: int,
    grounds: str,
    *,
    by: Account,
    basis: str = "",
    number: str = "",
    counted_from: date | None = None,
    id: UUID | None = None,
) -> UUID:
    """Decide that a person is isolated, on grounds, for so many days. A later order takes the place of an earlier."""

    def act() -> UUID:
        data = {"kind": kind, "days": days} | acts.given(
            grounds=grounds, basis=basis, number=number, counted_from=counted_from and counted_from.isoformat()
        )
        made = acts.fact("isolation.ordered", f"person:{person}", _area(person, by), data, by, id)
        acts.record(made, by)
        running_out.take_back(person, by)
        return UUID(made.id)

    return acts.atomic(act)


def appeal(person: UUID, reason: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Put down what a person says against their isolation, in their words. BulouError where they are in none."""

    def act() -> UUID:
        if not Stay.objects.filter(person=person, ended_at__isnull=True).exists():
            raise refusals.no_stay()
        made = acts.fact("appeal.filed", f"person:{person}", _area(person, by), {"reason": reason}, by, id)
        acts.record(made, by)
        return UUID(made.id)

    return acts.atomic(act)


def answer(person: UUID, appeal: UUID, decision: Decision, reason: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Answer an appeal, with reasons; what it changes is an act of its own. BulouError where no such appeal is open."""

    def act() -> UUID:
        found = [one for one in record_of(person).appeals if one.fact == appeal and one.answered_at is None]
        if not found:
            raise refusals.no_request()
        data = {"appeal": str(appeal), "decision": decision, "reason": reason}
        made = acts.fact("appeal.answered", f"person:{person}", _area(person, by), data, by, id)
        acts.record(made, by)
        return UUID(made.id)

    return acts.atomic(act)


def paper(person: UUID, fact: UUID) -> Order | Release | None:
    """The order or release a paper was printed from, whoever asks: for its verification. One query."""
    with everywhere():
        return record_of(person).paper(fact)


def _area(person: UUID, by: Account) -> str:
    """At the person's own address where the account answers for it, else where their isolation is on the books."""
    home = Person.objects.filter(id=person).values_list("area_id", flat=True).first()
    if home and contains(by.area, home):
        return home
    stay = Stay.objects.filter(person=person, ended_at__isnull=True).first()
    if stay is None:
        raise refusals.no_person()
    return stay.area
