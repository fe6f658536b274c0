"""Beds of the demonstration: everybody treated has one, but for what is wrong on purpose."""

from collections import defaultdict

from bulou.oversight.drills.synthetic import wards
from bulou.oversight.drills.synthetic.model import Demo


def admissions(demo: Demo) -> dict[str, list[str | None]]:
    """The beds each episode is put into, in order of time."""
    found: dict[str, list[str | None]] = defaultdict(list)
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind in wards.LYING:
            found[fact.subject].append(fact.data.get("place"))
    return found


def test_every_designated_hospital_has_wards_in_three_zones_and_beds_of_every_kind(demo: Demo) -> None:
    hospitals = {unit.id for unit in demo.units if "designated_hospital" in unit.roles}

    assert {ward.unit for ward in demo.wards} == hospitals
    assert {ward.zone for ward in demo.wards} == {"clean", "buffer", "contaminated"}
    assert {bed.kind for bed in demo.beds} == {"icu", "negative", "isolation", "general"}


def test_most_patients_have_a_bed_of_the_books_and_keep_it_through_the_diagnosis(demo: Demo) -> None:
    beds = {str(bed.place) for bed in demo.beds}
    each = admissions(demo)

    have = [own for own in each.values() if own[0]]
    assert len(have) > 0.9 * len(each)
    assert {place for own in have for place in own} <= beds
    assert all(len(set(own)) == 1 for own in have)


def test_some_have_none_and_somebody_is_put_into_a_taken_one(demo: Demo) -> None:
    each = admissions(demo)
    without = [own for own in each.values() if own[0] is None]
    ends = {fact.subject: fact.at for fact in demo.facts if fact.kind in wards.LEAVING}
    starts = sorted((f for f in demo.facts if f.kind in wards.LYING and f.data.get("place")), key=lambda f: f.at)
    inside: dict[str, str] = {}
    doubled = 0
    for fact in starts:
        other = inside.get(fact.data["place"])
        doubled += other not in (None, fact.subject) and ends.get(str(other), fact.at) >= fact.at
        inside[fact.data["place"]] = fact.subject

    assert without
    assert 0 < doubled < 6


def test_one_bed_of_each_ward_is_out_of_use_and_nobody_is_put_into_it(demo: Demo) -> None:
    broken = {fact.subject.removeprefix("place:") for fact in demo.facts if fact.kind == "bed.broken"}

    assert len(broken) == len(wards.WARDS)
    assert not broken & {place for own in admissions(demo).values() for place in own if place}


def test_beds_left_are_disinfected_some_of_them_late(demo: Demo) -> None:
    cleaned = [fact for fact in demo.facts if fact.kind == "bed.cleaned"]

    assert len(cleaned) > 10
    assert {fact.subject for fact in cleaned} <= {bed.subject for bed in demo.beds}
