"""A hospital's devices, one device with its acts, devices put on the books, and what the other pages say of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment import hospitals
from bulou.no_miss.treatment.models import Device, DeviceUse
from bulou.no_miss.treatment.models import Ward as WardRow
from web.hospitals import Ward, build_ward
from web.world import COUNTY, MakeAccount, World

Enter = Callable[..., Client]
TEN = datetime(2020, 2, 10, 8, tzinfo=SHANGHAI)


@pytest.fixture
def ward(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Ward:
    return build_ward(world, make_unit, make_account)


@pytest.fixture
def ventilator(ward: Ward) -> UUID:
    """One ventilator of the ward."""
    with everywhere():
        place = WardRow.objects.get(place=ward.ward)
        (made,) = hospitals.devices_register(ward.unit, "ventilator", ["V01"], ward=place, by=ward.doctor)
    return made.pk


@pytest.fixture
def doctor(ward: Ward, enter: Enter) -> Client:
    return enter(ward.doctor, "en")


def post(browser: Client, address: str, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id())} | {name: str(value) for name, value in given.items()}
    return browser.post(address, form, follow=True)


def put_on(ward: Ward, device: UUID, episode: UUID | None = None) -> None:
    ward.happen("device.attached", episode or ward.ill, 10, 7, device=f"place:{device}")


def on(device: UUID) -> list[UUID]:
    with everywhere():
        return list(DeviceUse.objects.filter(device=device, ended_at=None).values_list("episode", flat=True))


class TestTheList:
    def test_shows_each_device_with_whoever_is_on_it_and_counts_the_free(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        put_on(ward, ventilator)

        shown = doctor.get("/wards/devices/")

        assert "V01" in shown.text
        assert "戊" in shown.text
        assert [(kind.name, kind.free, len(kind.tiles)) for kind in shown.context["kinds"]] == [("ventilator", 0, 1)]

    def test_says_where_what_was_reported_is_not_what_there_is(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        subject = f"unit:{ward.unit.pk}"
        ward.world.happen("capacity.reported", subject, TEN, COUNTY, item="ventilator", quantity=3)

        assert "3 reported, 1 on the books" in doctor.get("/wards/devices/").text
        listed = doctor.get("/capacity/?item=ventilator").text
        assert "On the books" in listed
        assert "0 in use" in listed

    def test_says_nothing_where_both_agree(self, ward: Ward, doctor: Client, ventilator: UUID) -> None:
        subject = f"unit:{ward.unit.pk}"
        ward.world.happen("capacity.reported", subject, TEN, COUNTY, item="ventilator", quantity=1)

        assert "reported" not in doctor.get("/wards/devices/").text

    def test_opening_it_is_on_record(self, ward: Ward, doctor: Client) -> None:
        assert "no devices on the books" in doctor.get("/wards/devices/").text

        with everywhere():
            looks = AccessLog.objects.filter(account=ward.doctor.pk, subject=f"unit:{ward.unit.pk}")
            assert looks.filter(purpose__startswith="devices: ").count() == 1

    def test_costs_the_same_however_many_devices_there_are(self, ward: Ward, doctor: Client, ventilator: UUID) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert doctor.get("/wards/devices/").status_code == 200
            return len(queries)

        before = cost()
        with everywhere():
            hospitals.devices_register(ward.unit, "monitor", [str(n) for n in range(60)])

        assert cost() == before <= 17


class TestPuttingOnTheBooks:
    def test_takes_numbers_in_ranges_and_a_ward(self, ward: Ward, doctor: Client) -> None:
        form = {"hospital": str(ward.unit.pk), "kind": "monitor", "numbers": "M1-M3, M7", "ward": str(ward.ward)}

        assert "4 devices are on the books." in doctor.post("/wards/devices/add/", form, follow=True).text
        with everywhere():
            assert set(Device.objects.values_list("number", "ward_id")) == {(f"M{n}", ward.ward) for n in (1, 2, 3, 7)}

    @pytest.mark.parametrize("wrong", [{"kind": "spoon"}, {"numbers": ""}, {"numbers": "?"}, {"numbers": "1-900"}])
    def test_says_what_is_wrong_and_keeps_nothing(self, ward: Ward, doctor: Client, wrong: dict[str, str]) -> None:
        form = {"hospital": str(ward.unit.pk), "kind": "monitor", "numbers": "M1"} | wrong

        assert "nothing was recorded" in doctor.post("/wards/devices/add/", form, follow=True).text
        with everywhere():
            assert not Device.objects.exists()

    def test_is_not_for_those_who_run_no_hospital(self, ward: Ward, ventilator: UUID, enter: Enter) -> None:
        browser = enter(ward.world.grid_worker, "en")

        assert browser.post("/wards/devices/add/", {"kind": "monitor", "numbers": "M1"}).status_code == 403
        assert post(browser, f"/devices/{ventilator}/act/", "break", reason="x").status_code == 403
        assert browser.get(f"/devices/{ventilator}/").status_code == 404


class TestADevice:
    def test_offers_the_critical_who_are_on_none_and_takes_them(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        ward.happen("severity.changed", ward.ill, 10, 7, severity="critical")
        address = f"/devices/{ventilator}/"
        assert "戊" in doctor.get(address).text

        answer = post(doctor, f"{address}act/", "attach", episode=ward.ill)

        assert "The patient is on V01." in answer.text
        assert on(ventilator) == [ward.ill]

    def test_goes_from_hand_to_hand(self, ward: Ward, doctor: Client, ventilator: UUID) -> None:
        put_on(ward, ventilator)
        address = f"/devices/{ventilator}/act/"

        assert "is to be disinfected" in post(doctor, address, "free", episode=ward.ill).text
        assert "was disinfected and is free" in post(doctor, address, "disinfect").text
        assert "is out of use" in post(doctor, address, "break", reason="leak").text
        refused = post(doctor, address, "attach", episode=ward.ill)
        assert (refused.status_code, "put it right first" in refused.text) == (409, True)
        assert "is in use again" in post(doctor, address, "repair").text

    def test_shows_two_who_were_put_on_it_and_whose_it_is_not(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        put_on(ward, ventilator)
        ward.happen("device.attached", ward.waiting, 10, 8, device=f"place:{ventilator}")

        assert "somebody else is on it" in doctor.get(f"/devices/{ventilator}/").text
        assert doctor.get(f"/cases/{ward.waiting}/care/").status_code == 200

    def test_without_a_reason_or_with_no_such_act_nothing_is_kept(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        address = f"/devices/{ventilator}/act/"

        assert post(doctor, address, "break").status_code == 409
        assert post(doctor, address, "polish").status_code == 404


class TestTheOtherPages:
    def test_a_critical_patient_on_no_device_stands_out_everywhere_until_put_on_one(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        ward.happen("severity.changed", ward.ill, 10, 7, severity="critical")
        care = f"/cases/{ward.ill}/care/"
        pages = {
            "/wards/": "critical, on no device that helps to breathe",
            "/wards/devices/": "Critical, on no device that helps to breathe",
            f"/wards/{ward.ward}/": "on no device",
            ward.url(0): "critical, on no device that helps to breathe",
            "/patients/": "on no device",
            care: "Critical, and on no device that helps to breathe.",
        }
        assert [page for page, words in pages.items() if words not in doctor.get(page).text] == []

        assert "The patient is on V01." in post(doctor, f"{care}act/", "attach", device=ventilator).text

        assert [page for page, words in pages.items() if words in doctor.get(page).text] == []
        assert "V01" in doctor.get(f"/wards/{ward.ward}/").text

    def test_the_patients_page_takes_them_off_and_says_when_none_is_free(
        self, ward: Ward, doctor: Client, ventilator: UUID
    ) -> None:
        put_on(ward, ventilator)
        care = f"/cases/{ward.ill}/care/"
        assert "No other device is free" in doctor.get(care).text

        answer = post(doctor, f"{care}act/", "free", device=ventilator, reason="breathes alone")

        assert "is to be disinfected" in answer.text
        assert on(ventilator) == []
