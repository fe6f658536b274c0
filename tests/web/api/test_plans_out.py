"""Plans leave the API as FHIR and as calendars."""

import json

import pytest
from fhir.resources.R4B.bundle import Bundle
from icalendar import Calendar

from .conftest import Caller

pytestmark = pytest.mark.usefixtures("lived")


def test_a_plan_is_read_as_a_fhir_bundle(worker: Caller) -> None:
    answer = worker.get("/plans/trial/fhir")

    assert answer["Content-Type"] == "application/fhir+json"
    assert len(Bundle.model_validate_json(answer.content).entry) == 16


def test_the_day_of_its_numbers_can_be_chosen(worker: Caller) -> None:
    assert json.loads(worker.get("/plans/trial/fhir?on=2020-01-05").content)["timestamp"] == "2020-01-05T00:00:00Z"
    assert worker.get("/plans/trial/fhir?on=someday").status_code == 422


def test_a_role_s_calendar_begins_on_the_day_asked_for(worker: Caller) -> None:
    answer = worker.get("/plans/trial/calendar?role=village_committee&start=2020-03-01")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert events
    assert {str(event["DTSTART"].dt)[:7] for event in events} == {"2020-03"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/plans/none/fhir", 404),
        ("/plans/none/calendar?role=village_committee", 404),
        ("/plans/trial/calendar?role=county_command", 404),
        ("/plans/trial/calendar", 422),
    ],
)
def test_what_is_not_there_or_not_asked_for_whole_is_refused(worker: Caller, path: str, status: int) -> None:
    answer = worker.get(path)

    assert answer.status_code == status
    assert set(answer.json()["problems"][0]) >= {"zh", "en"}
