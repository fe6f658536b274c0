"""Acts beside the bed: dependants before the move, the guard of a discharge, the approval of two, staff watched."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from bulou.custody.models import Handover
from bulou.custody.selectors import holders
from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.no_miss.treatment import care, patients, services, staff
from bulou.no_miss.treatment.models import StaffWatch
from bulou.plan.rules import rules

from .conftest import DAY, HOME, HOUR, NOW, Hospital

Refuses = Callable[[str], AbstractContextManager[object]]
READY: dict[str, Any] = {
    "normal_days": 4,
    "symptoms_improved": True,
    "imaging_improved": True,
    "negative_tests": 2,
    "test_gap_hours": 26,
}


@pytest.fixture
def refuses() -> Refuses:
    return lambda code: pytest.raises(BulouError, check=lambda error: error.problems[0].code == code)


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def guarded(hospital: Hospital) -> Hospital:
    """The hospital under the Guangxi plan, whose guard of a discharge wants an assessment and the regional experts."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "discharge.assessed"], area="12")
    hospital.lay(0, 0, NOW - HOUR)
    return hospital


def told(subject: str, kind: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM fact WHERE subject = %s AND kind = %s ORDER BY at", [subject, kind])

        return [json.loads(data) for (data,) in cursor.fetchall()]


class TestTheMove:
    def test_is_refused_before_anybody_asked_who_is_left_at_home(self, hospital: Hospital, refuses: Refuses) -> None:
        with refuses("dependants.not_asked"):
            care.transfer(hospital.episodes[0], hospital.unit.pk, by=hospital.doctor)

        with everywhere():
            assert not Handover.objects.exists()

    def test_goes_on_once_nobody_is_left(self, hospital: Hospital, village: Unit, make_account: Any) -> None:
        worker = make_account("worker", village, "village_committee")
        with everywhere():
            holder = holders([hospital.people[0]])[hospital.people[0]].unit
        by = worker if holder == village.pk else hospital.doctor
        to = hospital.unit.pk if holder == village.pk else village.pk

        assert care.ask_dependants(hospital.episodes[0], [], by=by) == 0
        care.transfer(hospital.episodes[0], to, by=by, reason="positive")

        with everywhere():
            moved = Handover.objects.get(person=hospital.people[0])
        assert moved.sender.pk == holder
        assert moved.stage == "requested"

    def test_opens_a_need_for_each_who_is_left(self, hospital: Hospital) -> None:
        with everywhere():
            child = Person.objects.create(name="小甲", area_id=HOME, birth_date=date(2014, 1, 1), synthetic=True)

        count = care.ask_dependants(
            hospital.episodes[0], [child.pk], by=hospital.doctor, others=1, words="a boy of six and a grandmother"
        )

        assert count == 2
        assert told(f"person:{child.pk}", "help.requested") == [
            {"need": "child_care", "words": "a boy of six and a grandmother"}
        ]
        assert len(told(f"person:{hospital.people[0]}", "help.requested")) == 1
        (answer,) = told(f"person:{hospital.people[0]}", "dependants.asked")
        assert (answer["count"], answer["people"]) == (2, [f"person:{child.pk}"])
        asked = care.asked(hospital.episode(0))
        assert asked and asked[1] == 2

    def test_the_same_answer_sent_twice_opens_one_need(self, hospital: Hospital) -> None:
        id = uuid4()
        for later in (0, 3):
            with clock.at(NOW + timedelta(seconds=later)):
                care.ask_dependants(hospital.episodes[0], [], by=hospital.doctor, others=1, id=id)

        assert len(told(f"person:{hospital.people[0]}", "help.requested")) == 1

    def test_an_answer_of_an_earlier_illness_does_not_count(self, hospital: Hospital) -> None:
        hospital.happen("dependants.asked", hospital.people[0], NOW - 3 * DAY, count=0)

        assert care.asked(hospital.episode(0)) is None


class TestDischarge:
    def test_waits_for_the_criteria_and_the_experts(self, guarded: Hospital, refuses: Refuses) -> None:
        with refuses("discharge.guard"):
            care.discharge(guarded.episodes[0], by=guarded.doctor)

        care.tell("discharge.assessed", guarded.episodes[0], READY, by=guarded.doctor)
        with refuses("discharge.guard"):
            care.discharge(guarded.episodes[0], by=guarded.doctor)
        agreed = {"level": "province", "conclusion": "discharge"}
        care.tell("expert.consulted", guarded.episodes[0], agreed, by=guarded.head)

        with clock.at(NOW + HOUR):
            done = care.discharge(guarded.episodes[0], by=guarded.doctor)
        assert (done.outcome, done.ended_at) == ("discharged", NOW + HOUR)
        assert guarded.bed(0).state == "cleaning"

    @pytest.mark.parametrize("short", [{"normal_days": 2}, {"negative_tests": 1}, {"symptoms_improved": False}])
    def test_criteria_half_met_are_not_met(self, guarded: Hospital, refuses: Refuses, short: dict[str, Any]) -> None:
        care.tell("discharge.assessed", guarded.episodes[0], READY | short, by=guarded.doctor)

        with refuses("discharge.guard"):
            care.discharge(guarded.episodes[0], by=guarded.doctor)

    def test_before_its_time_takes_two_people_and_a_reason(self, guarded: Hospital, refuses: Refuses) -> None:
        request = care.ask_early(guarded.episodes[0], "the family has a ward at home", by=guarded.doctor)
        with refuses("request.two_people"):
            care.agree_early(guarded.episodes[0], request, by=guarded.doctor)
        with refuses("discharge.guard"):
            care.discharge(guarded.episodes[0], by=guarded.doctor)

        care.agree_early(guarded.episodes[0], request, by=guarded.head)

        (asked,) = told(f"person:{guarded.people[0]}", "override.requested")
        assert len(asked["missing"]) == 2
        with clock.at(NOW + HOUR):
            assert care.discharge(guarded.episodes[0], by=guarded.doctor).outcome == "discharged"

    def test_an_approval_lasts_a_day(self, guarded: Hospital, refuses: Refuses) -> None:
        request = care.ask_early(guarded.episodes[0], "x", by=guarded.doctor)
        care.agree_early(guarded.episodes[0], request, by=guarded.head)

        with clock.at(NOW + DAY + HOUR), refuses("discharge.guard"):
            care.discharge(guarded.episodes[0], by=guarded.doctor)

    def test_to_another_hospital_needs_no_criteria_and_ends_no_illness(self, guarded: Hospital) -> None:
        done = care.discharge(guarded.episodes[0], by=guarded.doctor, outcome="transferred")

        assert done.ended_at is None
        assert guarded.stays(0)[0].ended_at == NOW

    def test_agreeing_to_what_nobody_asked_is_refused(self, guarded: Hospital, refuses: Refuses) -> None:
        with refuses("request.none"):
            care.agree_early(guarded.episodes[0], uuid4(), by=guarded.head)


class TestTheList:
    def missing(self, n: int, hospital: Hospital, view: patients.View = "ill") -> tuple[str, ...]:
        rows, _next = patients.page(view, "", 50)
        return next(row.missing for row in rows if row.episode == hospital.episodes[n])

    def test_says_what_nobody_has_done(self, hospital: Hospital) -> None:
        hospital.happen("severity.changed", hospital.episodes[0], NOW - HOUR, severity="critical")

        assert self.missing(0, hospital) == ("bed", "report", "severe_report", "plan", "consultation")
        assert patients.counts() == {"ill": 3, "no_bed": 3, "grave": 1, "convalescent": 0}
        services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)
        for kind, data in (
            ("episode.reported", {"stage": "severity"}),
            ("treatment.planned", {"plan": "oxygen"}),
            ("expert.consulted", {"conclusion": "treat"}),
        ):
            care.tell(kind, hospital.episodes[0], data, by=hospital.doctor)
        assert self.missing(0, hospital) == ()

    def test_follows_the_recovered_and_says_who_was_not_visited(self, hospital: Hospital) -> None:
        hospital.happen("episode.discharged", hospital.episodes[0], NOW - 8 * HOUR, outcome="recovered")

        with clock.at(NOW + 9 * DAY):
            ledger.advance()
            assert self.missing(0, hospital, "convalescent") == ("visit",)
            care.tell("convalescent.visited", hospital.episodes[0], {"outcome": "well"}, by=hospital.doctor)
            assert self.missing(0, hospital, "convalescent") == ()
        with clock.at(NOW + 40 * DAY):
            assert patients.page("convalescent", "", 50)[0] == []

    def test_goes_on_where_the_page_before_ended(self, hospital: Hospital) -> None:
        rows, after = patients.page("ill", "", 2)
        assert after
        rest, end = patients.page("ill", after, 2)

        assert end is None
        assert {row.episode for row in [*rows, *rest]} == set(hospital.episodes)
        assert len(list(patients.stream("ill", size=1))) == 3
        assert patients.page("ill", "nonsense.x", 50)[0] == patients.page("ill", "", 50)[0]


class TestStaff:
    @pytest.fixture
    def nurse(self, hospital: Hospital) -> UUID:
        with everywhere():
            return Person.objects.create(name="护士", area_id=HOME, synthetic=True).pk

    def test_is_watched_for_a_fortnight_after_the_last_shift(self, hospital: Hospital, nurse: UUID) -> None:
        staff.record(nurse, "shift.worked", {"zone": "contaminated", "protection": "three"}, by=hospital.doctor)

        (row,), _next = staff.page("", 50)
        assert (row.person, row.until, row.celsius, row.unit) == (nurse, NOW + 14 * DAY, None, hospital.unit.pk)
        with clock.at(NOW + 15 * DAY):
            assert staff.page("", 50)[0] == []

    def test_an_exposure_begins_the_fortnight_anew_and_todays_reading_is_shown(
        self, hospital: Hospital, nurse: UUID
    ) -> None:
        staff.record(nurse, "shift.worked", {"zone": "buffer", "protection": "two"}, by=hospital.doctor)
        with clock.at(NOW + DAY):
            staff.record(nurse, "staff.exposed", {"exposure": "needle", "words": "x"}, by=hospital.doctor)
            assert ledger.record([_reading(nurse)]).refused == ()
            (row,), _next = staff.page("", 50)

        assert (row.until, row.exposure, row.zone, row.celsius) == (NOW + 15 * DAY, "needle", "buffer", 37.4)

    def test_everything_derived_anew_is_the_same(self, hospital: Hospital, nurse: UUID) -> None:
        staff.record(nurse, "shift.worked", {"zone": "buffer", "protection": "two"}, by=hospital.doctor)
        before = list(StaffWatch.objects.values_list())

        with everywhere():
            staff.follow(None, NOW)

        assert list(StaffWatch.objects.values_list()) == before

    def test_of_nobody_known_is_refused(self, hospital: Hospital, refuses: Refuses) -> None:
        with refuses("patient.unknown"):
            staff.record(uuid4(), "shift.worked", {"zone": "buffer", "protection": "two"}, by=hospital.doctor)


def _reading(person: UUID) -> Any:

    return Fact(str(new_id()), "temperature.read", f"person:{person}", HOME, NOW + DAY, None, {"celsius": 37.4})
