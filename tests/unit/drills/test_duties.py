"""Duties brought to their end: done in time, late within their grace, left, or waived by two people."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import parse_slot
from bulou.kernel.text import Text
from bulou.oversight.drills.synthetic import duties
from bulou.oversight.drills.synthetic.diligence import Care
from bulou.oversight.drills.synthetic.duties import discharge
from bulou.oversight.drills.synthetic.story import END
from bulou.plan.evaluate import ledger
from bulou.plan.rules import Condition, Rule, Trigger, Variant

NOON = datetime(2020, 2, 1, 12, tzinfo=SHANGHAI)


def rule(when, must, terms, *, until=None, role="village_committee", level=None, where=()):
    return Rule(
        id=f"tiny/{when}-{must}",
        plan="tiny",
        clause="T-1",
        cites="T 1",
        title=Text(zh="责任", en="Duty"),
        no_miss="isolation",
        when=Trigger(when, tuple(where)),
        until=Trigger(until) if until else None,
        has_until=until is not None,
        level=level,
        must=Trigger(must),
        role=role,
        tell=(),
        zone=ZoneInfo("Asia/Shanghai"),
        variants=(terms,),
    )


TWICE = Variant(slots=(parse_slot("06:00/12:00"), parse_slot("16:00/22:00")), late=timedelta(hours=2))
ONCE = Variant(within=timedelta(hours=4))


@pytest.fixture
def everyone_careful(monkeypatch):
    monkeypatch.setattr(duties, "care", lambda chance, line, no_miss, owned: (Care.DONE, chance.of(line.opens_at)))


def everyone(monkeypatch, how):
    monkeypatch.setattr(duties, "care", lambda chance, line, no_miss, owned: (how, chance.of(line.opens_at)))


def states(story, rules):
    return Counter(line.state for line in ledger(rules, story.demo.facts, END))


def facts(story, kind):
    return [fact for fact in story.demo.facts if fact.kind == kind]


def here(story):
    """A grid in the middle of Baodi."""
    return story.geography.grids_of("120115001")[0]


def isolate(story, who="person:0", at=NOON, **data):
    story.tell("isolation.started", who, here(story), at, {"kind": "home", **data})


def test_a_stay_is_measured_twice_a_day_until_it_ends(story, kinds, everyone_careful):
    rules = [rule("isolation.started", "temperature.read", TWICE, until="isolation.ended")]
    story.leaves["person:0"] = NOON + timedelta(days=3)
    isolate(story)

    discharge(story, rules, kinds)

    readings = [fact for fact in facts(story, "temperature.read") if not fact.supersedes]
    assert len(readings) == 6
    assert states(story, rules) == {"met": 6}


def test_what_the_careless_leave_is_missed(story, kinds, monkeypatch):
    everyone(monkeypatch, Care.LEFT)
    monkeypatch.setattr(duties, "WAIVED_SHARE", 0)
    rules = [rule("isolation.started", "temperature.read", TWICE, until="isolation.ended")]
    story.leaves["person:0"] = NOON + timedelta(days=2)
    isolate(story)

    discharge(story, rules, kinds)

    assert facts(story, "temperature.read") == []
    assert states(story, rules) == {"missed": 4}


def test_what_the_late_do_is_late_and_within_its_grace(story, kinds, monkeypatch):
    everyone(monkeypatch, Care.LATE)
    rules = [rule("isolation.started", "temperature.read", TWICE, until="isolation.ended")]
    story.leaves["person:0"] = NOON + timedelta(days=2, hours=8)
    isolate(story)

    discharge(story, rules, kinds)

    found = states(story, rules)
    assert found["late"] >= 4
    assert set(found) <= {"late", "void", "met"}


def test_a_late_one_off_is_done_after_all(story, kinds, monkeypatch):
    everyone(monkeypatch, Care.LATE)
    rules = [rule("contact.identified", "medic.assessed", ONCE)]
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    assert states(story, rules) == {"late": 1}


def test_what_is_left_may_be_waived_by_two_people(story, kinds, monkeypatch):
    everyone(monkeypatch, Care.LEFT)
    monkeypatch.setattr(duties, "WAIVED_SHARE", 1)
    rules = [rule("contact.identified", "medic.assessed", ONCE)]
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    (waiver,) = facts(story, "duty.waived")
    assert waiver.by != waiver.data["approved_by"]
    assert states(story, rules) == {"waived": 1}


def test_what_nobody_owns_is_neither_done_nor_waived(story, kinds, monkeypatch):
    monkeypatch.setattr(duties, "WAIVED_SHARE", 1)
    rules = [rule("contact.identified", "medic.assessed", ONCE, role="airport")]
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    assert facts(story, "medic.assessed") == facts(story, "duty.waived") == []


def test_one_fact_serves_two_duties_that_ask_for_the_same(story, kinds, everyone_careful):
    once_a_day = Variant(slots=(parse_slot("06:00/22:00"),), late=timedelta())
    rules = [
        rule("isolation.started", "temperature.read", TWICE, until="isolation.ended"),
        rule("patrol.made", "temperature.read", once_a_day, until="isolation.ended"),
    ]
    story.leaves["person:0"] = NOON + timedelta(days=2)
    isolate(story)
    story.tell("patrol.made", "person:0", here(story), NOON, {"present": True})

    discharge(story, rules, kinds)

    readings = [fact for fact in facts(story, "temperature.read") if not fact.supersedes]
    assert len(readings) == 4
    assert set(states(story, rules)) == {"met"}


def test_an_abnormal_reading_brings_the_medic(story, kinds, everyone_careful):
    fever = (Condition("celsius", "gte", None, None, 37.3),)
    rules = [
        rule("isolation.started", "temperature.read", TWICE, until="isolation.ended"),
        rule("temperature.read", "medic.assessed", ONCE, role="township_clinic", where=fever),
    ]
    story.leaves["person:0"] = NOON + timedelta(days=4)
    story.fevers["person:0"] = (NOON + timedelta(days=2), END)
    isolate(story)

    discharge(story, rules, kinds)

    seen = facts(story, "medic.assessed")
    assert len(seen) == sum(fact.data["celsius"] >= 37.3 for fact in facts(story, "temperature.read")) > 1
    assert [fact.data["finding"] for fact in seen].count("suspect") == 1


def test_nobody_who_has_gone_to_hospital_is_visited_at_home(story, kinds, everyone_careful):
    rules = [rule("contact.identified", "residence.checked", Variant(within=timedelta(days=1)))]
    story.leaves["person:0"] = NOON - timedelta(hours=1)
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    assert facts(story, "residence.checked") == []


def test_who_is_about_to_go_is_visited_before(story, kinds, everyone_careful):
    rules = [rule("contact.identified", "residence.checked", Variant(within=timedelta(days=1)))]
    story.leaves["person:0"] = NOON + timedelta(minutes=10)
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    (visit,) = facts(story, "residence.checked")
    assert NOON <= visit.at <= story.leaves["person:0"]


def test_duties_of_a_response_level_hold_only_while_it_does(story, kinds, everyone_careful):
    terms = Variant(period=timedelta(days=1))
    rules = [rule("unit.designated", "zero_report.filed", terms, until="unit.released", role="hospital", level="I")]
    story.tell("unit.designated", "unit:0", "120115", NOON, {"role": "fever_clinic"})
    story.tell("response.level_set", "area:12", "12", NOON + timedelta(days=2), {"level": "I"})
    story.tell("response.level_set", "area:12", "12", NOON + timedelta(days=5), {"level": "none"})

    discharge(story, rules, kinds)

    assert len(facts(story, "zero_report.filed")) == 3


def test_a_plan_that_asks_for_ever_more_is_cut_off(story, kinds, everyone_careful, monkeypatch):
    monkeypatch.setattr(duties, "ROUNDS", 6)
    rules = [
        rule("supply.requested", "supply.delivered", ONCE, role="health_bureau"),
        rule("supply.delivered", "supply.requested", ONCE, role="health_bureau"),
    ]
    story.tell("supply.requested", "unit:0", "120115", NOON, {"item": "n95_mask", "quantity": 100})

    discharge(story, rules, kinds)

    assert 3 < len(story.demo.facts) < 10


def test_everything_a_duty_brings_about_is_recorded_by_its_owner(story, kinds, everyone_careful):
    rules = [rule("contact.identified", "residence.checked", ONCE)]
    story.tell("contact.identified", "person:0", here(story), NOON, {"degree": "general"})

    discharge(story, rules, kinds)

    owner = story.owners.of("village_committee", here(story))
    assert owner.area == here(story)[:12]
    assert [fact.by for fact in facts(story, "residence.checked")] == [f"unit:{owner.id}"]
