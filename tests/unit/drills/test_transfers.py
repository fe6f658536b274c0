"""People passed from hand to hand in the demonstration: every handover fits its chain, and some wait too long."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from bulou.custody.chain import BEARING, HANDOVERS, HOMES, LINKS, Act, as_unit, chain
from bulou.custody.door import refused
from bulou.kernel.clock import SHANGHAI
from bulou.oversight.drills.synthetic.units import Owners


def histories(demo):
    """Person to acts, as the house derives them."""
    owners = Owners(demo.units)
    about = {f.subject: f.data["person"] for f in demo.facts if f.kind == "episode.suspected"}
    found = defaultdict(list)
    for fact in demo.facts:
        if fact.kind in BEARING:
            near = [unit for role in HOMES if (unit := owners.of(role, fact.area))]
            home = max(near, key=lambda unit: len(unit.area)).id
            person = about.get(fact.subject, fact.subject)
            episode = fact.subject if fact.subject in about else ""
            unit = as_unit(fact.by) if fact.by else None
            found[person].append(Act(fact.id, fact.kind, fact.at, fact.data, unit, home, episode))
    return found


def test_no_handover_of_the_demonstration_would_be_refused(demo):
    assert {person: out for person, acts in histories(demo).items() if (out := refused([], acts))} == {}


def test_people_are_brought_to_isolation_sites_and_hospitals(demo):
    told = Counter(fact.kind for fact in demo.facts if fact.kind in HANDOVERS)

    assert told["handover.requested"] > 150
    assert all(told[kind] > 100 for kind in LINKS)


def test_some_wait_longer_than_anybody_should(demo):
    waits = [
        handover.accepted_at - handover.requested_at
        for acts in histories(demo).values()
        for handover in chain(acts).handovers
        if handover.accepted_at
    ]

    assert 5 < sum(wait > timedelta(hours=6) for wait in waits) < len(waits) / 4


def test_whoever_reached_a_site_is_in_its_hands(demo):
    sites = {unit.id for unit in demo.units if "isolation_site" in unit.roles}
    held = [chain(acts) for acts in histories(demo).values()]
    reached = [h for found in held for h in found.handovers if h.receiver in sites and h.received_at]

    assert reached
    assert all(found.at(h.received_at).unit == h.receiver for found in held for h in found.handovers if h in reached)


def test_whoever_comes_to_a_site_on_the_same_day_is_on_one_trip(demo):
    trips = defaultdict(list)
    for fact in demo.facts:
        if fact.kind == "handover.departed" and "trip" in fact.data:
            trips[fact.data["trip"]].append((fact.at, fact.data["vehicle"], fact.data["to"]))

    together = [each for each in trips.values() if len(each) > len(set(each))]

    assert len(trips) > 20
    assert len(together) > 10
    assert all(len({to for _at, _vehicle, to in each}) == 1 for each in trips.values())


def test_the_demonstration_opens_on_a_vehicle_that_is_under_way_without_two_of_its_people(demo):
    opens = datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)
    found = [chain(act for act in acts if act.at <= opens).handovers for acts in histories(demo).values()]
    trips = Counter(each[-1].stage for each in found if each and each[-1].vehicle == "津A·转运27")

    assert trips == {"departed": 3, "accepted": 2}


def test_whoever_leaves_a_site_is_handed_home_and_followed_up(demo):
    asked = [f for f in demo.facts if f.kind == "handover.requested" and "返家" in f.data.get("reason", "")]
    followed = [f for f in demo.facts if f.kind == "person.enrolled" and f.data["category"] == "released"]

    assert len(asked) > 10
    assert {f.subject for f in asked} <= {f.subject for f in followed}


def test_that_grounds_run_out_is_said_once_for_each_end_and_some_appeals_wait(demo):
    said = Counter((f.subject, f.data["ends"]) for f in demo.facts if f.kind == "isolation.expiring")
    filed = {f.id for f in demo.facts if f.kind == "appeal.filed"}
    answered = {f.data["appeal"] for f in demo.facts if f.kind == "appeal.answered"}

    assert set(said.values()) == {1}
    assert answered < filed
