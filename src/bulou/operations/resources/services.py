"""Acts of resources: a unit counts what it has, asks for what it lacks, and says what came."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bulou.directory.models import Account
from bulou.ledger import acts


def tell(kind: str, data: Mapping[str, Any], *, by: Account, id: UUID | None = None) -> None:
    """A count, a request or a delivery of the account's own unit. BulouError where it is refused."""

    def act() -> None:
        acts.record(acts.fact(kind, f"unit:{by.unit_id}", by.area, data, by, id), by)

    acts.atomic(act)
