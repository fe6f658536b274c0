"""Devices of the bedside: one patient a device, one device of a kind a patient, whatever door a fact comes through."""

from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment import device_acts, device_board, follower, hospitals, ward_board
from bulou.no_miss.treatment.models import Device, DeviceUse

from .conftest import DAY, HOUR, NOW, Hospital


def attach(hospital: Hospital, n: int, device: UUID) -> DeviceUse:
    with everywhere():
        return device_acts.attach(hospital.episodes[n], device, by=hospital.doctor)


def refusal(act: partial[object]) -> str:
    with everywhere(), pytest.raises(BulouError) as refused:
        act()
    return refused.value.problems[0].code


class TestAnAct:
    def test_puts_a_patient_on_a_device_and_takes_them_off_and_the_next_waits_for_disinfection(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        hospital.lay(1, 1, NOW - HOUR)
        with clock.at(NOW - HOUR / 2):
            assert attach(hospital, 0, ventilators[0]).device_id == ventilators[0]
        assert hospital.device(ventilators[0]).state == "occupied"

        with everywhere():
            freed = partial(device_acts.free, hospital.episodes[0], ventilators[0], by=hospital.doctor, id=new_id())
            freed()
            freed()
        assert hospital.device(ventilators[0]).state == "cleaning"

        again = partial(device_acts.attach, hospital.episodes[1], ventilators[0], by=hospital.doctor)
        assert refusal(again) == "device.unclean"
        with everywhere():
            device_acts.clean(ventilators[0], by=hospital.doctor)
        assert attach(hospital, 1, ventilators[0]).trouble == ""

    def test_sent_twice_is_one(self, hospital: Hospital, ventilators: list[UUID]) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        with everywhere():
            act = partial(device_acts.attach, hospital.episodes[0], ventilators[0], by=hospital.doctor, id=new_id())

            assert act().pk == act().pk
        assert len(hospital.uses(0)) == 1

    def test_is_refused_with_the_reason_and_nothing_is_kept(self, hospital: Hospital, ventilators: list[UUID]) -> None:
        first, second = ventilators
        hospital.lay(0, 0, NOW - HOUR)
        hospital.lay(1, 1, NOW - HOUR)
        attach(hospital, 0, first)
        act = partial(device_acts.attach, by=hospital.doctor)

        assert refusal(partial(act, hospital.episodes[1], first)) == "device.taken"
        assert refusal(partial(act, hospital.episodes[0], second)) == "patient.has_a_device"
        assert refusal(partial(act, hospital.episodes[2], second)) == "device.elsewhere"
        assert refusal(partial(act, hospital.episodes[1], new_id())) == "device.unknown"
        assert refusal(partial(device_acts.clean, first, by=hospital.doctor)) == "device.in_use"
        free = partial(device_acts.free, hospital.episodes[1], first, by=hospital.doctor)
        assert refusal(free) == "patient.not_on_it"
        assert (len(hospital.uses(0)), hospital.uses(1), hospital.uses(2)) == (1, [], [])

    def test_a_broken_device_serves_nobody_until_it_is_repaired(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        with everywhere():
            device_acts.take_out_of_use(ventilators[0], "leak", by=hospital.doctor)
        assert refusal(partial(device_acts.attach, hospital.episodes[0], ventilators[0], by=hospital.doctor)) == (
            "device.broken"
        )

        with everywhere():
            assert device_acts.put_back_into_use(ventilators[0], by=hospital.doctor).state == "free"


class TestAFactFromElsewhere:
    @pytest.mark.parametrize("kind", ["episode.discharged", "episode.died"])
    def test_that_ends_the_stay_frees_the_device(self, hospital: Hospital, ventilators: list[UUID], kind: str) -> None:
        hospital.lay(0, 0, NOW - DAY / 2)
        hospital.on(0, ventilators[0], NOW - HOUR)

        hospital.happen(kind, hospital.episodes[0], NOW)

        assert hospital.device(ventilators[0]).state == "cleaning"
        assert hospital.uses(0)[0].ended_at == NOW

    def test_that_takes_the_patient_to_another_hospital_frees_it_and_to_another_bed_does_not(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.lay(0, 0, NOW - DAY / 2)
        hospital.on(0, ventilators[0], NOW - 5 * HOUR)

        hospital.happen("episode.moved", hospital.episodes[0], NOW - 2 * HOUR, place=str(hospital.beds[1]))
        assert hospital.device(ventilators[0]).state == "occupied"
        hospital.happen("episode.admitted", hospital.episodes[0], NOW - HOUR, unit=f"unit:{new_id()}")

        assert hospital.device(ventilators[0]).state == "cleaning"

    def test_that_puts_two_on_one_device_shows_both_and_the_second_has_it_not(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.on(1, ventilators[0], NOW - HOUR)
        hospital.on(0, ventilators[0], NOW - 2 * HOUR)

        assert hospital.uses(0)[0].device_id == ventilators[0]
        assert (hospital.uses(1)[0].device_id, hospital.uses(1)[0].trouble) == (None, "taken")
        with everywhere():
            shown = device_board.one(ventilators[0])
        assert shown is not None
        assert [one.trouble for one in shown.on] == ["", "taken"]

    def test_withdrawn_again_never_was(self, hospital: Hospital, ventilators: list[UUID]) -> None:
        attached = hospital.on(0, ventilators[0], NOW - HOUR)

        hospital.happen("fact.withdrawn", hospital.episodes[0], NOW, supersedes=attached, reason="wrong patient")

        assert hospital.uses(0) == []
        assert hospital.device(ventilators[0]).state == "free"

    def test_about_a_device_nobody_knows_says_so(self, hospital: Hospital) -> None:
        hospital.on(0, new_id())

        assert [use.trouble for use in hospital.uses(0)] == ["no_device"]

    def test_derived_anew_everything_is_as_it_was(self, hospital: Hospital, ventilators: list[UUID]) -> None:
        hospital.lay(0, 0, NOW - DAY / 2)
        hospital.on(0, ventilators[0], NOW - 3 * HOUR)
        hospital.on(1, ventilators[0], NOW - 2 * HOUR)
        hospital.happen("device.broken", ventilators[1], NOW - HOUR, reason="leak")
        with everywhere():
            before = [*DeviceUse.objects.order_by("pk").values_list(), *Device.objects.order_by("pk").values_list()]
            follower.follow(None, NOW)

            assert before == [
                *DeviceUse.objects.order_by("pk").values_list(),
                *Device.objects.order_by("pk").values_list(),
            ]


class TestTheDatabase:
    def test_itself_allows_one_patient_a_device_and_one_device_of_a_kind_a_patient(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.on(0, ventilators[0])
        for changed in ({"who": new_id()}, {"device_id": None, "claimed": ventilators[1], "trouble": "taken"}):
            (use,) = hospital.uses(0)
            for name, value in {"pk": new_id(), **changed}.items():
                setattr(use, name, value)
            with everywhere(), pytest.raises(IntegrityError), transaction.atomic():
                use.save(force_insert=True)


class TestTheBoards:
    def test_a_critical_patient_on_no_device_stands_out_until_put_on_one(
        self, hospital: Hospital, ventilators: list[UUID]
    ) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        hospital.happen("severity.changed", hospital.episodes[0], NOW - HOUR, severity="critical")

        def patients() -> list[tuple[bool, list[tuple[str, str]]]]:
            with everywhere():
                tiles = ward_board.beds(hospital.bed(0).ward_id, NOW)
                assert ward_board.is_bare(hospital.episodes[0]) == tiles[0].patients[0].is_bare
            return [(one.is_bare, list(one.devices)) for tile in tiles for one in tile.patients]

        assert patients() == [(True, [])]
        attach(hospital, 0, ventilators[0])
        assert patients() == [(False, [("ventilator", "V1")])]

    def test_a_hospital_that_keeps_no_such_devices_on_the_books_is_not_nagged(self, hospital: Hospital) -> None:
        hospital.lay(0, 0, NOW - HOUR)
        hospital.happen("severity.changed", hospital.episodes[0], NOW - HOUR, severity="critical")

        with everywhere():
            assert not ward_board.is_bare(hospital.episodes[0])

    def test_count_beds_and_devices_as_the_items_of_a_report(self, hospital: Hospital, ventilators: list[UUID]) -> None:
        hospital.lay(0, 0)
        hospital.on(0, ventilators[0])
        unit = hospital.unit.pk

        with everywhere():
            counted = device_board.counted([unit])
            assert [number for _id, _kind, number, _ward in device_board.free(unit)] == ["V2"]

        assert counted[unit, "ventilator"] == (2, 1)
        assert counted[unit, "critical_bed"] == (1, 1)
        assert counted[unit, "negative_pressure_bed"] == (2, 0)


def test_a_number_can_be_on_the_books_once(hospital: Hospital, ventilators: list[UUID]) -> None:
    with everywhere(), pytest.raises(BulouError):
        hospitals.devices_register(hospital.unit, "ventilator", ["V2"])

    with everywhere():
        assert Device.objects.count() == 2
