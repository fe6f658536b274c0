"""Two at once, for real: threads, each with a session of its own, let go at one moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from random import Random
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.treatment import device_acts, follower, services
from bulou.no_miss.treatment.models import Bed, BedStay, DeviceUse
from storm.lineup import at

from .conftest import HOME, NOW, Hospital

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def together(*acts: Act) -> list[str]:
    """What comes of acts that all begin at one moment: `done`, or the code of the refusal."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        try:
            barrier.wait(30)
            at(NOW, act)()
        except BulouError as error:
            return error.problems[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def inside(act: Act) -> Act:
    """The act within its own scope, as a request has it, but each in its own transaction."""

    def scoped() -> object:
        with everywhere():
            return act()

    return scoped


def assert_sound() -> None:
    """Nothing with two patients, nobody in two beds or on two of a kind, and rows as all derived anew gives them."""
    with everywhere():
        stays = BedStay.objects.filter(ended_at__isnull=True)
        assert max(Counter(stay.person for stay in stays).values(), default=0) <= 1
        assert max(Counter(stay.bed_id for stay in stays if stay.bed_id).values(), default=0) <= 1
        uses = DeviceUse.objects.filter(ended_at__isnull=True)
        assert max(Counter((use.who, use.kind) for use in uses).values(), default=0) <= 1
        assert max(Counter(use.device_id for use in uses if use.device_id).values(), default=0) <= 1
        before, on = (sorted(map(str, rows.objects.values_list())) for rows in (BedStay, DeviceUse))
        states = list(Bed.objects.order_by("pk").values_list("pk", "state"))
        follower.follow(None, NOW)
        assert sorted(map(str, BedStay.objects.values_list())) == before
        assert sorted(map(str, DeviceUse.objects.values_list())) == on
        assert list(Bed.objects.order_by("pk").values_list("pk", "state")) == states


@pytest.fixture
def crowd(hospital: Hospital) -> Iterator[list[UUID]]:
    """Eight illnesses, each of somebody else, stated yesterday."""
    with everywhere():
        made = [Person.objects.create(name=str(n), area_id=HOME, synthetic=True) for n in range(8)]
    ids = [new_id() for _ in made]
    for id, person in zip(ids, made, strict=True):
        data = {"disease": "covid-19-2020", "person": f"person:{person.pk}"}
        hospital.happen("episode.confirmed", id, NOW - timedelta(days=1), **data)
    yield ids


def test_of_eight_who_want_one_bed_one_gets_it(hospital: Hospital, crowd: list[UUID]) -> None:
    acts = [inside(partial(services.admit, one, hospital.beds[0], by=hospital.doctor)) for one in crowd]

    assert Counter(together(*acts)) == {"done": 1, "bed.taken": 7}
    assert_sound()


def test_of_six_beds_for_one_patient_one_is_used(hospital: Hospital, crowd: list[UUID]) -> None:
    acts = [inside(partial(services.admit, crowd[0], bed, by=hospital.doctor)) for bed in hospital.beds]

    assert Counter(together(*acts)) == {"done": 1, "patient.has_a_bed": 5}
    assert_sound()


def test_six_beds_kept_at_once_for_one_person_leave_one_kept(hospital: Hospital, crowd: list[UUID]) -> None:
    person = hospital.people[0]
    acts = [inside(partial(services.reserve, bed, person, by=hospital.doctor)) for bed in hospital.beds]

    assert Counter(together(*acts)) == {"done": 6}

    with everywhere():
        assert Bed.objects.filter(reserved_for=person).count() == 1


def test_two_illnesses_of_one_person_at_once_get_one_bed(hospital: Hospital, crowd: list[UUID]) -> None:
    second = new_id()
    person = hospital.people[0]
    hospital.happen("episode.confirmed", second, NOW - timedelta(hours=2), disease="sars", person=f"person:{person}")
    both = zip((hospital.episodes[0], second), hospital.beds, strict=False)

    answers = together(*(inside(partial(services.admit, one, bed, by=hospital.doctor)) for one, bed in both))

    assert Counter(answers) == {"done": 1, "patient.has_a_bed": 1}
    assert_sound()


def test_eight_who_take_any_bed_get_six_different_ones(hospital: Hospital, crowd: list[UUID]) -> None:
    kinds = ("icu", "negative", "negative", "isolation", "isolation", "general", "icu", "negative")
    acts = [
        inside(partial(services.admit_to_any, one, hospital.unit.pk, kind, by=hospital.doctor))
        for one, kind in zip(crowd, kinds, strict=True)
    ]

    assert Counter(together(*acts)) == {"done": 6, "bed.none_free": 2}
    assert_sound()


def test_of_eight_who_need_one_ventilator_one_gets_it(
    hospital: Hospital, crowd: list[UUID], ventilators: list[UUID]
) -> None:
    for one in crowd:
        hospital.happen("episode.admitted", one, NOW - timedelta(hours=9), unit=f"unit:{hospital.unit.pk}")
    acts = [inside(partial(device_acts.attach, one, ventilators[0], by=hospital.doctor)) for one in crowd]

    assert Counter(together(*acts)) == {"done": 1, "device.taken": 7}
    assert_sound()


def test_of_two_ventilators_at_once_a_patient_is_put_on_one(
    hospital: Hospital, crowd: list[UUID], ventilators: list[UUID]
) -> None:
    hospital.happen("episode.admitted", crowd[0], NOW - timedelta(hours=9), unit=f"unit:{hospital.unit.pk}")
    acts = [inside(partial(device_acts.attach, crowd[0], one, by=hospital.doctor)) for one in ventilators]

    assert Counter(together(*acts)) == {"done": 1, "patient.has_a_device": 1}
    assert_sound()


@pytest.mark.parametrize("seed", range(5))
def test_whatever_eight_people_do_at_once_the_ward_stays_sound(
    hospital: Hospital, crowd: list[UUID], ventilators: list[UUID], seed: int
) -> None:
    random = Random(seed)
    for one, bed in zip(crowd[:4], hospital.beds, strict=False):
        hospital.happen("episode.admitted", one, NOW - timedelta(hours=9), place=str(bed))

    def act() -> Act:
        one, bed, device = random.choice(crowd), random.choice(hospital.beds), random.choice(ventilators)
        return random.choice(
            [
                inside(partial(services.admit, one, bed, by=hospital.doctor)),
                inside(partial(services.admit_to_any, one, hospital.unit.pk, "negative", by=hospital.doctor)),
                inside(partial(services.move, one, bed, by=hospital.doctor)),
                inside(partial(services.clean, bed, by=hospital.doctor)),
                inside(partial(device_acts.attach, one, device, by=hospital.doctor)),
                inside(partial(device_acts.free, one, device, by=hospital.doctor)),
                inside(partial(device_acts.clean, device, by=hospital.doctor)),
                lambda: hospital.happen("device.attached", one, device=f"place:{device}"),
                lambda: hospital.happen("episode.discharged", one),
                lambda: hospital.happen("episode.moved", one, place=str(bed)),
            ]
        )

    for _ in range(3):
        together(*(act() for _ in range(8)))

    assert_sound()
