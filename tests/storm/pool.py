"""The facts a storm is made of: random histories about a few shared people, with every kind of quarrel in them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bulou.kernel.facts import Fact
from histories import START, history

DAYS = 8
END = START + timedelta(days=DAYS + 6)
PEOPLE = 12
HISTORIES = 40


def pool(seed: int, people: Sequence[str]) -> list[Fact]:
    """Some 1,500 facts, the same for everyone who asks with the same seed: so writers send each other's duplicates."""
    rnd = random.Random(seed)
    facts: dict[str, Fact] = {}
    for number in range(HISTORIES):
        facts |= {fact.id: fact for fact in history(rnd.getrandbits(32) + number, people, days=DAYS, most=60)}
    return [*facts.values(), *_misfiled(rnd, list(facts.values()), people)]


def quarrel(rnd: random.Random, fact: Fact, people: Sequence[str]) -> Fact:
    """Another fact of the same id: later, or about somebody else."""
    if rnd.random() < 0.5 or not fact.subject.startswith("person:"):
        return replace(fact, at=fact.at + timedelta(minutes=1))
    return replace(fact, subject=rnd.choice([person for person in people if person != fact.subject]))


def _misfiled(rnd: random.Random, facts: list[Fact], people: Sequence[str]) -> list[Fact]:
    """Corrections that move a fact to another person, and withdrawals of them filed under a third."""
    out: list[Fact] = []
    for old in rnd.sample([fact for fact in facts if fact.subject.startswith("person:")], 8):
        moved = replace(old, id=_id(rnd), subject=rnd.choice(people), supersedes=old.id)
        undone = replace(
            old, id=_id(rnd), kind="fact.withdrawn", data={}, subject=rnd.choice(people), supersedes=moved.id
        )
        out += [moved, undone]
    return out


def _id(rnd: random.Random) -> str:
    return str(UUID(int=rnd.getrandbits(128), version=4))
