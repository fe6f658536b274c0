"""What is told of needs, registers, volunteers and calls: alive, some of it wrong on purpose, and beside all else."""

from collections import Counter, defaultdict

import pytest

from bulou.operations.support.course import KINDS, Happened, needs_of
from bulou.oversight.drills.synthetic.watching import DAYS


@pytest.fixture(scope="module")
def by_kind(demo):
    found = defaultdict(list)
    for fact in demo.facts:
        found[fact.kind].append(fact)
    return found


def test_most_needs_are_confirmed_some_wait_and_some_were_not_met(demo):
    facts = defaultdict(list)
    for fact in demo.facts:
        if fact.kind in KINDS:
            facts[fact.subject].append(Happened(fact.id, fact.kind, fact.at, fact.area, fact.by, fact.data))
    states = Counter(need.state for subject, own in facts.items() for need in needs_of(subject, own))

    assert states["closed"] > sum(states.values()) * 0.4
    assert min(states["delivered"], states["unmet"], states["asked"]) >= 1


def test_a_need_is_confirmed_by_the_person_and_after_it_was_brought(by_kind):
    brought = {fact.data["request"]: fact.at for fact in by_kind["help.delivered"]}

    assert by_kind["help.closed"]
    for fact in by_kind["help.closed"]:
        assert fact.by == fact.subject
        assert fact.at > brought[fact.data["request"]]


def test_who_asks_says_what_for(by_kind):
    assert all(fact.data["words"] for fact in by_kind["help.requested"] if fact.subject.startswith("person:"))


def test_hospitals_count_every_day_but_one_that_leaves_a_week_out(by_kind):
    days = Counter(
        fact.subject for fact in by_kind["syndrome.counted"] if fact.data["syndrome"] == "influenza_like_illness"
    )

    assert sorted(days.values())[0] == max(days.values()) - 7
    assert max(days.values()) >= DAYS - 3


def test_the_middle_of_the_outbreak_sells_and_counts_more_than_its_beginning(by_kind):
    sold = by_kind["fever_medicine.sold"]
    first, last = min(fact.at for fact in sold), max(fact.at for fact in sold)
    third = (last - first) / 3

    early = sum(fact.data["quantity"] for fact in sold if fact.at < first + third)
    middle = sum(fact.data["quantity"] for fact in sold if first + third <= fact.at < first + 2 * third)
    assert middle > early * 1.3


def test_volunteers_are_managed_by_nobody_and_the_hotline_rings(demo, by_kind):
    managed = {fact.subject for fact in demo.facts if fact.kind in ("person.enrolled", "isolation.started")}

    assert len(by_kind["volunteer.joined"]) >= 10
    assert not {fact.subject for fact in by_kind["volunteer.joined"]} & managed
    assert {fact.data["topic"] for fact in by_kind["call.taken"]} >= {"psychological", "information"}


def test_of_what_is_sampled_one_is_positive(by_kind):
    assert [fact.data["positive"] for fact in by_kind["environment.sampled"]].count(1) == 1
