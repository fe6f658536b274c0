"""What every act of the room does: one transaction, one fact, recorded by somebody."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.retry import again
from bulou.no_miss.isolation import selectors
from bulou.no_miss.isolation.models import Stay

Result = TypeVar("Result")


def atomic(act: Callable[[], Result]) -> Result:
    """The whole act in one transaction, done again where it loses to another."""

    def whole() -> Result:
        with transaction.atomic():
            return act()

    return again(whole)


def given(**values: Any) -> dict[str, Any]:
    """What was filled in."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def fact(kind: str, subject: str, area: str, data: Mapping[str, Any], by: Account, id: UUID | None) -> Fact:
    """What happened just now; with the id a form was given, so that the same form sent twice is one fact."""
    return Fact(str(id or new_id()), kind, subject, area, clock.now(), f"unit:{by.unit_id}", data)


def fact_of(kind: str, stay: Stay, data: Mapping[str, Any], by: Account, id: UUID | None) -> Fact:
    """The same about the person of a stay, where the stay is on the books."""
    return fact(kind, f"person:{stay.person_id}", stay.area, data, by, id)


def record(made: Fact, by: Account, with_: Sequence[Fact] = ()) -> bool:
    """True where the fact is new; the same act sent again, a moment later, is not. BulouError where it is refused.

    `with_`: what happens with it, all or nothing.
    """
    receipt = ledger.record([made, *with_], area=by.area, account=by.pk)
    for refusal in receipt.refused:
        is_known = refusal.id == made.id and refusal.problem.code == "fact.conflict"
        if not is_known or selectors.recorded(UUID(made.id), made.subject, made.kind) is None:
            raise BulouError(refusal.problem)
    return receipt.created > 0
