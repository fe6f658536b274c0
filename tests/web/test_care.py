"""A patient's page with its acts, the patients' list, and the staff among patients."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment.models import Episode
from web.hospitals import Ward, build_ward
from web.world import MakeAccount, World

Enter = Callable[..., Client]


@pytest.fixture
def ward(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Ward:
    return build_ward(world, make_unit, make_account)


@pytest.fixture
def doctor(ward: Ward, enter: Enter) -> Client:
    return enter(ward.doctor, "en")


def do(browser: Client, episode: object, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id())} | {name.replace("__", "."): str(value) for name, value in given.items()}
    return browser.post(f"/cases/{episode}/care/act/", form, follow=True)


def row(episode: object) -> Episode:
    with everywhere():
        return Episode.objects.get(id=episode)


class TestThePatient:
    def test_shows_the_course_grade_by_grade_and_the_bed(self, ward: Ward, doctor: Client) -> None:
        ward.happen("severity.changed", ward.ill, 9, 9, severity="severe")
        ward.happen("severity.changed", ward.ill, 10, 9, severity="critical")

        text = doctor.get(f"/cases/{ward.ill}/care/").text

        assert "戊" in text
        assert text.index("<b>severe<") < text.index("<b>critical<")
        assert "一病区 01" in text
        assert "Not asked yet" in text

    def test_opening_it_is_on_record_and_nobody_elsewhere_finds_it(
        self, ward: Ward, doctor: Client, enter: Enter, stranger: Unit, make_account: Any
    ) -> None:
        doctor.get(f"/cases/{ward.ill}/care/")

        with everywhere():
            assert AccessLog.objects.filter(account=ward.doctor.pk, subject=f"episode:{ward.ill}").count() == 1
        far = enter(make_account("far", stranger, "county_command"), "en")
        assert far.get(f"/cases/{ward.ill}/care/").status_code == 404
        assert do(far, ward.ill, "grade", data__severity="mild").status_code == 404

    @pytest.mark.parametrize(
        ("act", "data", "column"),
        [
            ("grade", {"severity": "severe"}, "graver_at"),
            ("report", {"stage": "severity"}, "told_at"),
            ("plan", {"plan": "oxygen", "chinese_medicine": "true"}, "planned_at"),
            ("consult", {"conclusion": "treat", "level": "province", "advice": "turn them over"}, "consulted_at"),
            (
                "assess",
                {
                    "normal_days": "4",
                    "symptoms_improved": "true",
                    "imaging_improved": "true",
                    "negative_tests": "2",
                    "test_gap_hours": "25",
                },
                "assessed_at",
            ),
        ],
    )
    def test_what_happened_is_put_down_and_shown(
        self, ward: Ward, doctor: Client, act: str, data: dict[str, str], column: str
    ) -> None:
        answer = do(doctor, ward.ill, act, **{f"data__{name}": value for name, value in data.items()})

        assert "Recorded." in answer.text
        assert getattr(row(ward.ill), column) is not None

    def test_a_number_that_cannot_be_stays_with_what_is_wrong(self, ward: Ward, doctor: Client) -> None:
        answer = do(doctor, ward.ill, "assess", data__normal_days="four")

        assert answer.status_code == 422
        assert 'value="four"' in answer.text
        assert row(ward.ill).assessed_at is None

    def test_a_role_it_is_not_for_and_an_act_that_is_none_are_refused(self, ward: Ward, enter: Enter) -> None:
        browser = enter(ward.world.grid_worker, "en")

        assert do(browser, ward.ill, "grade", data__severity="mild").status_code == 403
        assert do(browser, ward.ill, "cure").status_code == 404

    def test_nobody_is_moved_before_it_was_asked_who_is_left_at_home(self, ward: Ward, doctor: Client) -> None:
        refused = do(doctor, ward.ill, "transfer", to=ward.unit.pk)
        assert refused.status_code == 409
        assert "who is left at home" in refused.text

        answer = do(doctor, ward.waiting, "dependants", dependant=ward.world.second.pk, words="her mother")

        assert "1 person in need of care" in answer.text
        assert "a need is open" in answer.text
        assert "nobody is left" in do(doctor, ward.ill, "dependants").text

    def test_goes_home_by_the_approval_of_two_and_is_followed(self, ward: Ward, doctor: Client, enter: Enter) -> None:
        refused = do(doctor, ward.ill, "discharge", outcome="recovered")
        assert refused.status_code == 409
        assert "may not go home yet" in refused.text
        asked = do(doctor, ward.ill, "ask-early", reason="a ward at home")
        assert "another account must agree" in asked.text
        request = asked.context["check"].override.request

        head = enter(ward.head, "en")
        assert "may go within a day" in do(head, ward.ill, "agree-early", request=request).text
        assert "bed is to be disinfected" in do(head, ward.ill, "discharge", outcome="recovered").text

        assert row(ward.ill).outcome == "discharged"
        assert ward.state(0) == "cleaning"
        assert "Recorded." in do(head, ward.ill, "visit", data__outcome="well").text
        assert row(ward.ill).visited_at is not None

    def test_costs_the_same_however_much_was_told(self, ward: Ward, doctor: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert doctor.get(f"/cases/{ward.ill}/care/").status_code == 200
            return len(queries)

        before = cost()
        for hour in range(6):
            ward.happen("treatment.planned", ward.ill, 9, hour, plan=f"day {hour}")
            ward.happen("expert.consulted", ward.ill, 9, hour, conclusion="treat")

        assert cost() == before <= 30


class TestTheList:
    def test_says_who_lies_where_and_what_is_missing(self, ward: Ward, doctor: Client) -> None:
        text = doctor.get("/patients/").text

        assert "一病区 01" in text
        assert "no bed" in text
        assert "not reported" in text

    def test_narrows_to_those_without_a_bed_and_to_ones_own(self, ward: Ward, doctor: Client) -> None:
        without = doctor.get("/patients/?view=no_bed").text
        own = doctor.get(f"/patients/?unit={ward.unit.pk}").text

        assert ("甲" in without, "戊" in without) == (True, False)
        assert ("甲" in own, "戊" in own) == (False, True)

    def test_listing_is_on_record_and_takes_a_fixed_number_of_queries(self, ward: Ward, doctor: Client) -> None:
        with CaptureQueriesContext(connection) as queries:
            doctor.get("/patients/")

        assert len(queries) <= 14
        with everywhere():
            assert AccessLog.objects.filter(account=ward.doctor.pk, purpose__startswith="patients: ").count() == 1


class TestStaff:
    def test_a_shift_is_put_down_and_whoever_was_not_measured_stands_out(self, ward: Ward, doctor: Client) -> None:
        found = doctor.get("/staff/", {"find": "乙"}).text
        assert "Record a shift" in found
        form = {"act": "shift", "id": str(new_id()), "person": str(ward.world.second.pk)}

        answer = doctor.post(
            "/staff/act/", form | {"data.zone": "contaminated", "data.protection": "three"}, follow=True
        )

        assert "watched for fourteen days" in answer.text
        assert "not measured today" in answer.text
        ward.world.measure(ward.world.second, 10, 9, 36.7)
        assert "36.7" in doctor.get("/staff/").text

    def test_what_is_not_filled_in_is_told(self, ward: Ward, doctor: Client) -> None:
        form = {"act": "shift", "id": str(new_id()), "person": str(ward.world.second.pk), "find": "乙"}

        assert doctor.post("/staff/act/", form).status_code == 422
        assert doctor.post("/staff/act/", form | {"act": "nap"}).status_code == 404

    def test_a_village_looks_and_does_not_put_down(self, ward: Ward, enter: Enter) -> None:
        browser = enter(ward.world.grid_worker, "en")

        assert "Put down a shift" not in browser.get("/staff/").text
        assert browser.post("/staff/act/", {"act": "shift"}).status_code == 403
