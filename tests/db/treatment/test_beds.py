"""Acts about beds: what each leaves behind, and what each refuses."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bulou.custody.models import Handover
from bulou.custody.selectors import holders
from bulou.directory.models import Account, Place, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.treatment import hospitals, services
from bulou.no_miss.treatment.models import Bed, BedStay

from .conftest import HOME, HOUR, NOW, Hospital

Refuses = Callable[[str], AbstractContextManager[object]]
LARGE = 50_000


@pytest.fixture
def refuses() -> Refuses:
    return lambda code: pytest.raises(BulouError, check=lambda error: error.problems[0].code == code)


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


class TestAdmission:
    def test_a_patient_gets_a_free_bed_and_the_bed_is_occupied(self, hospital: Hospital) -> None:
        stay = services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        assert (stay.bed_id, stay.person, stay.trouble) == (hospital.beds[0], hospital.people[0], "")
        assert (hospital.bed(0).state, hospital.bed(0).since) == ("occupied", NOW)
        assert (hospital.episode(0).unit, hospital.episode(0).admitted_at) == (hospital.unit.pk, NOW)

    def test_the_fact_says_hospital_ward_bed_and_tier(self, hospital: Hospital) -> None:
        stay = services.admit(hospital.episodes[0], hospital.beds[1], by=hospital.doctor)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT kind, data ->> 'ward', data ->> 'tier', data ->> 'facility' FROM fact WHERE id = %s", [stay.pk]
            )
            assert cursor.fetchone() == ("episode.admitted", "一病区", "county", "designated")

    def test_the_suspected_are_isolated_and_admitted_in_the_same_bed_once_confirmed(self, hospital: Hospital) -> None:
        illness = new_id()
        person = f"person:{hospital.people[2]}"
        hospital.happen("episode.excluded", hospital.episodes[2], NOW - HOUR)
        hospital.happen("episode.suspected", illness, NOW - HOUR, disease="covid-19-2020", person=person)
        first = services.admit(illness, hospital.beds[3], by=hospital.doctor)
        hospital.happen("episode.confirmed", illness, NOW, disease="covid-19-2020", person=person)

        with clock.at(NOW + HOUR):
            second = services.admit(illness, hospital.beds[3], by=hospital.doctor)

        assert first.pk == second.pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind FROM fact WHERE subject = %s ORDER BY at, kind", [f"episode:{illness}"])
            kinds = [kind for (kind,) in cursor.fetchall()]
        assert [kind for kind in kinds if kind in ("episode.isolated", "episode.admitted")] == [
            "episode.isolated",
            "episode.admitted",
        ]

    def test_the_same_act_sent_twice_is_one(self, hospital: Hospital) -> None:
        id = new_id()

        first = services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor, id=id)
        with clock.at(NOW + HOUR):
            second = services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor, id=id)

        assert first.pk == second.pk
        assert len(hospital.stays(0)) == 1

    def test_one_patient_one_bed(self, hospital: Hospital, refuses: Refuses) -> None:
        services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        with refuses("bed.taken"):
            services.admit(hospital.episodes[1], hospital.beds[0], by=hospital.doctor)
        with refuses("patient.has_a_bed"), clock.at(NOW + HOUR):
            services.admit(hospital.episodes[0], hospital.beds[1], by=hospital.doctor)

        assert hospital.stays(1) == []
        assert hospital.bed(1).state == "free"

    def test_a_second_illness_of_the_same_person_gets_no_second_bed(self, hospital: Hospital, refuses: Refuses) -> None:
        second = new_id()
        hospital.happen("episode.confirmed", second, NOW - HOUR, disease="sars", person=f"person:{hospital.people[0]}")
        services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        with refuses("patient.has_a_bed"), clock.at(NOW + HOUR):
            services.admit(second, hospital.beds[1], by=hospital.doctor)

        with everywhere():
            assert BedStay.objects.filter(person=hospital.people[0], ended_at=None).count() == 1

    def test_any_free_bed_of_a_kind_is_given_until_there_is_none(self, hospital: Hospital, refuses: Refuses) -> None:
        beds = [
            services.admit_to_any(hospital.episodes[n], hospital.unit.pk, "negative", by=hospital.doctor).bed_id
            for n in (0, 1)
        ]

        assert beds == hospital.beds[1:3]
        with refuses("bed.none_free"):
            services.admit_to_any(hospital.episodes[2], hospital.unit.pk, "negative", by=hospital.doctor)

    def test_whoever_is_in_the_hospital_without_a_bed_gets_one(self, hospital: Hospital) -> None:
        hospital.happen("episode.admitted", hospital.episodes[0], NOW - HOUR, unit=f"unit:{hospital.unit.pk}")
        assert [(s.unit, s.trouble) for s in hospital.stays(0)] == [(hospital.unit.pk, "no_bed")]

        services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        assert hospital.stays(0)[-1].bed_id == hospital.beds[0]

    def test_the_handover_that_brought_the_patient_is_settled_with_the_bed(
        self, hospital: Hospital, village: Unit
    ) -> None:
        person = hospital.people[0]
        with everywhere():
            holder = holders([person])[person].unit
        asked = Fact(
            str(new_id()), "handover.requested", f"person:{person}", HOME, NOW - HOUR, f"unit:{village.pk}",
            {"to": f"unit:{hospital.unit.pk}"},
        )  # fmt: skip
        taken = ledger.record([asked]).refused
        assert (taken == ()) == (holder in (None, village.pk))
        if not taken:
            services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)
            with everywhere():
                assert Handover.objects.get(person=person).stage == "settled"

    def test_a_bed_out_of_scope_and_a_case_nobody_knows_are_none(
        self, hospital: Hospital, stranger: Unit, make_account: Callable[..., Account], refuses: Refuses
    ) -> None:
        account = make_account("foreign", stranger, "county_command")

        with refuses("patient.unknown"):
            services.admit(uuid4(), hospital.beds[0], by=hospital.doctor)
        with scope("450103"), refuses("patient.unknown"):
            services.admit(hospital.episodes[0], hospital.beds[0], by=account)
        with refuses("bed.unknown"):
            services.admit(hospital.episodes[0], uuid4(), by=hospital.doctor)


class TestTheBed:
    def test_is_not_used_again_before_disinfection(self, hospital: Hospital, refuses: Refuses) -> None:
        hospital.lay(0, 0, NOW - 2 * HOUR)
        hospital.happen("episode.discharged", hospital.episodes[0], NOW - HOUR)
        assert hospital.bed(0).state == "cleaning"

        with refuses("bed.unclean"):
            services.admit(hospital.episodes[1], hospital.beds[0], by=hospital.doctor)
        assert services.clean(hospital.beds[0], by=hospital.doctor).state == "free"

        assert services.admit(hospital.episodes[1], hospital.beds[0], by=hospital.doctor).bed_id == hospital.beds[0]

    def test_is_not_disinfected_with_somebody_in_it(self, hospital: Hospital, refuses: Refuses) -> None:
        services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        with refuses("bed.inhabited"):
            services.clean(hospital.beds[0], by=hospital.doctor)

    def test_out_of_use_takes_nobody_until_it_is_put_right(self, hospital: Hospital, refuses: Refuses) -> None:
        services.take_out_of_use(hospital.beds[0], "no oxygen", by=hospital.doctor)
        with refuses("bed.broken"):
            services.admit(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)

        assert services.put_back_into_use(hospital.beds[0], by=hospital.doctor).state == "free"

    def test_kept_for_somebody_is_theirs_alone_while_it_is_kept(self, hospital: Hospital, refuses: Refuses) -> None:
        services.reserve(hospital.beds[0], hospital.people[0], by=hospital.doctor)

        with refuses("bed.kept"):
            services.admit(hospital.episodes[1], hospital.beds[0], by=hospital.doctor)
        with refuses("bed.kept"):
            services.reserve(hospital.beds[0], hospital.people[1], by=hospital.doctor)
        with clock.at(NOW + 5 * HOUR):
            assert services.reserve(hospital.beds[0], hospital.people[1], by=hospital.doctor).reserved_for_id

    def test_is_kept_no_longer_once_the_patient_lies_somewhere(self, hospital: Hospital) -> None:
        services.reserve(hospital.beds[0], hospital.people[0], by=hospital.doctor)

        services.admit(hospital.episodes[0], hospital.beds[1], by=hospital.doctor)

        assert hospital.bed(0).reserved_for_id is None

    def test_kept_for_another_is_passed_over_where_any_will_do(self, hospital: Hospital) -> None:
        services.reserve(hospital.beds[1], hospital.people[1], by=hospital.doctor)

        stay = services.admit_to_any(hospital.episodes[0], hospital.unit.pk, "negative", by=hospital.doctor)

        assert stay.bed_id == hospital.beds[2]
        assert services.let_go(hospital.beds[1], by=hospital.doctor).reserved_for_id is None


class TestMoving:
    def test_the_bed_left_is_to_be_disinfected(self, hospital: Hospital) -> None:
        hospital.lay(0, 5, NOW - HOUR)

        stay = services.move(hospital.episodes[0], hospital.beds[0], by=hospital.doctor, reason="worse")

        assert stay.bed_id == hospital.beds[0]
        assert [hospital.bed(n).state for n in (0, 5)] == ["occupied", "cleaning"]

    def test_into_a_taken_bed_leaves_everybody_where_they_are(self, hospital: Hospital, refuses: Refuses) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        hospital.lay(1, 1, NOW - HOUR)

        with refuses("bed.taken"):
            services.move(hospital.episodes[0], hospital.beds[1], by=hospital.doctor)

        assert [hospital.stays(n)[-1].bed_id for n in (0, 1)] == hospital.beds[:2]

    def test_of_somebody_who_is_not_here_is_refused(self, hospital: Hospital, refuses: Refuses) -> None:
        with refuses("patient.not_in_hospital"):
            services.move(hospital.episodes[0], hospital.beds[0], by=hospital.doctor)


class TestOnTheBooks:
    def test_a_unit_that_is_no_hospital_has_no_wards(self, village: Unit, refuses: Refuses) -> None:
        with refuses("hospital.role"):
            hospitals.wards_register(village, [hospitals.NewWard("一病区")])

    def test_beds_are_added_to_a_ward_and_are_places(self, hospital: Hospital) -> None:
        hospitals.wards_register(hospital.unit, [hospitals.NewWard("一病区", beds=[("07", "icu")])], by=hospital.doctor)

        bed = Bed.objects.get(number="07")
        assert (bed.ward.name, bed.place.kind, bed.place.parent_id) == ("一病区", "bed", bed.ward_id)
        assert Place.objects.filter(kind="ward").count() == 1

    def test_a_number_is_there_once(self, hospital: Hospital) -> None:
        with pytest.raises(BulouError):
            hospitals.wards_register(hospital.unit, [hospitals.NewWard("一病区", beds=[("01", "icu")])])


class TestTheDatabase:
    def two(self, hospital: Hospital, **given: Any) -> None:
        same: dict[str, Any] = {"area": "120101", "home": HOME, "unit": hospital.unit.pk, "started_at": NOW}
        for _ in range(2):
            row = {"id": uuid4(), "episode": uuid4(), "person": uuid4(), "claimed": hospital.beds[0], **same, **given}
            BedStay.objects.create(**row)

    @pytest.mark.parametrize("what", ["bed", "person", "episode"])
    def test_itself_refuses_two_in_one_bed_and_one_in_two(self, hospital: Hospital, what: str) -> None:
        given = {"bed": {"bed_id": hospital.beds[0]}, "person": {"person": hospital.people[0]}}.get(what)

        with pytest.raises(IntegrityError), transaction.atomic():
            self.two(hospital, **(given or {"episode": hospital.episodes[0]}))

    def test_gives_the_next_bed_of_fifty_thousand_within_twenty_milliseconds(self, hospital: Hospital) -> None:
        """Measured by EXPLAIN: the index of free beds, and few rows looked at; so for the numbers of the board."""
        with connection.cursor() as cursor:
            cursor.execute(_MANY_PLACES, {"unit": hospital.unit.pk, "ward": hospital.bed(0).ward_id, "n": LARGE})
            cursor.execute(_MANY_BEDS, {"unit": hospital.unit.pk, "ward": hospital.bed(0).ward_id})
            cursor.execute("SELECT count(*) FROM bed WHERE unit = %s", [hospital.unit.pk])
            assert cursor.fetchone()[0] >= LARGE
            given = {"unit": hospital.unit.pk, "kind": "icu", "now": NOW, "person": None}
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {services._NEXT}", given)
            (plan,) = cursor.fetchone()[0]

        text = str(plan)
        assert "bed_free" in text
        assert plan["Execution Time"] <= 20, plan["Execution Time"]


_MANY_PLACES = """
INSERT INTO place (id, area, name, initials, kind, parent, unit, synthetic)
SELECT gen_random_uuid(), '120101', 'bed ' || n, '', 'bed', %(ward)s, %(unit)s, true FROM generate_series(1, %(n)s) n
"""
_MANY_BEDS = """
INSERT INTO bed (place, area, unit, ward, number, kind, state)
SELECT id, area, %(unit)s, %(ward)s, name, CASE WHEN random() < .1 THEN 'icu' ELSE 'general' END,
    CASE WHEN random() < .9 THEN 'occupied' ELSE 'free' END
FROM place WHERE name LIKE 'bed %%'
"""
