"""`bulou plan export` from the outside."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from bulou.cli.exchange import export

PLAN = "guangxi-2020-9"
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str, lang: str = "en") -> Result:
        return CliRunner().invoke(export, [PLAN, *arguments], env={"BULOU_LANG": lang})

    return invoke


def test_a_plan_goes_out_as_a_fhir_bundle(run: Run) -> None:
    bundle = json.loads(run("--format", "fhir", "--on", "2020-02-10").stdout)

    assert (bundle["resourceType"], bundle["timestamp"]) == ("Bundle", "2020-02-10T00:00:00Z")
    assert bundle["entry"][0]["resource"]["resourceType"] == "PlanDefinition"


def test_a_role_s_recurring_duties_go_out_as_a_calendar_in_the_language_asked_for(run: Run) -> None:
    result = run("--format", "ical", "--role", "village_committee", "--on", "2020-02-10")

    events = Calendar.from_ical(result.stdout_bytes).walk("VEVENT")
    assert "Take temperature every morning and evening" in {str(event["SUMMARY"]) for event in events}
    assert min(str(event["DTSTART"].dt)[:10] for event in events) == "2020-02-10"


def test_without_a_day_it_is_today_where_the_plan_is(run: Run) -> None:
    there = ZoneInfo("Asia/Shanghai")
    days = {datetime.now(there).date().isoformat()}

    bundle = json.loads(run("--format", "fhir").stdout)

    assert bundle["timestamp"][:10] in days | {datetime.now(there).date().isoformat()}


def test_it_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    run("--format", "fhir", "--on", "2020-02-10", "--out", str(tmp_path / "plan.json"))

    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["entry"]


@pytest.mark.parametrize("role", [[], ["--role", "finance_bureau"], ["--role", "nobody"]])
def test_a_calendar_of_nobody_is_wrong_usage_and_says_who_has_one(run: Run, role: list[str]) -> None:
    result = run("--format", "ical", *role)

    assert result.exit_code == 2
    assert "Roles with recurring duties in guangxi-2020-9" in result.stderr
    assert "village_committee" in result.stderr
    assert "有周期责任的职责" in run("--format", "ical", *role, lang="zh").stderr


def test_a_plan_that_is_not_there_is_wrong_usage() -> None:
    result = CliRunner().invoke(export, ["no-plan", "--format", "fhir"], env={"BULOU_LANG": "en"})

    assert (result.exit_code, "There is no plan no-plan." in result.stderr) == (2, True)
