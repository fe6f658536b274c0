"""A village with three people, and short ways to let things happen to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HERE, NEXT, COUNTY = "120101001001", "120101001002", "120101"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Village:
    """The committee, and who lives there."""

    unit: Unit
    people: list[Person]

    def happen(self, what: str, subject: int | str, at: datetime = NOW, /, area: str = HERE, **data: Any) -> str:
        """Record a fact about a person (by number) or another subject; gives its id."""
        about = f"person:{self.people[subject].pk}" if isinstance(subject, int) else subject
        supersedes = data.pop("supersedes", None)
        fact = Fact(str(new_id()), what, about, area, at, f"unit:{self.unit.pk}", data, supersedes)
        receipt = ledger.record([fact], allow_future=True)
        assert receipt.refused == ()
        return fact.id


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def home(village: Unit, make_unit: Callable[..., Unit], now: datetime) -> Village:
    with everywhere():
        people = [Person.objects.create(name=name, area_id=HERE, synthetic=True) for name in ("甲", "乙", "丙")]
    return Village(village, people)
