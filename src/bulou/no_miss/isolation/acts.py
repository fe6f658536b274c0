"""What every act of the room does: one transaction, one fact, recorded by somebody (`ledger/acts.py`)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bulou.directory.models import Account
from bulou.kernel.facts import Fact
from bulou.ledger.acts import accounts_of, atomic, fact, given, record, recorded
from bulou.no_miss.isolation.models import Stay

__all__ = ["accounts_of", "atomic", "fact", "fact_of", "given", "record", "recorded"]


def fact_of(kind: str, stay: Stay, data: Mapping[str, Any], by: Account, id: UUID | None) -> Fact:
    """What happened just now to the person of a stay, where the stay is on the books."""
    return fact(kind, f"person:{stay.person_id}", stay.area, data, by, id)
