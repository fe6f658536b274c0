"""One person on two files is counted once: what happened to the newer file is told of the older one.

A fact is never edited: each of the newer file that counts is withdrawn, and told again about the older. So duties,
custody and rooms follow by themselves, and both can be taken back. A fact that does not fit the older one's (a handover
that would break a chain) stays where it is, and is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN, Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.ledger.selectors import FactRow

REASON = "并入同一人的档案 · one person: told of the older file"
_ILL = """
SELECT f.id FROM fact f WHERE f.data ->> 'person' = %s AND f.subject LIKE 'episode:%%'
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
_ILL_JOINED = """
SELECT w.id FROM fact f JOIN fact w ON w.supersedes = f.id AND w.kind = 'fact.withdrawn'
WHERE f.data ->> 'person' = %s AND f.subject LIKE 'episode:%%'
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining came to: facts told of the older file, and those that had to stay on the newer."""

    told: int
    stayed: int


def facts_join(new: UUID, into: UUID, *, by: UUID) -> Joined:
    """Tell what counts of the newer file of the older one. In the caller's transaction and scope."""
    counting = sorted(_counting(new), key=lambda fact: fact.at)
    gone = {fact.id: _withdrawal(fact) for fact in counting}
    told = {fact.id: _told(fact, gone[fact.id], new, into) for fact in counting}
    receipt = ledger.record(told.values(), account=by)
    refused = {refusal.id for refusal in receipt.refused}
    done = [fact for fact in counting if told[fact.id].id not in refused]
    again = [_withdrawal(fact, of=fact.supersedes) for fact in done if fact.supersedes]
    ledger.record([*(gone[fact.id] for fact in done), *again], account=by)
    return Joined(len(done), len(refused))


def facts_part(new: UUID, *, by: UUID) -> int:
    """Take it back: what was told of the older file is withdrawn, and counts for the newer again. How many facts."""
    found = [*selectors.facts_of(f"person:{new}"), *_by_query(_ILL_JOINED, f"person:{new}")]
    joined = [fact for fact in found if fact.effective and fact.data.get("reason") == REASON]
    copies = selectors.facts_by_id([_copy_of(fact.id) for fact in joined])
    told = [fact for fact, _account in copies.values() if fact.effective]
    ledger.record([_withdrawal(fact, reason="") for fact in [*told, *joined]], account=by)
    return len(told)


def _counting(person: UUID) -> Iterator[FactRow]:
    """The facts about a person that count, and those of illnesses that name them."""
    subject = f"person:{person}"
    found = [*selectors.facts_of(subject), *_by_query(_ILL, subject)]
    return (fact for fact in found if fact.effective and fact.kind != WITHDRAWN)


def _by_query(statement: str, subject: str) -> Iterable[FactRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [subject])
        ids = [id for (id,) in cursor.fetchall()]
    return (fact for fact, _account in selectors.facts_by_id(ids).values())


def _told(fact: FactRow, gone: Fact, new: UUID, into: UUID) -> Fact:
    """The same fact of the older file."""
    old = f"person:{new}"
    subject = f"person:{into}" if fact.subject == old else fact.subject
    data: dict[str, Any] = {name: f"person:{into}" if value == old else value for name, value in fact.data.items()}
    return Fact(str(_copy_of(UUID(gone.id))), fact.kind, subject, fact.area, fact.at, fact.by, data)


def _withdrawal(fact: FactRow, *, of: UUID | None = None, reason: str = REASON) -> Fact:
    data = {"reason": reason} if reason else {}
    now = max(clock.now(), fact.at)
    return Fact(str(new_id()), WITHDRAWN, fact.subject, fact.area, now, fact.by, data, supersedes=str(of or fact.id))


def _copy_of(withdrawal: UUID) -> UUID:
    return uuid5(withdrawal, "told of the older file")
