"""People passed from hand to hand: into the isolation site, to the hospital. Some wait too long on purpose.

Whoever comes to a site on the same day comes in one vehicle, as far as they were ready by then.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from bulou.custody.chain import BEARING, HANDOVERS, HOMES, ILL, LINKS, OPENED, Act, Handover, as_unit, chain
from bulou.custody.door import refused
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.periods import local_date
from bulou.oversight.drills.synthetic.model import Unit
from bulou.oversight.drills.synthetic.story import Story

BUS = datetime(2020, 2, 10, 7, 40, tzinfo=SHANGHAI)
"""The morning the demonstration opens on: a vehicle fetches people from their homes, two of them are not in it."""
SEATS, ABOARD = 5, 3
STUCK = 0.1
"""The share of links that wait for half a day or more."""
USUAL = ((0.1, 0.7), (0.3, 1.5), (0.4, 2.5), (0.2, 1.2))
"""Hours from link to link, least and most: to the answer, the departure, the receipt, the room."""
LATE = (7, 26)
ASKED = 0.35
"""The share of people isolated at home for whom a site is asked."""

TOGETHER = timedelta(hours=4)
"""How much later than the first of a trip somebody may be needed at the site and still be brought with them."""

Facts = dict[str, list[Fact]]
"""Facts that bear on custody, by the person they are about."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One vehicle to a site on one day: when it is to be there."""

    id: UUID
    arrives: datetime


Trips = Mapping[tuple[UUID, date], Trip]


def tell_transfers(story: Story) -> None:
    """The handovers told so far made to fit their chains, and those into isolation sites and hospitals added."""
    facts = _by_person(story)
    _fit(story, facts)
    trips = _trips(story, facts)
    for person, theirs in facts.items():
        for fact in list(theirs):
            if fact.kind == "isolation.started":
                site = story.owners.of("isolation_site", fact.area)
                if fact.data.get("kind") == "central":
                    trip = trips.get((site.id, local_date(fact.at, SHANGHAI))) if site else None
                    _move(story, person, theirs, fact.at, site, "送集中隔离点", trip)
                else:
                    _ask(story, person, theirs, fact.at, site)
            elif fact.kind == "isolation.ended" and fact.data.get("follow_up_days"):
                home = story.owners.of("village_committee", fact.area)
                _move(story, person, theirs, fact.at + story.hours(3, 6), home, "期满返家，居家随访")
            elif fact.kind == "episode.suspected":
                hospital = story.owners.of("designated_hospital", fact.area)
                _move(story, person, theirs, fact.at + story.hours(3, 6), hospital, "送定点医院")
    _fetch(story, facts)


def _trips(story: Story, facts: Facts) -> Trips:
    """A vehicle for each day on which several people come to one site."""
    starts: dict[tuple[UUID, date], list[datetime]] = defaultdict(list)
    for fact in (fact for theirs in facts.values() for fact in theirs):
        is_central = fact.kind == "isolation.started" and fact.data.get("kind") == "central"
        if is_central and (site := story.owners.of("isolation_site", fact.area)):
            starts[site.id, local_date(fact.at, SHANGHAI)].append(fact.at)
    return {key: Trip(story.chance.id(min(each)), min(each)) for key, each in starts.items() if len(each) > 1}


def _by_person(story: Story) -> Facts:
    found: Facts = defaultdict(list)
    for fact in sorted(story.demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind in BEARING:
            episode = story.episodes.get(fact.subject)
            found[episode.person.subject if episode else fact.subject].append(fact)
    return found


def _fit(story: Story, facts: Facts) -> None:
    """Each handover fact by whom it falls to; those that fit nowhere are not told."""
    changed: dict[str, Fact | None] = {}
    for person, theirs in facts.items():
        acts: list[Act] = []
        kept = []
        for fact in theirs:
            right = _by_whom(story, person, fact, acts) if fact.kind in HANDOVERS else fact
            act = _act(story, right)
            fits = not refused(acts, [act])
            if fact.kind in HANDOVERS:
                changed[fact.id] = right if fits else None
            if fits:
                acts.append(act)
                kept.append(right)
        facts[person] = kept
    told = (changed.get(fact.id, fact) for fact in story.demo.facts)
    story.demo.facts[:] = [fact for fact in told if fact]


def _by_whom(story: Story, person: str, fact: Fact, acts: Sequence[Act]) -> Fact:
    """The fact as the unit would record it whose turn it is."""
    found = chain(acts)
    if fact.kind == OPENED or not found.handovers:
        sender = _holder(story, person, acts, fact.at, fact.area)
        return replace(fact, by=_name(sender), data={**fact.data, "from": _name(sender)})
    handover = found.handovers[-1]
    by = handover.sender if fact.kind == "handover.departed" else handover.receiver
    return replace(fact, by=_name(by), data={**fact.data, **_parties(handover)})


def _move(
    story: Story,
    person: str,
    facts: list[Fact],
    arrives: datetime,
    to: Unit | None,
    why: str,
    trip: Trip | None = None,
) -> None:
    """The five links of one transfer that arrives about then, where the person's chain has room for it."""
    if to is None:
        return
    is_on = trip is not None and arrives - trip.arrives <= TOGETHER
    if trip and is_on:
        arrives = trip.arrives
    random = story.chance.of("transfer", trip.id if trip and is_on else person, arrives)
    waits = [
        timedelta(minutes=round(60 * random.uniform(*(LATE if random.random() < STUCK else usual)))) for usual in USUAL
    ]
    at = arrives - sum(waits[:3], timedelta(minutes=2))
    acts = [_act(story, fact) for fact in facts]
    area = facts[0].area
    sender = _holder(story, person, acts, at, area)
    if sender is None or sender == to.id:
        return
    vehicle = f"津A·转运{random.randint(1, 24):02}"
    parties = {"from": _name(sender), "to": _name(to.id)} | ({"trip": str(trip.id)} if trip else {})
    planned: list[Act] = []
    for kind, wait in zip(LINKS, [timedelta(), *waits], strict=True):
        at += wait
        by = sender if kind in (OPENED, "handover.departed") else to.id
        travel = {"vehicle": vehicle, "crew": "司机、护送各一名"} if kind == "handover.departed" else {}
        planned.append(Act(kind, kind, at, {**parties, **travel, **({"reason": why} if kind == OPENED else {})}, by))
    if not refused(acts, planned):
        _tell(story, person, facts, planned)


def _tell(story: Story, person: str, facts: list[Fact], acts: Sequence[Act]) -> None:
    """The acts as facts of the demonstration, those that lie within its time."""
    area = facts[0].area
    for act in acts:
        if act.unit and (fact := story.tell(act.kind, person, area, act.at, act.data, by=story.owners.unit(act.unit))):
            facts.append(fact)


def _fetch(story: Story, facts: Facts) -> None:
    """A vehicle on its way from several homes to one site, until it is called off at half past one."""
    fitting: dict[UUID, list[tuple[str, list[Act]]]] = defaultdict(list)
    trip = {"trip": str(story.chance.id(BUS)), "vehicle": "津A·转运27", "crew": "司机、护送各一名"}
    for person, theirs in sorted(facts.items()):
        begun = [fact for fact in theirs if fact.kind.startswith("isolation.") and fact.at < BUS]
        site = story.owners.of("isolation_site", theirs[0].area)
        acts = [_act(story, fact) for fact in theirs]
        held = chain(acts).at(BUS)
        at_home = begun and begun[-1].kind == "isolation.started" and begun[-1].data.get("kind") == "home"
        if not (site and at_home and held and held.managed and held.unit):
            continue
        parties = {"from": _name(held.unit), "to": _name(site.id), **trip}
        planned = _fetched(parties, held.unit, site.id, is_aboard=len(fitting[site.id]) < ABOARD)
        if not refused(acts, planned):
            fitting[site.id].append((person, planned))
    for person, planned in max(fitting.values(), key=len, default=[])[:SEATS]:
        _tell(story, person, facts[person], planned)


def _fetched(parties: Mapping[str, str | None], sender: UUID, to: UUID, *, is_aboard: bool) -> list[Act]:
    """Asked for, accepted, gone unless left behind, called off."""
    minutes = (("requested", 0, sender), ("accepted", 25, to), ("departed", 90, sender), ("cancelled", 350, sender))
    why = {"requested": "居家条件不足，集中转运", "cancelled": "隔离点临时消杀，原车返回，继续居家隔离"}
    return [
        Act(name, f"handover.{name}", BUS + timedelta(minutes=n), {**parties, "reason": why.get(name)}, unit)
        for name, n, unit in minutes
        if is_aboard or name != "departed"
    ]


def _ask(story: Story, person: str, facts: list[Fact], isolated: datetime, to: Unit | None) -> None:
    """A morning on which a site is asked for somebody isolated at home, and by the evening has no room for them."""
    random = story.chance.of("ask", person, isolated)
    day = isolated.astimezone(SHANGHAI).date() + timedelta(days=random.randint(1, 12))
    at = datetime.combine(day, time(8), SHANGHAI) + timedelta(minutes=random.randint(0, 115))
    acts = [_act(story, fact) for fact in facts]
    sender = _holder(story, person, acts, at, facts[0].area)
    if to is None or sender is None or random.random() > ASKED:
        return
    answer = at + timedelta(minutes=random.randint(20, 600))
    told = {"from": _name(sender), "to": _name(to.id)}
    asked = Act("0", OPENED, at, told | {"reason": "居家条件不足，申请集中隔离"}, sender)
    answered = Act("1", "handover.refused", answer, {"reason": "暂无房间，加强居家管理"}, to.id)
    held = chain(acts).at(answer)
    if held and held.managed and not refused(acts, [asked, answered]):
        _tell(story, person, facts, [asked, answered])


def _holder(story: Story, person: str, acts: Sequence[Act], at: datetime, area: str) -> UUID | None:
    """Who holds the person then, or answers for them where nobody does."""
    held = chain(act for act in acts if act.at <= at).at(at)
    return held.unit if held and held.managed else _home(story, area)


def _act(story: Story, fact: Fact) -> Act:
    unit = as_unit(fact.by) if fact.by else None
    episode = fact.subject if fact.kind in ILL or fact.kind.startswith("episode.") else ""
    return Act(fact.id, fact.kind, fact.at, fact.data, unit, _home(story, fact.area), episode)


def _home(story: Story, area: str) -> UUID | None:
    near = [unit for role in HOMES if (unit := story.owners.of(role, area))]
    return max(near, key=lambda unit: len(unit.area)).id if near else None


def _parties(handover: Handover) -> Mapping[str, str | None]:
    return {"from": _name(handover.sender), "to": _name(handover.receiver)}


def _name(unit: UUID | None) -> str | None:
    return f"unit:{unit}" if unit else None
