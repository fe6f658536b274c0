"""Facts that come by other doors keep patients and beds right, in whatever order they come."""

import re
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Person
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.treatment import follower
from bulou.no_miss.treatment.models import Bed, BedStay, Episode

from .conftest import DAY, HOME, HOUR, NOW, Hospital

MANY = 3000
TABLES = re.compile(r"(FROM|INTO|JOIN|UPDATE) \"?(bed_stay|bed|episode)\b")


def rows() -> list[tuple[object, ...]]:
    with everywhere():
        stays = list(BedStay.objects.order_by("id").values_list())
        return [*stays, *Episode.objects.order_by("id").values_list(), *Bed.objects.order_by("pk").values_list()]


def test_two_patients_put_into_one_bed_are_both_shown_and_the_second_has_none(hospital: Hospital) -> None:
    hospital.lay(1, 0, NOW - HOUR)
    hospital.lay(0, 0, NOW - DAY / 2)

    (first,), (second,) = hospital.stays(0), hospital.stays(1)
    assert (first.bed_id, second.bed_id) == (hospital.beds[0], None)
    assert (second.claimed, second.trouble) == (hospital.beds[0], "taken")


def test_a_late_end_and_disinfection_put_right_what_stood_beside_the_bed(hospital: Hospital) -> None:
    hospital.lay(0, 0, NOW - 5 * HOUR)
    hospital.lay(1, 0, NOW - HOUR)

    hospital.happen("episode.died", hospital.episodes[0], NOW - 4 * HOUR)
    assert hospital.stays(1)[0].trouble == "unclean"
    hospital.happen("bed.cleaned", hospital.beds[0], NOW - 3 * HOUR)

    assert hospital.stays(1)[0].bed_id == hospital.beds[0]


def test_a_withdrawn_admission_never_was(hospital: Hospital) -> None:
    admitted = hospital.lay(0, 0, NOW - HOUR)

    hospital.happen("fact.withdrawn", hospital.episodes[0], NOW, supersedes=admitted, reason="wrong patient")

    assert hospital.stays(0) == []
    assert hospital.bed(0).state == "free"


def test_an_illness_that_is_somebody_elses_takes_its_bed_along(hospital: Hospital) -> None:
    stated = hospital.ill(0, NOW - 2 * DAY)
    hospital.lay(0, 0, NOW - HOUR)

    right = f"person:{hospital.people[2]}"
    for fact in (stated, hospital.ill(0, NOW - DAY)):
        data = {"disease": "covid-19-2020", "person": right}
        hospital.happen("episode.confirmed", hospital.episodes[0], NOW - DAY, supersedes=fact, **data)
    hospital.happen("episode.confirmed", hospital.episodes[0], NOW, disease="covid-19-2020", person=right)

    assert hospital.episode(0).person == hospital.people[2]
    assert [stay.person for stay in hospital.stays(0)] == [hospital.people[2]]


def test_what_happened_to_an_episode_stands_in_its_row(hospital: Hospital) -> None:
    hospital.happen("severity.changed", hospital.episodes[0], NOW - 3 * HOUR, severity="critical")
    hospital.happen("treatment.planned", hospital.episodes[0], NOW - 2 * HOUR)
    hospital.happen("episode.reported", hospital.episodes[0], NOW - HOUR, stage="severity")

    one = hospital.episode(0)
    assert (one.severity, one.graver_at, one.planned_at, one.told_at) == (
        "critical",
        NOW - 3 * HOUR,
        NOW - 2 * HOUR,
        NOW - HOUR,
    )


def test_a_fact_ahead_of_the_clock_counts_when_the_clock_gets_there(hospital: Hospital) -> None:
    hospital.lay(0, 0, NOW + DAY)
    assert hospital.bed(0).state == "free"

    with clock.at(NOW + 2 * DAY):
        ledger.advance()

    assert hospital.bed(0).state == "occupied"


def test_a_clock_set_back_takes_back_what_had_not_happened_yet(hospital: Hospital) -> None:
    hospital.lay(0, 0, NOW - 3 * HOUR)
    before = rows()
    hospital.happen("episode.discharged", hospital.episodes[0], NOW)

    with clock.at(NOW - HOUR):
        ledger.advance()

    assert rows() == before


def test_a_hospital_elsewhere_sees_its_patient_and_the_home_sees_where_they_lie(hospital: Hospital) -> None:
    hospital.lay(0, 0)

    for area, episodes in (("120101", 3), (HOME, 3), ("120102", 0), ("450103", 0)):
        with scope(area):
            assert Episode.objects.count() == episodes
            assert BedStay.objects.count() == bool(episodes)


def test_a_fact_that_bears_on_no_illness_asks_nothing_of_it(hospital: Hospital) -> None:
    fact = Fact(str(new_id()), "temperature.read", f"person:{hospital.people[0]}", HOME, NOW, None, {"celsius": 36.6})
    with everywhere(), CaptureQueriesContext(connection) as queries:
        ledger.record([fact])

    assert [q["sql"] for q in queries if "bed_stay" in q["sql"] or ' "bed"' in q["sql"]] == []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_and_the_batches_the_rows_are_those_of_everything_derived_anew(
    hospital: Hospital, seed: int
) -> None:
    random = Random(seed)
    facts = [_random_fact(random, hospital) for _ in range(60)]
    while facts:
        size = random.randint(1, 4)
        batch, facts = facts[:size], facts[size:]
        assert ledger.record(batch).refused == ()
        incremental = rows()
        with everywhere():
            follower.follow(None, NOW)
        assert rows() == incremental


def _random_fact(random: Random, hospital: Hospital) -> Fact:
    episode, bed = random.choice(hospital.episodes), random.choice(hospital.beds[:3])
    at = NOW - random.randint(0, 40) * HOUR
    person = f"person:{random.choice(hospital.people)}"
    kind, data = random.choice(
        [
            ("episode.admitted", {"place": str(bed)}),
            ("episode.admitted", {"unit": f"unit:{hospital.unit.pk}"}),
            ("episode.moved", {"place": str(bed)}),
            ("episode.discharged", {}),
            ("episode.confirmed", {"disease": "sars", "person": person}),
            ("severity.changed", {"severity": random.choice(["mild", "severe", "critical"])}),
            ("bed.cleaned", {}),
            ("bed.cleaned", {}),
            ("bed.broken", {"reason": "x"}),
            ("bed.repaired", {}),
        ]
    )
    subject = f"place:{bed}" if kind.startswith("bed.") else f"episode:{episode}"
    return Fact(str(new_id()), kind, subject, HOME, at, None, data)


def test_however_many_are_discharged_they_take_the_same_few_statements(hospital: Hospital) -> None:
    with everywhere():
        people = Person.objects.bulk_create(
            [Person(name=str(n), area_id=HOME, synthetic=True) for n in range(MANY)], batch_size=1000
        )
    subjects = [f"episode:{new_id()}" for _ in people]
    ill = {"disease": "sars"}
    stated = [
        Fact(str(new_id()), "episode.confirmed", subject, HOME, NOW - DAY, None, ill | {"person": f"person:{one.pk}"})
        for subject, one in zip(subjects, people, strict=True)
    ]
    here = {"unit": f"unit:{hospital.unit.pk}"}
    came = [Fact(str(new_id()), "episode.admitted", s, HOME, NOW - HOUR, None, here) for s in subjects]
    left = [Fact(str(new_id()), "episode.discharged", s, HOME, NOW, None, {}) for s in subjects]
    ledger.record([*stated, *came])

    counts = []
    for batch in (left[:100], left[100:]):
        with CaptureQueriesContext(connection) as queries:
            ledger.record(batch)
        counts.append(len([q for q in queries if TABLES.search(q["sql"])]))

    assert 0 < counts[0] == counts[1] <= 16
    with everywhere():
        assert Episode.objects.filter(ended_at=NOW).count() == MANY
