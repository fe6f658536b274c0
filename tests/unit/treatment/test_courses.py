"""An illness and the beds it was treated in, from facts in whatever order they come."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.treatment.beds import taken_by
from bulou.no_miss.treatment.courses import Course, Happened, course_of, lyings_of

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
PERSON, ILLNESS, OTHER, BED, BED2, HOSPITAL = (str(UUID(int=n)) for n in range(1, 7))


def fact(kind: str, hours: float = 0, /, episode: str = ILLNESS, **data: Any) -> Happened:
    at = NOW + hours * HOUR
    return Happened(f"{kind}{at.isoformat()}{episode}", kind, at, episode, "120101", data)


def ill(*facts: Happened) -> Course:
    found = course_of(facts)
    assert found
    return found


SUSPECTED = fact("episode.suspected", -20, person=f"person:{PERSON}", disease="covid-19-2020")
CONFIRMED = fact("episode.confirmed", -10, person=f"person:{PERSON}", severity="moderate", case_no="TJ9")


class TestACourse:
    def test_goes_from_suspicion_to_diagnosis(self) -> None:
        found = ill(SUSPECTED, CONFIRMED)

        assert (found.status, found.number, found.severity, found.person) == ("confirmed", "TJ9", "moderate", PERSON)
        assert (found.begun_at, found.confirmed_at, found.ended_at) == (SUSPECTED.at, CONFIRMED.at, None)

    def test_is_none_before_anybody_says_what_it_is(self) -> None:
        assert course_of([fact("severity.changed", severity="severe")]) is None

    def test_grows_graver_and_better(self) -> None:
        severe, critical = (
            fact("severity.changed", 1, severity="severe"),
            fact("severity.changed", 5, severity="critical"),
        )
        better = fact("severity.changed", 50, severity="moderate")

        assert ill(CONFIRMED, severe).graver_at == severe.at
        assert ill(CONFIRMED, severe, critical).graver_at == critical.at
        assert ill(CONFIRMED, severe, critical, better).graver_at is None

    def test_tells_the_report_of_a_severe_course_from_the_first(self) -> None:
        first, second = fact("episode.reported", -9, stage="first"), fact("episode.reported", 2, stage="severity")

        assert (ill(CONFIRMED, first).told_at, ill(CONFIRMED, first).reported_at) == (None, first.at)
        assert ill(CONFIRMED, first, second).told_at == second.at

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [("episode.discharged", "discharged"), ("episode.died", "died"), ("episode.excluded", "excluded")],
    )
    def test_ends(self, kind: str, outcome: str) -> None:
        end = fact(kind, 100)

        assert (ill(CONFIRMED, end).ended_at, ill(CONFIRMED, end).outcome) == (end.at, outcome)

    def test_goes_on_where_the_patient_is_passed_on_and_where_a_relapse_is_stated(self) -> None:
        passed_on = fact("episode.discharged", 30, outcome="transferred")
        relapse = fact("episode.confirmed", 200, person=f"person:{PERSON}")

        assert ill(CONFIRMED, passed_on).ended_at is None
        assert ill(CONFIRMED, fact("episode.discharged", 100), relapse).ended_at is None

    def test_of_nobody_known_has_no_person(self) -> None:
        assert ill(fact("episode.suspected", person="the man at the gate")).person is None

    def test_is_the_same_in_any_order(self) -> None:
        facts = [SUSPECTED, CONFIRMED, fact("treatment.planned", 1), fact("expert.consulted", 2, conclusion="treat")]

        assert ill(*Random(1).sample(facts, 4)) == ill(*facts)
        assert (ill(*facts).planned_at, ill(*facts).consulted_at) == (facts[2].at, facts[3].at)


class TestLying:
    def test_a_bed_is_had_from_the_admission_to_the_end(self) -> None:
        stays = lyings_of(PERSON, [fact("episode.admitted", place=f"place:{BED}"), fact("episode.discharged", 5)])

        assert [(s.place, s.started, s.ended) for s in stays] == [(BED, NOW, NOW + 5 * HOUR)]

    def test_the_diagnosis_in_the_bed_of_the_suspicion_begins_no_other_stay(self) -> None:
        stays = lyings_of(PERSON, [fact("episode.isolated", place=BED), fact("episode.admitted", 3, place=BED)])

        assert len(stays) == 1

    def test_a_hospital_named_alone_is_a_stay_without_a_bed_until_one_is_given(self) -> None:
        here, bed = fact("episode.admitted", unit=f"unit:{HOSPITAL}"), fact("episode.moved", 1, place=BED)

        assert [(s.unit, s.place) for s in lyings_of(PERSON, [here])] == [(HOSPITAL, None)]
        assert [s.place for s in lyings_of(PERSON, [here, bed])] == [None, BED]

    def test_the_end_of_another_illness_ends_nothing(self) -> None:
        stays = lyings_of(PERSON, [fact("episode.admitted", place=BED), fact("episode.excluded", 1, OTHER)])

        assert stays[0].is_open

    def test_two_illnesses_of_one_person_share_one_bed(self) -> None:
        stays = lyings_of(PERSON, [fact("episode.isolated", place=BED), fact("episode.admitted", 1, OTHER, place=BED)])

        assert [(s.episode, s.place) for s in stays] == [(OTHER, BED)]

    def test_a_place_that_is_none_is_none(self) -> None:
        assert lyings_of(PERSON, [fact("episode.admitted", place="the bed by the window")])[0].place is None


class TestABed:
    def lying(self, who: str, since: float, until: float | None = None) -> Any:
        facts = [fact("episode.admitted", since, who, place=BED)]
        return lyings_of(who, facts + ([fact("episode.discharged", until, who)] if until is not None else []))

    def test_is_the_first_ones(self) -> None:
        first, second = self.lying(ILLNESS, 0)[0], self.lying(OTHER, 1)[0]

        taken = taken_by([second, first], [])

        assert (taken.troubles[first.id], taken.troubles[second.id], taken.state) == ("", "taken", "occupied")

    def test_waits_for_disinfection_after_whoever_left(self) -> None:
        left, next_ = self.lying(ILLNESS, 0, 2), self.lying(OTHER, 5)
        cleaned = Happened("c", "bed.cleaned", NOW + 3 * HOUR)

        assert taken_by(left, []).state == "cleaning"
        assert taken_by([*left, *next_], []).troubles[next_[0].id] == "unclean"
        assert taken_by([*left, *next_], [cleaned]).troubles[next_[0].id] == ""

    def test_out_of_use_takes_nobody_until_it_is_put_right(self) -> None:
        broken, repaired = (Happened(k, f"bed.{k}", NOW + n * HOUR) for n, k in ((-2, "broken"), (-1, "repaired")))
        stay = self.lying(ILLNESS, 0)

        assert taken_by(stay, [broken]).troubles[stay[0].id] == "broken"
        assert taken_by([], [broken]).state == "broken"
        assert taken_by(stay, [broken, repaired]).troubles[stay[0].id] == ""
