"""What every act of a room does: one transaction, one fact, by somebody; the same act sent again is one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from bulou.directory.models import Account, Place, Unit
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.retry import again

Result = TypeVar("Result")

_RECORDED = """
SELECT f.area, f.account FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE k.id = %s AND f.subject = %s AND f.kind = %s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
_ACCOUNTS = """
SELECT f.id, f.account FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE k.id = ANY(%s::uuid[]) AND f.account IS NOT NULL
"""


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


def record(made: Fact, by: Account, with_: Sequence[Fact] = ()) -> bool:
    """True where the fact is new; the same act sent again, a moment later, is not. BulouError where it is refused.

    `with_`: what happens with it, all or nothing.
    """
    receipt = ledger.record([made, *with_], area=by.area, account=by.pk)
    told = {one.id: one for one in (made, *with_)}
    for refusal in receipt.refused:
        one = told.get(refusal.id) if refusal.problem.code == "fact.conflict" else None
        if one is None or recorded(UUID(one.id), one.subject, one.kind) is None:
            raise BulouError(refusal.problem)
    return receipt.created > 0


def places_told(unit: Unit, places: Iterable[Place], by: Account | None) -> None:
    """That a unit's places are on the books, a fact each. BulouError where one is refused."""
    who = f"unit:{by.unit_id if by else unit.pk}"
    facts = [
        Fact(
            str(new_id()),
            "place.registered",
            f"place:{place.pk}",
            unit.area_id,
            clock.now(),
            who,
            {"kind": place.kind} | ({"parent": str(place.parent_id)} if place.parent_id else {}),
        )
        for place in places
    ]
    receipt = ledger.record(facts, area=by.area if by else "", account=by.pk if by else None)
    if receipt.refused:
        raise BulouError.many(refusal.problem for refusal in receipt.refused)


def recorded(id: UUID, subject: str, kind: str) -> tuple[str, UUID | None] | None:
    """The area of a fact that counts and the account that recorded it; None where there is none in scope."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, [id, subject, kind])
        row: tuple[str, UUID | None] | None = cursor.fetchone()
        return row


def accounts_of(ids: Iterable[UUID]) -> dict[str, str]:
    """The accounts that recorded facts, by the fact's id; those nobody signed in for are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [list(ids)])
        return {str(id): str(account) for id, account in cursor.fetchall()}
