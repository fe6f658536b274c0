"""Papers handed over: to whom, when, by whom, and whether they were signed for or refused before a witness."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from bulou.directory.models import Account, Person
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of
from bulou.ledger.selectors import FactRow
from bulou.no_miss.isolation import acts, refusals
from bulou.no_miss.isolation.models import Stay

KIND = "paper.handed_over"
Outcome = Literal["signed", "refused_to_sign"]


@dataclass(frozen=True, slots=True)
class Handing:
    """One paper in one person's hands, or before their eyes. `by`: the unit that handed it over."""

    fact: UUID
    paper: UUID
    at: datetime
    by: str | None
    outcome: Outcome
    signer: str
    witness: str
    note: str


def handings(standing: Iterable[FactRow]) -> tuple[Handing, ...]:
    """What was handed over, of facts that count, in their order."""
    return tuple(_handing(fact) for fact in standing if fact.kind == KIND)


def area_of(person: UUID, by: Account) -> str:
    """Where it is on the books: at home where the account answers for that, else where they were isolated."""
    home = Person.objects.filter(id=person).values_list("area_id", flat=True).first()
    if home and contains(by.area, home):
        return home
    stay = Stay.objects.filter(person=person).order_by("-begun_at").first()
    if stay is None:
        raise refusals.no_person()
    return stay.area


def hand_over(
    person: UUID,
    area: str,
    paper: UUID,
    outcome: Outcome,
    *,
    by: Account,
    signer: str = "",
    witness: str = "",
    note: str = "",
    id: UUID | None = None,
) -> UUID:
    """Record that a paper was handed over just now. BulouError where it was refused and nobody saw it."""
    if outcome == "refused_to_sign" and not witness:
        raise BulouError.of(
            "paper.witness",
            "拒签需要写明见证人，没有登记；已填的还在。",
            "Who refuses to sign does so before a witness: name them. Nothing was recorded; what you entered is here.",
            field="witness",
        )

    def act() -> UUID:
        data = {"paper": str(paper), "outcome": outcome} | acts.given(signer=signer, witness=witness, note=note)
        made = acts.fact(KIND, f"person:{person}", area, data, by, id)
        acts.record(made, by)
        return UUID(made.id)

    return acts.atomic(act)


def _handing(fact: FactRow) -> Handing:
    data = fact.data
    words = (str(data.get(name, "")) for name in ("signer", "witness", "note"))
    outcome: Outcome = "refused_to_sign" if data.get("outcome") == "refused_to_sign" else "signed"
    return Handing(fact.id, id_of(str(data["paper"])) or fact.id, fact.at, fact.by, outcome, *words)
