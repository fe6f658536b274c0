"""Whether an entry is at odds with what happened meanwhile. Pure: everything is read before.

An entry in conflict is kept and listed, and somebody who may decides; the reasons, the first that fits:

revoked     the account was closed after the entry was made
moved       the account belongs to another unit now
gone        the duty is no longer there: what opened it was withdrawn, or the plan changed
handed      another unit answers for it now
closed      the duty was waived, or ended before it was due
corrected   the record was corrected meanwhile, to something else
other       somebody else did it meanwhile, with another value
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from bulou.directory.models import Account
from bulou.ledger.selectors import DutyRow, FactRow
from bulou.web.field.sync.entries import Entry

ENDED = ("void", "waived")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is empty where nothing speaks against the entry; `against` the fact it is at odds with."""

    reason: str = ""
    against: UUID | None = None


def verdict(
    entry: Entry,
    data: Mapping[str, Any],
    account: Account | None,
    row: DutyRow | None,
    others: Iterable[tuple[FactRow, UUID | None]],
) -> Verdict:
    """What speaks against an entry. `others`: facts that do the same duty, with who recorded them."""
    others = [(fact, by) for fact, by in others if not same(fact.data, data)]
    corrected = next((fact.id for fact, _ in others if fact.supersedes), None)
    contradicted = next((fact.id for fact, by in others if by != entry.ticket.account), None)
    against = corrected or contradicted
    if account is None or not account.is_active:
        return Verdict("revoked", against)
    if account.unit_id != entry.ticket.unit:
        return Verdict("moved", against)
    if row is None:
        return Verdict("gone")
    if row.owner != entry.ticket.unit:
        return Verdict("handed", against)
    if row.state in ENDED:
        return Verdict("closed", against)
    if corrected:
        return Verdict("corrected", corrected)
    return Verdict("other", contradicted) if contradicted else Verdict()


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Equal data, whether numbers came as binary floats or as decimals."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return Decimal(repr(value)) if isinstance(value, float) else value
