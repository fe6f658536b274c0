"""Visits to fever clinics, by whatever order of facts: nobody received is lost, a refusal is no outcome."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from bulou.kernel.clock import SHANGHAI
from bulou.no_miss.monitoring.visits import Happened, Visit, visits_of

AT = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
PERSON = "0197a000-0000-7000-8000-000000000001"
HISTORIES = 5_000
KINDS = ("fever_clinic.visited", "medic.assessed", "visit.concluded", "visit.concluded")
OUTCOMES = ("home", "observed", "admitted", "transferred", "refused", "refused")


def fact(hour: int, kind: str, by: str | None = "unit:c", /, **data: Any) -> Happened:
    return Happened(f"f{hour:02}", kind, AT + timedelta(hours=hour), "12", by, data)


def received(hour: int = 0, **data: Any) -> Happened:
    return fact(hour, "fever_clinic.visited", **data)


def concluded(hour: int, outcome: str, **data: Any) -> Happened:
    return fact(hour, "visit.concluded", outcome=outcome, **data)


def only(*facts: Happened) -> Visit:
    (visit,) = visits_of(PERSON, facts)
    return visit


def test_whoever_is_received_waits_for_an_outcome() -> None:
    visit = only(received(triage="fever", exposure_history=True, exposures=["case"], unit="unit:c"))

    assert (visit.state, visit.triage, visit.exposure_history, visit.exposures) == ("waiting", "fever", True, ("case",))
    assert visit.unit == "c"


def test_the_clinic_is_whoever_recorded_it_where_it_is_not_said() -> None:
    assert only(received()).unit == "c"
    assert only(fact(0, "fever_clinic.visited", None)).unit == ""
    assert only(fact(0, "fever_clinic.visited", "person:x")).unit == ""


def test_a_visit_is_assessed_and_seen_through() -> None:
    visit = only(
        received(), fact(1, "medic.assessed", finding="suspect"), concluded(2, "transferred", to="unit:hospital")
    )

    assert (visit.finding, visit.outcome, visit.state, visit.to) == ("suspect", "transferred", "concluded", "hospital")
    assert visit.concluded_at == AT + timedelta(hours=2)


def test_an_assessment_at_home_belongs_to_no_visit() -> None:
    assert visits_of(PERSON, [fact(0, "medic.assessed", finding="suspect")]) == []
    assert only(received(1), concluded(2, "home"), fact(3, "medic.assessed", finding="well")).finding == ""


def test_a_refusal_is_no_outcome_until_somebody_receives_the_person() -> None:
    refused = [received(), concluded(1, "refused")]
    assert only(*refused).state == "refused"

    first, second = visits_of(PERSON, [*refused, received(5)])

    assert (first.state, second.state) == ("received", "waiting")


def test_whoever_is_turned_away_at_the_door_is_on_the_list_too() -> None:
    visit = only(concluded(3, "refused"))

    assert (visit.state, visit.id, visit.unit) == ("refused", "f03", "c")


def test_a_clinic_may_think_better_of_it() -> None:
    assert only(received(), concluded(1, "refused"), concluded(2, "observed")).state == "concluded"


def test_an_outcome_of_no_visit_is_none() -> None:
    assert visits_of(PERSON, [concluded(0, "home")]) == []


def test_every_visit_received_is_on_the_list_once_and_open_until_an_outcome_whatever_happens() -> None:
    refused = 0
    for seed in range(HISTORIES):
        random = Random(seed)
        facts = []
        for n in range(random.randint(1, 12)):
            kind = random.choice(KINDS)
            data = {"outcome": random.choice(OUTCOMES)} if kind == "visit.concluded" else {}
            facts.append(fact(n, kind, **data))
        found = visits_of(PERSON, facts)
        assert visits_of(PERSON, random.sample(facts, len(facts))) == found, seed
        ids = [visit.id for visit in found]
        assert len(set(ids)) == len(ids), seed
        assert {one.id for one in facts if one.kind == "fever_clinic.visited"} <= set(ids), seed
        for visit in found:
            assert (visit.state == "waiting") == (visit.concluded_at is None), seed
            refused += visit.state == "refused"
            if visit.state == "received":
                assert any(one.kind == "fever_clinic.visited" and one.at > visit.visited_at for one in facts), seed
    assert refused > 500
