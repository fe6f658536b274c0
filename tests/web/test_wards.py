"""A hospital's wards, one ward, one bed with its acts, and wards put on the books."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment import hospitals
from bulou.no_miss.treatment.models import Bed
from web.hospitals import Ward, build_ward
from web.world import MakeAccount, World

Enter = Callable[..., Client]


@pytest.fixture
def ward(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Ward:
    return build_ward(world, make_unit, make_account)


@pytest.fixture
def doctor(ward: Ward, enter: Enter) -> Client:
    return enter(ward.doctor, "en")


def do(browser: Client, ward: Ward, bed: int, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id()), **{name: str(value) for name, value in given.items()}}
    return browser.post(ward.url(bed, act=True), form, follow=True)


class TestTheHospital:
    def test_shows_its_beds_by_kind_and_its_wards(self, ward: Ward, doctor: Client) -> None:
        shown = doctor.get("/wards/")

        assert "一病区" in shown.text
        assert [(free, all_) for _word, free, all_ in shown.context["kinds"]] == [(1, 1), (2, 2), (2, 2), (0, 1)]
        assert "Negative pressure" in shown.text
        assert "Contaminated zone" in shown.text

    def test_says_who_has_no_bed_and_which_severe_course_nobody_reported_or_planned(
        self, ward: Ward, doctor: Client
    ) -> None:
        ward.happen("episode.admitted", ward.waiting, 10, 8, unit=f"unit:{ward.unit.pk}")
        ward.happen("severity.changed", ward.ill, 10, 9, severity="critical")

        text = doctor.get("/wards/").text

        assert "no bed yet" in text
        assert "severe, not reported" in text
        assert "without a plan" in text
        ward.happen("episode.reported", ward.ill, 10, 10, stage="severity")
        ward.happen("treatment.planned", ward.ill, 10, 10)
        assert "severe, not reported" not in doctor.get("/wards/").text

    def test_opening_it_is_on_record(self, ward: Ward, doctor: Client) -> None:
        doctor.get("/wards/")

        with everywhere():
            assert (
                AccessLog.objects.filter(
                    account=ward.doctor.pk, subject=f"unit:{ward.unit.pk}", purpose__startswith="wards: "
                ).count()
                == 1
            )

    def test_a_village_has_none_to_look_at_and_one_out_of_sight_is_not_there(self, ward: Ward, enter: Enter) -> None:
        browser = enter(ward.world.grid_worker, "en")

        assert "No hospital with wards in your area" in browser.get("/wards/").text
        assert browser.get(f"/wards/?hospital={ward.unit.pk}").status_code == 404
        assert browser.get(f"/wards/{ward.ward}/").status_code == 404
        assert browser.get(ward.url(0)).status_code == 404
        assert do(browser, ward, 1, "break", reason="x").status_code == 403

    @pytest.mark.parametrize("page", ["/wards/", "ward"])
    def test_costs_the_same_however_many_beds_there_are(self, ward: Ward, doctor: Client, page: str) -> None:
        address = f"/wards/{ward.ward}/" if page == "ward" else page

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert doctor.get(address).status_code == 200
            return len(queries)

        before = cost()
        with everywhere():
            more = [(str(n), "general") for n in range(100, 160)]
            hospitals.wards_register(ward.unit, [hospitals.NewWard("一病区", beds=more), hospitals.NewWard("二病区")])

        assert cost() == before <= 16


class TestAWard:
    def test_shows_every_bed_with_whoever_is_in_it(self, ward: Ward, doctor: Client) -> None:
        text = doctor.get(f"/wards/{ward.ward}/").text

        assert "戊" in text
        assert "day 2" in text
        assert text.count('class="room r-free"') == 5

    def test_shows_who_was_put_into_a_taken_bed(self, ward: Ward, doctor: Client) -> None:
        ward.happen("episode.admitted", ward.waiting, 10, 8, place=str(ward.beds[0]))

        assert "the bed is taken" in doctor.get(f"/wards/{ward.ward}/").text


class TestABed:
    def test_whoever_is_ill_and_in_no_bed_is_offered_and_admitted(self, ward: Ward, doctor: Client) -> None:
        assert "甲" in doctor.get(ward.url(1)).text

        answer = do(doctor, ward, 1, "admit", episode=ward.waiting)

        assert "The patient is in bed 02." in answer.text
        assert ward.bed_of(ward.waiting) == ward.beds[1]

    def test_is_found_by_case_number(self, ward: Ward, doctor: Client) -> None:
        assert "甲" in doctor.get(ward.url(1), {"find": "HP2"}).text
        assert "No case answers" in doctor.get(ward.url(1), {"find": "HP77"}).text

    def test_a_taken_bed_is_refused_with_what_to_do(self, ward: Ward, doctor: Client) -> None:
        answer = do(doctor, ward, 0, "admit", episode=ward.waiting)

        assert answer.status_code == 409
        assert "Choose a free bed" in answer.text

    def test_a_patient_is_moved_and_the_bed_left_is_disinfected(self, ward: Ward, doctor: Client) -> None:
        answer = do(doctor, ward, 0, "move", episode=ward.ill, to=ward.beds[2], reason="better")

        assert "01 is to be disinfected" in answer.text
        assert (ward.state(0), ward.bed_of(ward.ill)) == ("cleaning", ward.beds[2])
        assert "is free" in do(doctor, ward, 0, "disinfect").text

    def test_is_kept_and_let_go(self, ward: Ward, doctor: Client) -> None:
        kept = do(doctor, ward, 1, "reserve", person=ward.world.first.pk)

        assert "Reserved" in kept.text
        assert "kept until" in kept.text
        assert "no longer" in do(doctor, ward, 1, "let-go").text

    def test_goes_out_of_use_and_comes_back(self, ward: Ward, doctor: Client) -> None:
        assert do(doctor, ward, 1, "break").status_code == 409
        assert "Out of use" in do(doctor, ward, 1, "break", reason="no oxygen").text
        assert ward.state(1) == "broken"
        assert "in use again" in do(doctor, ward, 1, "repair").text

    def test_who_does_not_run_the_hospital_may_look_and_not_act(
        self, ward: Ward, enter: Enter, make_account: Any
    ) -> None:
        browser = enter(make_account("cdc", ward.world.county, "cdc"), "en")

        assert "Take out of use" not in browser.get(ward.url(1)).text
        assert do(browser, ward, 1, "break", reason="x").status_code == 403

    def test_an_act_that_is_none_is_not_there(self, ward: Ward, doctor: Client) -> None:
        assert do(doctor, ward, 1, "burn").status_code == 404

    def test_what_is_no_id_is_told(self, ward: Ward, doctor: Client) -> None:
        assert do(doctor, ward, 1, "admit", episode="him").status_code == 409


class TestOnTheBooks:
    def test_a_ward_is_put_on_the_books_with_its_beds(self, ward: Ward, doctor: Client) -> None:
        form = {"name": "二病区", "floor": "4", "zone": "contaminated", "kind": "negative", "numbers": "01-10、12"}

        answer = doctor.post("/wards/add/", form, follow=True)

        assert "with 11 new beds" in answer.text
        with everywhere():
            assert Bed.objects.filter(ward__name="二病区", kind="negative").count() == 11

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"numbers": "by the window"}, {"floor": "up"}, {"kind": "sofa"}, {"numbers": "1-900"}]
    )
    def test_what_makes_no_sense_is_told_and_nothing_is_kept(
        self, ward: Ward, doctor: Client, wrong: dict[str, str]
    ) -> None:
        form = {"name": "二病区", "floor": "4", "zone": "contaminated", "kind": "icu", "numbers": "01"} | wrong

        assert "nothing was recorded" in doctor.post("/wards/add/", form, follow=True).text
        with everywhere():
            assert Bed.objects.count() == 6
