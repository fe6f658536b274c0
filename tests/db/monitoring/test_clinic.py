"""The acts of a fever clinic, and that visits and registers follow from facts by any door."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import limits, shelf
from bulou.ledger import selectors as reads
from bulou.ledger import services as ledger
from bulou.ledger.history import values_of
from bulou.no_miss.monitoring import selectors, services
from bulou.no_miss.monitoring.models import Entry, Visit
from bulou.oversight.supervision.models import Finding
from bulou.plan.rules import rules

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
VILLAGE, COUNTY = "120101001001", "120101"
HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def doctor(make_unit: Callable[..., Unit], make_account: Callable[..., Account], now: datetime) -> Account:
    return make_account("doctor", make_unit("和平区人民医院", COUNTY, "fever_clinic", "hospital"), "fever_clinic")


@pytest.fixture
def patient(doctor: Account) -> UUID:
    with everywhere():
        return Person.objects.create(name="甲", area_id=VILLAGE, synthetic=True).pk


def received(doctor: Account, patient: UUID, **given: Any) -> Visit:
    with scope(COUNTY):
        id = services.receive(patient, "fever", by=doctor, **({"exposure_history": False} | given))
    return get(id)


def get(id: UUID) -> Visit:
    with everywhere():
        return Visit.objects.get(id=id)


def facts(subject: str) -> list[tuple[str, Any]]:
    with everywhere():
        return sorted((fact.kind, dict(fact.data)) for fact in reads.facts_of(subject))


def test_triage_puts_down_who_came_with_what_they_say_and_where(doctor: Account, patient: UUID) -> None:
    visit = received(
        doctor, patient, exposure_history=True, exposures=["case"], celsius=38.4, symptoms=["cough"], id=new_id()
    )

    assert (visit.state, visit.unit, visit.area, visit.exposures) == ("waiting", doctor.unit_id, VILLAGE, ["case"])
    assert [kind for kind, _ in facts(f"person:{patient}")] == [
        "fever_clinic.visited",
        "symptoms.reported",
        "temperature.read",
    ]


def test_the_same_form_twice_is_one_visit(doctor: Account, patient: UUID) -> None:
    id = new_id()
    received(doctor, patient, id=id)
    with clock.at(NOW + HOUR):
        received(doctor, patient, id=id)

    with everywhere():
        assert Visit.objects.count() == 1


def test_a_visit_is_seen_through(doctor: Account, patient: UUID, make_unit: Callable[..., Unit]) -> None:
    hospital = make_unit("定点医院", COUNTY, "designated_hospital")
    visit = received(doctor, patient)
    with scope(COUNTY):
        services.assess(visit.id, "suspect", by=doctor, symptoms=["cough"])
        with pytest.raises(BulouError, match="to which unit"):
            services.conclude(visit.id, "transferred", by=doctor)
        services.conclude(visit.id, "transferred", by=doctor, to=hospital.pk)

    found = get(visit.id)
    assert (found.state, found.finding, found.outcome, found.to) == ("concluded", "suspect", "transferred", hospital.pk)


def test_turning_somebody_away_is_a_finding_and_they_stay_on_the_list(doctor: Account, patient: UUID) -> None:
    visit = received(doctor, patient)
    with scope(COUNTY):
        with pytest.raises(BulouError, match="Say why"):
            services.refuse(visit.id, " ", by=doctor)
        services.refuse(visit.id, "no bed", by=doctor)
        (waiting,) = selectors.open_visits(COUNTY)

    assert (waiting.id, waiting.state) == (visit.id, "refused")
    with scope(COUNTY):
        (finding,) = Finding.objects.all()
    assert (finding.clause, finding.words, finding.severity) == ("GX-4.1.g", "no bed", "serious")
    assert (finding.unit, finding.about) == (doctor.unit_id, f"unit:{doctor.unit_id}")
    assert facts(finding.subject)[0][0] == "finding.raised"
    received(doctor, patient)
    assert get(visit.id).state == "received"
    with scope(COUNTY), pytest.raises(BulouError, match="received elsewhere"):
        services.conclude(visit.id, "home", by=doctor)


def test_people_and_visits_out_of_sight_are_none(doctor: Account, patient: UUID) -> None:
    visit = received(doctor, patient)

    with scope("45"), pytest.raises(BulouError, match="no such person"):
        services.receive(patient, "fever", by=doctor, exposure_history=None)
    with scope("45"), pytest.raises(BulouError, match="no such visit"):
        services.conclude(visit.id, "home", by=doctor)
    with scope("45"):
        assert (Visit.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_visit_has_the_clock_of_the_plan_else_of_the_product(doctor: Account, patient: UUID) -> None:
    visit = received(doctor, patient)
    with scope(COUNTY):
        assert selectors.dues([visit]) == {visit.id: NOW + selectors.USUAL}
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.id.endswith("first-visit-concluded")], area="12")

    with scope(COUNTY):
        (due,) = selectors.dues([visit]).values()
        (row,) = [row for row in reads.duties_of(f"person:{patient}") if row.must == "visit.concluded"]
    assert due == row.due_at


def test_any_order_of_arrival_leaves_the_same_rows(doctor: Account, patient: UUID) -> None:
    person, unit = f"person:{patient}", f"unit:{doctor.unit_id}"
    every = [
        ("fever_clinic.visited", person, {"triage": "fever"}),
        ("medic.assessed", person, {"finding": "refer"}),
        ("visit.concluded", person, {"outcome": "refused"}),
        ("fever_clinic.visited", person, {"triage": "suspect"}),
        ("visit.concluded", person, {"outcome": "admitted"}),
        ("fever_medicine.sold", unit, {"item": "antipyretic", "quantity": 2}),
        ("syndrome.counted", unit, {"syndrome": "unknown_pneumonia", "cases": 1, "seen": 40}),
        ("environment.sampled", unit, {"samples": 10, "positive": 1}),
    ]
    made = [
        Fact(str(new_id()), kind, subject, COUNTY, NOW + n * HOUR, unit, data)
        for n, (kind, subject, data) in enumerate(every)
    ]

    def rows() -> list[Any]:
        with everywhere():
            return [values_of(row) for model in (Visit, Entry) for row in model.objects.order_by("id")]

    with clock.at(NOW + 10 * HOUR):
        for one in Random(3).sample(made, len(made)):
            assert ledger.record([one]).refused == ()
        found = rows()
        ledger.rebuild()
        assert rows() == found
    assert len(found) == 5


def test_registers_are_counted_by_day(doctor: Account) -> None:
    with scope(COUNTY):
        for n, cases in enumerate((3, 4)):
            with clock.at(NOW - n * timedelta(days=1)):
                data = {"syndrome": "influenza_like_illness", "cases": cases, "seen": 100}
                services.count("syndrome.counted", f"unit:{doctor.unit_id}", COUNTY, data, by=doctor)
        services.count(
            "fever_medicine.sold", f"unit:{doctor.unit_id}", COUNTY, {"item": "cough", "quantity": 5}, by=doctor
        )
        found = selectors.counts(COUNTY, NOW - timedelta(days=7), NOW + HOUR)
        listed = selectors.entries(COUNTY, "syndrome.counted", after="", limit=10)
        rest = selectors.entries(COUNTY, "syndrome.counted", after=str(listed[0].id), limit=10)

    assert [(one.day.day, one.key, one.n, one.of) for one in found] == [
        (9, "influenza_like_illness", 4, 100),
        (10, "fever_medicine.sold", 5, 0),
        (10, "influenza_like_illness", 3, 100),
    ]
    assert [one.data["cases"] for one in listed] == [3, 4]
    assert [one.id for one in rest] == [listed[1].id]


class TestLimits:
    def test_without_a_plan_they_are_the_product_s(self) -> None:
        found = limits.readings(VILLAGE, NOW)

        assert (found.fever, found.is_fever(37.3), found.is_fever(37.2)) == (37.3, True, False)
        assert (found.half(NOW), found.half(NOW + 6 * HOUR)) == ("morning", "evening")

    def test_the_most_specific_plan_that_sets_them_is_the_one(self) -> None:
        plan = shelf.plan("guangxi-2020-9")
        assert plan
        ledger.adopt(rules(plan)[:1], area="12")

        known = limits.in_force(("fever_threshold", "temperature_slots"), VILLAGE, NOW.date())
        assert known["fever_threshold"] == plan.parameters["fever_threshold"].at(NOW.date())
        assert limits.between(known["temperature_slots"]) == time(14)
        assert limits.in_force(("fever_threshold",), "45", NOW.date()) == {}
        assert limits.in_force(("fever_threshold",), VILLAGE, datetime(2000, 1, 1, tzinfo=SHANGHAI).date()) == {}

    @pytest.mark.parametrize(
        ("slots", "middle"),
        [
            (["06:00/12:00", "16:00/22:00"], time(14)),
            (["05:00/09:00", "11:00/13:00", "18:00/20:00"], time(13, 30)),
            (["08:00/10:00"], time(9)),
            ("06:00/24:00", time(15)),
        ],
    )
    def test_the_morning_ends_midway_between_the_windows(self, slots: list[str] | str, middle: time) -> None:
        assert limits.between(slots) == middle
