"""Ten thousand random histories each of a ward, of its devices and of an isolation site: two things never happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.no_miss.isolation import occupancy as rooms
from bulou.no_miss.treatment import beds
from bulou.no_miss.treatment.courses import Happened, lyings_of
from bulou.no_miss.treatment.devices import OF_USE, Known, uses_of
from occupancy import PEOPLE, PLACES, House, Stay, broken, mixed, told

HISTORIES = 10_000
IDS = {name: str(UUID(int=n + 1)) for n, name in enumerate((*PLACES, *PEOPLE))}
NAMES = {id: name for name, id in IDS.items()}


def ward(facts: Mapping[str, Any]) -> list[Stay]:
    """A person has two illnesses here: which one an act is about is as random as the rest."""
    lying = []
    for person in PEOPLE:
        own = [
            Happened(
                id,
                act,
                at,
                f"{person}{int(id) % 2}",
                "1",
                {"place": IDS[data["place"]]} if int(id) % 5 else {"unit": IDS[data["place"]]},
            )
            for id, act, at, data in facts.get(person, ())
        ]
        lying += lyings_of(person, own)
    found = []
    for place in PLACES:
        happened = [Happened(id, act, at) for id, act, at, _ in facts.get(place, ())]
        here = [stay for stay in lying if stay.place == IDS[place]]
        taken = beds.taken_by(here, happened)
        found += [Stay(s.id, s.who, place, s.started, s.ended, not taken.troubles[s.id]) for s in here]
    return found + [Stay(s.id, s.who, "", s.started, s.ended, False) for s in lying if s.place is None]


@dataclass(frozen=True)
class Lay:
    """A stay in a hospital, as the room keeps it."""

    unit: str | None
    started_at: datetime
    ended_at: datetime | None


KNOWN = {IDS["r1"]: Known("ventilator", "H1", "1"), IDS["r2"]: Known("ventilator", "H2", "1")}
"""Two ventilators of two hospitals; the third device is on no books, and so of a kind of its own."""


def bedside(facts: Mapping[str, Any]) -> list[Stay]:
    """Somebody on a device; a use of another kind counts as another person's, for one may have one of each kind."""
    uses = []
    for person in PEOPLE:
        own = [
            Happened(id, act, at, f"{person}{int(id) % 2}", "1", {"device": f"place:{IDS[data['place']]}"})
            for id, act, at, data in facts.get(person, ())
        ]
        hospitals = {"r1": "H1", "r2": "H2", "r3": "H2"}
        moves = [
            Happened(
                id, act, at, f"{person}{int(id) % 2}", "1", {"unit": str(UUID(int=int(hospitals[data["place"]][1])))}
            )
            for id, act, at, data in facts.get(person, ())
        ]
        names = {str(UUID(int=1)): "H1", str(UUID(int=2)): "H2"}
        stays = [Lay(names[str(s.unit)], s.started, s.ended) for s in lyings_of(person, moves)]
        uses += uses_of(person, [fact for fact in own if fact.kind in OF_USE], stays, KNOWN, {})
    found = []
    for place in PLACES:
        happened = [Happened(id, act, at) for id, act, at, _ in facts.get(place, ())]
        here = [use for use in uses if use.device == IDS[place]]
        taken = beds.taken_by(here, happened)
        found += [Stay(u.id, f"{u.who} {u.kind}", place, u.started, u.ended, not taken.troubles[u.id]) for u in here]
    return found


def site(facts: Mapping[str, Any]) -> list[Stay]:
    claims = []
    for person in PEOPLE:
        own = [
            rooms.Happened(id, act, at, "1", {"kind": "central", **data}) for id, act, at, data in facts.get(person, ())
        ]
        claims += rooms.claims_of(person, own)
    found = []
    for place in PLACES:
        happened = [rooms.Happened(id, act, at, "1", {"kind": "terminal"}) for id, act, at, _ in facts.get(place, ())]
        here = [claim for claim in claims if claim.place == place]
        seats = rooms.seats_of(here, happened).seats
        found += [Stay(c.id, c.person, place, c.started, c.ended, seats[c.id].slot is not None) for c in here]
    return found


WARD = House(
    ("episode.isolated", "episode.admitted", "episode.admitted", "episode.moved", "episode.died", "episode.excluded"),
    ("bed.cleaned", "bed.broken", "bed.repaired"),
    ward,
    "episode.discharged",
    "bed.cleaned",
)
DEVICES = House(
    ("device.attached", "device.attached", "device.attached", "device.freed", "episode.admitted"),
    ("device.cleaned", "device.broken", "device.repaired"),
    bedside,
    "episode.discharged",
    "device.cleaned",
)
SITE = House(
    ("isolation.started", "isolation.started", "isolation.moved"),
    ("room.cleaned", "room.broken", "room.repaired"),
    site,
    "isolation.ended",
    "room.cleaned",
)
HOUSES = pytest.mark.parametrize("house", [WARD, DEVICES, SITE], ids=["ward", "devices", "site"])


@HOUSES
def test_never_two_in_one_place_and_never_one_person_in_two(house: House) -> None:
    had = claimed = 0
    for seed in range(HISTORIES):
        facts = told(house, Random(seed))
        assert broken(house, facts) == [], seed
        stays = house.derive(facts)
        had += sum(stay.has_it for stay in stays)
        claimed += sum(not stay.has_it for stay in stays)
    assert min(had, claimed) > HISTORIES, "the histories are too tame to prove anything"


@HOUSES
def test_the_order_facts_come_in_changes_nothing(house: House) -> None:
    for seed in range(0, HISTORIES, 20):
        facts = told(house, Random(seed))

        assert house.derive(mixed(facts, Random(seed))) == house.derive(facts), seed


@HOUSES
@settings(max_examples=300, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_nor_does_hypothesis_find_such_a_history(house: House, random: Random) -> None:
    assert broken(house, told(house, random)) == []


def test_a_house_that_lets_two_in_is_caught() -> None:
    careless = House(
        WARD.of_person,
        WARD.of_place,
        lambda facts: [Stay(s.id, s.person, s.place, s.started, s.ended, True) for s in ward(facts)],
        WARD.leaves,
        WARD.cleans,
    )

    assert any(broken(careless, told(careless, Random(seed))) for seed in range(20))
