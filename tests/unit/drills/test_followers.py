"""What follows from a fact, follower by follower."""

from datetime import datetime, timedelta

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.oversight.drills.synthetic import followers
from bulou.oversight.drills.synthetic.followers import ASSESSMENT_HOLDS, CRITERIA, OBSERVATION, close, follow
from bulou.oversight.drills.synthetic.story import END

WHO = "person:0197c0de-0000-7000-8000-000000000001"
CASE = "episode:0197c0de-0000-7000-8000-000000000002"
HERE = "120115001001001"
NOON = datetime(2020, 2, 1, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def nobody_asks_or_mistypes(monkeypatch):
    monkeypatch.setattr(followers, "MISTYPED", 0)


def told(story, kind, data=None, *, subject=WHO, at=NOON):
    """Tell a fact and what follows from it, one step; the facts that followed."""
    fact = story.tell(kind, subject, HERE, at, data)
    before = len(story.demo.facts)
    follow(story, fact)
    return story.demo.facts[before:]


def kinds(facts):
    return [fact.kind for fact in facts]


def test_a_close_contact_is_enrolled(story):
    story.about[WHO] = CASE

    (enrolled,) = told(story, "contact.identified", {"degree": "close", "episode": CASE})

    assert enrolled.data == {"category": "close_contact", "ref": CASE}
    assert NOON < enrolled.at <= NOON + timedelta(hours=8)


@pytest.mark.parametrize("degree", ["secondary", "general"])
def test_any_other_contact_is_not(story, degree):
    assert told(story, "contact.identified", {"degree": degree}) == []


def test_what_a_duty_asks_for_does_not_follow_by_itself(story):
    story.owed = frozenset({"person.enrolled"})

    assert told(story, "contact.identified", {"degree": "close"}) == []


def test_an_arrival_from_an_affected_area_is_enrolled_and_remembered(story):
    declared = {"risk": "high", "from_area": "4201"}

    (enrolled,) = told(story, "arrival.declared", declared)

    assert enrolled.data == {"category": "arrival"}
    assert story.origins[WHO] == declared


def test_an_arrival_from_elsewhere_is_only_remembered(story):
    assert told(story, "arrival.declared", {"risk": "low"}) == []
    assert story.origins[WHO] == {"risk": "low"}


def test_the_enrolled_are_isolated_at_home(story):
    (isolated,) = told(story, "person.enrolled", {"category": "arrival"})

    assert isolated.kind == "isolation.started"
    assert isolated.data["kind"] == "home"


def test_or_in_a_site(story):
    story.central.add(WHO)

    (isolated,) = told(story, "person.enrolled", {"category": "arrival"})

    assert isolated.data["kind"] == "central"


def test_who_goes_to_hospital_first_is_withdrawn_instead(story):
    story.leaves[WHO] = NOON + timedelta(minutes=30)

    (withdrawn,) = told(story, "person.enrolled", {"category": "arrival"})

    assert (withdrawn.kind, withdrawn.at) == ("person.withdrawn", story.leaves[WHO])


def test_an_isolation_has_an_order_before_it(story):
    facts = told(story, "isolation.started", {"kind": "home"})

    order = next(fact for fact in facts if fact.kind == "isolation.ordered")
    assert order.at < NOON
    assert order.data["days"] == OBSERVATION.days


def test_an_isolation_ends_when_its_person_falls_ill(story):
    story.leaves[WHO] = NOON + timedelta(days=3)

    facts = told(story, "isolation.started", {"kind": "home", "place": "place:x"})

    ended = next(fact for fact in facts if fact.kind == "isolation.ended")
    assert (ended.at, ended.data["reason"]) == (story.leaves[WHO], "transferred")
    assert story.isolated == {}


def test_an_isolation_ends_with_its_assessment(story):
    told(story, "isolation.started", {"kind": "home"})

    facts = told(story, "release.assessed", {"outcome": "complete"}, at=NOON + OBSERVATION)

    assert kinds(facts) == ["isolation.ended", "person.withdrawn"]
    assert facts[0].data["reason"] == "completed"


@pytest.mark.parametrize("outcome", ["transfer", "extend"])
def test_another_outcome_ends_nothing(story, outcome):
    told(story, "isolation.started", {"kind": "home"})

    assert told(story, "release.assessed", {"outcome": outcome}, at=NOON + OBSERVATION) == []


def test_an_assessment_of_nobody_isolated_ends_nothing(story):
    assert told(story, "release.assessed", {"outcome": "complete"}) == []


def test_who_was_never_assessed_is_let_go_a_day_late(story):
    started = NOON - timedelta(days=5)
    told(story, "isolation.started", {"kind": "home"}, at=started)

    assert close(story)
    assessed = story.demo.facts[-1]
    follow(story, assessed)

    ended = next(fact for fact in story.demo.facts if fact.kind == "isolation.ended")
    assert timedelta(days=14) < ended.at - started < timedelta(days=17)
    assert not close(story)


def test_who_is_isolated_to_the_end_of_the_story_is_not_let_go(story):
    told(story, "isolation.started", {"kind": "home"}, at=END - timedelta(days=10))

    assert not close(story)


@pytest.mark.parametrize("finding", ["suspect", "refer"])
def test_the_suspected_are_handed_over_to_the_fever_clinic(story, finding):
    (handover,) = told(story, "medic.assessed", {"finding": finding})

    clinic = story.owners.of("fever_clinic", HERE)
    assert handover.kind == "handover.requested"
    assert handover.data["to"] == f"unit:{clinic.id}"


def test_the_well_are_not(story):
    assert told(story, "medic.assessed", {"finding": "well"}) == []


def test_a_handover_departs_when_accepted_and_is_settled_when_received(story):
    assert kinds(told(story, "handover.accepted")) == ["handover.departed"]
    assert kinds(told(story, "handover.received")) == ["handover.settled"]


def test_a_patient_is_discharged_once_experts_agree(story):
    story.owed = frozenset({"expert.consulted"})
    assert told(story, "discharge.assessed", CRITERIA, subject=CASE) == []

    review = {"conclusion": "discharge", "level": "province"}
    (left,) = told(story, "expert.consulted", review, subject=CASE, at=NOON + timedelta(hours=5))

    assert left.kind == "episode.discharged"
    assert left.at - NOON < timedelta(days=1)


def test_an_assessment_that_no_longer_holds_is_made_again(story):
    story.owed = frozenset({"expert.consulted"})
    told(story, "discharge.assessed", CRITERIA, subject=CASE)
    late = NOON + ASSESSMENT_HOLDS + timedelta(hours=1)

    (again,) = told(story, "expert.consulted", {"conclusion": "discharge"}, subject=CASE, at=late)

    assert (again.kind, dict(again.data)) == ("discharge.assessed", CRITERIA)


@pytest.mark.parametrize("conclusion", ["keep", "treat", "confirmed"])
def test_another_conclusion_discharges_nobody(story, conclusion):
    story.owed = frozenset({"expert.consulted"})
    told(story, "discharge.assessed", CRITERIA, subject=CASE)

    assert told(story, "expert.consulted", {"conclusion": conclusion}, subject=CASE) == []


def test_where_no_plan_asks_for_experts_the_assessment_is_enough(story):
    assert kinds(told(story, "discharge.assessed", CRITERIA, subject=CASE)) == ["episode.discharged"]


def test_a_mistyped_reading_is_replaced_at_its_own_instant_and_only_once(story, monkeypatch):
    monkeypatch.setattr(followers, "MISTYPED", 1)

    (corrected,) = told(story, "temperature.read", {"celsius": 38, "method": "ear"})
    first = story.demo.facts[0]
    follow(story, corrected)

    assert (corrected.supersedes, corrected.at, corrected.data["method"]) == (first.id, first.at, "ear")
    assert len(story.demo.facts) == 2


def test_some_of_the_isolated_need_something(story):
    for number in range(400):
        told(story, "isolation.started", {"kind": "home"}, subject=f"person:{number}")

    asked = [fact for fact in story.demo.facts if fact.kind == "help.requested"]
    assert 10 < len(asked) < 60
    assert all(story.needs[fact.subject] == fact.data["need"] for fact in asked)


def test_most_facts_have_no_followers(story):
    assert told(story, "household.visited", {"present": 2}, subject="place:x") == []
