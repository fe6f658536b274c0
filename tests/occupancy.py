"""The property of every house where people are put somewhere: never two in one place, never one person in two.

A house says how its facts look and what they come to; histories are made for it, whatever it is: rooms of an
isolation site, beds of a hospital.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bulou.kernel.clock import SHANGHAI

PEOPLE, PLACES = "abcd", ("r1", "r2", "r3")
START = datetime(2020, 2, 1, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
Told = dict[str, list[tuple[str, str, datetime, dict[str, Any]]]]
"""What happened, by a person's name or a place's: id, act, when, more."""


@dataclass(frozen=True)
class Stay:
    """Somebody's time in a place, as a house derives it. `has_it`: the place is theirs, not only claimed."""

    id: str
    person: str
    place: str
    started: datetime
    ended: datetime | None
    has_it: bool


@dataclass(frozen=True)
class House:
    """`derive(told)`: everybody's stays, whatever the order; `acts`: what may happen to a person, and to a place."""

    of_person: Sequence[str]
    of_place: Sequence[str]
    derive: Callable[[Mapping[str, Any]], list[Stay]]
    leaves: str
    cleans: str


def told(house: House, random: Random) -> Told:
    """Up to thirty acts about four people and three places, many at one instant, few of them sensible."""
    found: Told = defaultdict(list)
    for n in range(random.randint(1, 30)):
        at, person, place = START + random.randint(0, 24) * HOUR, random.choice(PEOPLE), random.choice(PLACES)
        if random.random() < 0.3:
            act = random.choice((house.cleans, *house.of_place))
            found[place].append((f"{n:02}", act, at, {}))
        else:
            act = random.choice((house.leaves, *house.of_person))
            found[person].append((f"{n:02}", act, at, {"place": place}))
    return found


def broken(house: House, facts: Told) -> list[str]:
    """What is wrong with what a history comes to; nothing, as it must be."""
    stays = house.derive(facts)
    wrong = [f"{one} and {other}: one person twice" for one, other in _pairs(stays) if one.person == other.person]
    have = [stay for stay in stays if stay.has_it]
    wrong += [f"{one} and {other}: two in one place" for one, other in _pairs(have) if one.place == other.place]
    wrong += [f"{stay} is none" for stay in stays if stay.ended is not None and stay.ended <= stay.started]
    wrong += [f"{stay}: unclean" for stay in have if not _clean(house, facts, stays, stay)]
    return wrong


def mixed(facts: Told, random: Random) -> Told:
    """The same, come in another order."""
    return {about: random.sample(own, len(own)) for about, own in facts.items()}


def _pairs(stays: Sequence[Stay]) -> Iterator[tuple[Stay, Stay]]:
    return ((one, other) for n, one in enumerate(stays) for other in stays[n + 1 :] if _overlap(one, other))


def _overlap(one: Stay, other: Stay) -> bool:
    return (other.ended is None or one.started < other.ended) and (one.ended is None or other.started < one.ended)


def _clean(house: House, facts: Told, stays: Sequence[Stay], stay: Stay) -> bool:
    """True where the place was disinfected since whoever was in it last left."""
    left = [s.ended for s in stays if s.place == stay.place and s.ended and s.ended <= stay.started and s.id != stay.id]
    cleaned = [at for _id, act, at, _ in facts.get(stay.place, ()) if act == house.cleans]
    return not left or any(max(left) <= at <= stay.started for at in cleaned)
