"""A person of a village, and the units they pass through."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services
from bulou.ledger.intake import Receipt

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
NOW = NINE + timedelta(hours=12)
VILLAGE = "120101001001"


class Hands(NamedTuple):
    """Who may hold the person."""

    village: Unit
    site: Unit
    hospital: Unit
    car: Unit


@pytest.fixture
def hands(make_unit: Callable[..., Unit]) -> Hands:
    return Hands(
        make_unit("蓉芳里居委会", VILLAGE, "village_committee"),
        make_unit("和平区隔离点", "120101", "isolation_site"),
        make_unit("河东区医院", "120102", "designated_hospital"),
        make_unit("和平区转运组", "120101", "transport_team"),
    )


@pytest.fixture
def person(hands: Hands) -> Person:
    with everywhere():
        return Person.objects.create(name="甲", area_id=VILLAGE, synthetic=True)


def fact(kind: str, about: Person | str, hours: float, by: Unit | None, **data: object) -> Fact:
    """A fact so many hours after nine; `from_` is the field `from`, `kind_` the field `kind`."""
    subject = about if isinstance(about, str) else f"person:{about.pk}"
    at = NINE + timedelta(hours=hours)
    values = {name.rstrip("_"): value for name, value in data.items()}
    return Fact(str(new_id()), kind, subject, VILLAGE, at, by and f"unit:{by.pk}", values)


def journey(person: Person, hands: Hands, to: Unit | None = None, *, start: float = 1) -> list[Fact]:
    """The five links to a unit (the site), an hour each."""
    receiver = to or hands.site
    return [
        fact("handover.requested", person, start, hands.village, to=f"unit:{receiver.pk}"),
        fact("handover.accepted", person, start + 1, receiver),
        fact("handover.departed", person, start + 2, hands.car, vehicle="津A·转运1"),
        fact("handover.received", person, start + 3, receiver),
        fact("handover.settled", person, start + 4, receiver),
    ]


def enrolled(person: Person, hands: Hands, hours: float = 0) -> Fact:
    return fact("person.enrolled", person, hours, hands.village, category="close_contact")


def record(*facts: Fact, now: datetime = NOW) -> Receipt:
    with clock.at(now):
        return services.record(facts, allow_future=True)


def codes(receipt: Receipt) -> list[str]:
    return [refusal.problem.code for refusal in receipt.refused]
