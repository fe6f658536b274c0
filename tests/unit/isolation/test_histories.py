"""Ten thousand random histories of a small site: whatever comes, and in whatever order, three things never happen."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.isolation.occupancy import Claim, Happened, Occupied, claims_of, seats_of

HISTORIES = 10_000
PEOPLE, ROOMS, ACCOUNTS = "abcd", ("r1", "r2", "r3"), (None, "x", "y")
START = datetime(2020, 2, 1, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)

History = dict[str, list[Happened]]
"""Facts by what they are about: a person's name or a room's."""


def history(random: Random) -> History:
    """Up to thirty facts about four people and three rooms, many at one instant, few of them sensible."""
    found: History = defaultdict(list)
    asked: dict[str, list[str]] = defaultdict(list)
    for n in range(random.randint(1, 30)):
        at, person, room = START + random.randint(0, 24) * HOUR, random.choice(PEOPLE), random.choice(ROOMS)
        account = random.choice(ACCOUNTS)
        match random.randint(0, 11):
            case 0 | 1 | 2:
                data = {"kind": random.choice(("central", "central", "home")), "place": room}
                found[person].append(Happened(str(n), "isolation.started", at, "1", data))
            case 3:
                found[person].append(Happened(str(n), "isolation.moved", at, "1", {"place": room}))
            case 4 | 5:
                found[person].append(Happened(str(n), "isolation.ended", at, "1"))
            case 6 | 7:
                data = {"kind": random.choice(("terminal", "terminal", "routine"))}
                found[room].append(Happened(str(n), "room.cleaned", at, "1", data))
            case 8 | 9 | 10:
                data = {"with": f"person:{random.choice(PEOPLE)}", "reason": "x"}
                found[person].append(Happened(str(n), "sharing.requested", at, "1", data, account))
                asked[person].append(str(n))
                data = {"request": random.choice(asked[person])}
                found[person].append(Happened(f"{n}b", "sharing.approved", at, "1", data, random.choice(ACCOUNTS)))
            case _:
                kind = random.choice(("room.broken", "room.repaired"))
                found[room].append(Happened(str(n), kind, at, "1", {}))
    return found


def derived(facts: History) -> tuple[dict[str, list[Claim]], dict[str, Occupied]]:
    claims = {person: claims_of(person, facts.get(person, [])) for person in PEOPLE}
    every = [claim for own in claims.values() for claim in own]
    return claims, {room: seats_of([c for c in every if c.place == room], facts.get(room, [])) for room in ROOMS}


def seated(claims: dict[str, list[Claim]], room: Occupied, name: str) -> list[Claim]:
    every = (claim for own in claims.values() for claim in own if claim.place == name)
    return [claim for claim in every if room.seats[claim.id].slot is not None]


def overlap(one: Claim, other: Claim) -> bool:
    return (other.ended is None or one.started < other.ended) and (one.ended is None or other.started < one.ended)


def pairs(claims: list[Claim]) -> Iterator[tuple[Claim, Claim]]:
    return ((one, other) for n, one in enumerate(claims) for other in claims[n + 1 :] if overlap(one, other))


def test_nobody_is_in_two_rooms_nobody_shares_unasked_and_no_room_is_used_again_unclean() -> None:
    shared = reused = conflicts = 0
    for seed in range(HISTORIES):
        random = Random(seed)
        facts = history(random)
        claims, rooms = derived(facts)
        for own in claims.values():
            assert list(pairs(own)) == [], seed
            assert all(claim.ended is None or claim.ended > claim.started for claim in own), seed
        for name, room in rooms.items():
            placed = seated(claims, room, name)
            for one, other in pairs(placed):
                assert room.seats[one.id].slot != room.seats[other.id].slot, seed
                assert agreed(facts, room, one, other) or agreed(facts, room, other, one), seed
                shared += 1
            for claim in placed:
                left = [c.ended for own in claims.values() for c in own
                        if c.place == name and c.ended and c.ended <= claim.started and c is not claim]  # fmt: skip
                assert not left or cleaned_between(facts[name], max(left), claim.started), seed
                reused += bool(left)
            conflicts += len(room.seats) - len(placed)
    assert min(shared, reused, conflicts) > 100, "the histories are too tame to prove anything"


def test_the_order_facts_come_in_changes_nothing() -> None:
    for seed in range(0, HISTORIES, 20):
        random = Random(seed)
        facts = history(random)
        mixed = {about: random.sample(own, len(own)) for about, own in facts.items()}

        assert derived(mixed) == derived(facts), seed


def agreed(facts: History, room: Occupied, guest: Claim, host: Claim) -> bool:
    """The guest is there by an approval, given before, that another account than the asking one gave.

    Whom it names is the host, or somebody who shared with both of them.
    """
    approval = room.seats[guest.id].approval
    own = {fact.id: fact for fact in facts[guest.person]}
    if approval is None:
        return False
    asked = own[own[approval].data["request"]]
    two = asked.account and own[approval].account and asked.account != own[approval].account
    return bool(two) and own[approval].at <= guest.started and host.started <= guest.started


def cleaned_between(facts: list[Happened], left: datetime, entered: datetime) -> bool:
    return any(
        fact.kind == "room.cleaned" and fact.data["kind"] == "terminal" and left <= fact.at <= entered for fact in facts
    )
