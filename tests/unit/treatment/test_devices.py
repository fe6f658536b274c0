"""Who is on which device, from facts in whatever order they come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.treatment.courses import Happened
from bulou.no_miss.treatment.devices import Known, Use, uses_of

NOON = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
ONE, TWO, MONITOR = (str(UUID(int=n)) for n in range(1, 4))
KNOWN = {ONE: Known("ventilator", "H", "1"), TWO: Known("ventilator", "H", "1"), MONITOR: Known("monitor", "H", "1")}


@dataclass(frozen=True)
class Stay:
    """So many hours from noon in a hospital."""

    unit: str
    start: float
    end: float | None = None

    @property
    def started_at(self) -> datetime:
        return NOON + self.start * HOUR

    @property
    def ended_at(self) -> datetime | None:
        return None if self.end is None else NOON + self.end * HOUR


def fact(kind: str, hours: float, device: str, episode: str = "e") -> Happened:
    return Happened(
        f"{kind}{hours}", f"device.{kind}", NOON + hours * HOUR, episode, "1", {"device": f"place:{device}"}
    )


def uses(*facts: Happened, stays: tuple[Stay, ...] = (Stay("H", -9),), ended: float | None = None) -> list[Use]:
    return uses_of("p", facts, stays, KNOWN, {"e": None if ended is None else NOON + ended * HOUR})


def ends(found: list[Use]) -> list[float | None]:
    return [None if use.ended is None else (use.ended - NOON) / HOUR for use in found]


def test_a_use_goes_on_until_the_device_is_freed() -> None:
    assert ends(uses(fact("attached", 0, ONE))) == [None]
    assert ends(uses(fact("attached", 0, ONE), fact("freed", 2, ONE))) == [2]


def test_another_device_of_the_kind_takes_its_place_and_one_of_another_kind_stands_beside_it() -> None:
    found = uses(fact("attached", 0, ONE), fact("attached", 1, MONITOR), fact("attached", 2, TWO))

    assert [use.device for use in found] == [ONE, MONITOR, TWO]
    assert ends(found) == [2, None, None]


def test_attached_again_to_the_same_device_changes_nothing() -> None:
    found = uses(fact("attached", 0, ONE), fact("attached", 3, ONE))

    assert [use.started for use in found] == [NOON]


def test_freeing_a_device_the_patient_is_not_on_changes_nothing() -> None:
    assert ends(uses(fact("attached", 0, ONE), fact("freed", 1, TWO))) == [None]


@pytest.mark.parametrize(
    ("stays", "end"),
    [
        ((Stay("H", -9, 5),), 5),
        ((Stay("H", -9, 3), Stay("H", 3, 8)), 8),
        ((Stay("H", -9, 3), Stay("G", 3)), 3),
        ((Stay("G", 4),), 4),
        ((Stay("H", 1, 6),), 6),
    ],
    ids=["goes home", "another bed", "another hospital", "comes elsewhere", "is admitted late"],
)
def test_leaving_the_hospital_frees_the_device(stays: tuple[Stay, ...], end: float) -> None:
    assert ends(uses(fact("attached", 0, ONE), stays=stays)) == [end]


def test_of_somebody_nobody_admitted_the_end_of_the_illness_frees_it() -> None:
    assert ends(uses(fact("attached", 0, ONE), stays=(), ended=7)) == [7]
    assert ends(uses(fact("attached", 0, ONE), stays=(), ended=-7)) == [None]


def test_of_two_devices_of_a_kind_at_one_instant_one_is_used() -> None:
    first, second = fact("attached", 0, ONE, "e"), fact("attached", 0, TWO, "f")

    assert len(uses(first, second)) == 1


def test_a_device_nobody_knows_is_of_a_kind_of_its_own_and_words_are_none() -> None:
    unknown = str(UUID(int=9))

    assert [use.kind for use in uses(fact("attached", 0, unknown), fact("attached", 1, "next to the door"))] == [
        unknown
    ]


def test_the_order_facts_come_in_changes_nothing() -> None:
    facts = [fact("attached", 0, ONE), fact("freed", 1, ONE), fact("attached", 1, TWO), fact("attached", 2, MONITOR)]
    whole = uses(*facts)

    assert all(uses(*Random(n).sample(facts, 4)) == whole for n in range(10))
