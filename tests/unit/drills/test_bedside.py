"""What surrounds the patients of the demonstration, most of it done and some of it not."""

from collections import Counter

from bulou.oversight.drills.synthetic import wards
from bulou.oversight.drills.synthetic.model import Demo


def test_most_are_asked_who_is_left_at_home_before_they_are_moved(demo: Demo) -> None:
    persons = {fact.subject: fact.data["person"] for fact in demo.facts if fact.data.get("person")}
    first = {}
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind in wards.LYING:
            first.setdefault(persons[fact.subject], fact.at)
    asked = {fact.subject: fact for fact in demo.facts if fact.kind == "dependants.asked"}

    assert 0.6 < len(asked) / len(first) < 0.95
    assert all(fact.at < first[person] for person, fact in asked.items())
    assert {fact.data["count"] for fact in asked.values()} == {0, 1}


def test_whoever_is_left_has_a_need_and_most_needs_are_answered(demo: Demo) -> None:
    needs = Counter(fact.kind for fact in demo.facts if "照料（演示）" in str(fact.data.get("words")))

    assert needs["help.requested"] >= needs["help.answered"] > 0


def test_stocks_are_counted_asked_for_and_delivered_in_part(demo: Demo) -> None:
    kinds = Counter(fact.kind for fact in demo.facts if fact.kind.startswith(("stock.", "supply.")))

    assert kinds["stock.counted"] > kinds["supply.requested"] > kinds["supply.delivered"] > 0


def test_staff_work_in_zones_are_exposed_now_and_then_and_mostly_measured(demo: Demo) -> None:
    shifts = [fact for fact in demo.facts if fact.kind == "shift.worked"]
    people = {fact.subject for fact in shifts}
    readings = [f for f in demo.facts if f.kind == "temperature.read" and f.subject in people]

    assert {fact.data["zone"] for fact in shifts} == {"contaminated", "buffer"}
    assert any(fact.kind == "staff.exposed" for fact in demo.facts)
    assert 5 < len(people) <= 16
    assert len(readings) > len(shifts)
