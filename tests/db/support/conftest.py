"""A village with two people in it, its committee and clinic, and short ways to let things happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.intake import Receipt
from bulou.operations.support.models import HelpNeed

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
VILLAGE = "120101001001"


@dataclass
class Village:
    """Who there is. `worker` and `colleague` are of one unit."""

    unit: Unit
    worker: Account
    colleague: Account
    people: list[UUID]

    def happen(
        self, what: str, person: int, at: datetime = NOW, /, by: str | None = None, account: UUID | None = None,
        supersedes: str | None = None, **data: Any,
    ) -> str:  # fmt: skip
        """Record a fact by another door than the room's own acts; gives its id."""
        id, receipt = self.send(what, person, at, by, account, supersedes, **data)
        assert receipt.refused == ()
        return id

    def send(
        self, what: str, person: int, at: datetime = NOW, /, by: str | None = None, account: UUID | None = None,
        supersedes: str | None = None, **data: Any,
    ) -> tuple[str, Receipt]:  # fmt: skip
        fact = Fact(str(new_id()), what, self.subject(person), VILLAGE, at, by, data, supersedes)
        return fact.id, ledger.record([fact], account=account, allow_future=True)

    def subject(self, person: int) -> str:
        return f"person:{self.people[person]}"

    def need(self, id: str | UUID) -> HelpNeed:
        with everywhere():
            return HelpNeed.objects.get(id=id)


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def village_of_two(village: Unit, make_account: Callable[..., Account], now: datetime) -> Village:
    worker, colleague = (make_account(name, village, "village_committee") for name in ("worker", "colleague"))
    with everywhere():
        people = [Person.objects.create(name=name, area_id=VILLAGE, synthetic=True).pk for name in ("甲", "乙")]
    return Village(village, worker, colleague, people)
