"""What supervision finds in the demonstration: some closed, some sent back, some that nobody answers."""

from collections import Counter, defaultdict

import pytest

from bulou.ledger.history import Event, unit_of
from bulou.oversight.drills.synthetic.story import END
from bulou.oversight.supervision import tours
from bulou.oversight.supervision.findings import KINDS, findings_of


@pytest.fixture(scope="module")
def findings(demo):
    told = defaultdict(list)
    for fact in demo.facts:
        if fact.kind in KINDS:
            told[fact.subject].append(Event(fact.id, fact.kind, fact.at, fact.area, unit_of(fact.by), fact.data))
    return [one for subject, events in told.items() for one in findings_of(subject, events)]


def test_most_are_closed_some_are_sent_back_and_some_nobody_answers(findings):
    states = Counter(one.state for one in findings)

    assert states["closed"] > len(findings) * 0.4
    assert states["raised"] >= 1
    assert sum(one.returned for one in findings) >= 1
    assert sum(one.reminded for one in findings) >= 1


def test_some_are_past_their_time_when_the_demonstration_ends(findings):
    assert [one for one in findings if one.state == "raised" and one.due_at < END]


def test_each_has_a_finder_an_owner_and_words_that_say_it_is_made_up(findings):
    assert all(one.by and one.unit and one.by != one.unit and "合成" in one.words for one in findings)
    assert {one.severity for one in findings} == {"minor", "serious", "grave"}


def test_teams_go_round_and_come_to_most_but_not_all_of_their_stops(demo):
    told = defaultdict(list)
    for fact in demo.facts:
        if fact.kind in tours.KINDS:
            told[fact.subject].append(Event(fact.id, fact.kind, fact.at, fact.area, unit_of(fact.by), fact.data))
    stops = [one for subject, events in told.items() for one in tours.stops_of(subject, events)]
    planned = {one.id for events in told.values() for one in tours.tours_of(events)}

    assert {str(one.tour) for one in stops} == planned
    assert 0.75 < sum(one.visited_at is not None for one in stops) / len(stops) < 1


def test_what_a_tour_found_says_so(demo, findings):
    assert all(one.tour for one in findings)
