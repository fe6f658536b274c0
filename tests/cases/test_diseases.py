"""A disease profile is data with sources: no value without a unit, the day it was published, and where."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bulou.plan.load import load

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "diseases").glob("*.yaml"))
SOURCES = {"national", "paper", "who", "plan", "custom"}
CHECKED = {"document", "abstract", "summary", "none"}
SECTIONS = ("periods", "numbers", "symptoms", "tests", "case_definitions", "discharge")


def profile(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return read


def entries() -> Iterator[Any]:
    for path in PROFILES:
        for section in SECTIONS:
            for name, entry in profile(path)[section].items():
                yield pytest.param(entry, id=f"{path.stem}-{section}-{name}")


def values() -> Iterator[Any]:
    for entry in entries():
        for day, value in entry.values[0]["values"].items():
            yield pytest.param(day, value, id=f"{entry.id}-{day}")


def covid(section: str, name: str, day: date) -> Any:
    dated = profile(ROOT / "diseases" / "covid-19-2020.yaml")[section][name]["values"]
    return dated[max(start for start in dated if start <= day)]["value"]


@pytest.mark.parametrize("entry", list(entries()))
def test_an_entry_has_a_unit_a_name_in_both_languages_and_a_value(entry: dict[str, Any]) -> None:
    title = entry.get("title", entry)

    assert title["zh"] and title["en"] and entry["unit"] and entry["values"]


@pytest.mark.parametrize(("day", "value"), list(values()))
def test_a_value_says_when_it_was_published_by_whom_and_how_it_was_checked(day: date, value: dict[str, Any]) -> None:
    assert isinstance(day, date)
    assert value["value"] is not None
    assert value["source"] in SOURCES and value["checked"] in CHECKED
    assert len(value["reference"]) > 8


@pytest.mark.parametrize(("day", "value"), list(values()))
def test_a_document_is_cited_by_number_and_a_paper_by_journal(day: date, value: dict[str, Any]) -> None:
    if value["source"] == "national":
        assert re.search(r"〔\d{4}〕\d+号|Weekly", value["reference"])
    if value["source"] == "paper":
        assert re.search(r"\d{4}|doi|PMC", value["reference"])


@pytest.mark.parametrize(("day", "value"), list(values()))
def test_an_estimate_lies_in_its_own_interval(day: date, value: dict[str, Any]) -> None:
    if "low" in value:
        assert value["low"] <= value["value"] <= value["high"]
        assert value["interval"]


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_is_named_as_its_file_and_says_when_it_was_verified(path: Path) -> None:
    assert profile(path)["disease"] == path.stem
    assert isinstance(profile(path)["last_verified"], date)


@pytest.mark.parametrize("folder", sorted((ROOT / "plans").glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_the_disease_of_a_plan_has_a_profile(folder: Path) -> None:
    assert load(folder.parent).disease in {path.stem for path in PROFILES}


def test_what_was_known_depends_on_the_day() -> None:
    assert covid("periods", "infectious_before_onset", date(2020, 2, 1)) == 0
    assert covid("periods", "infectious_before_onset", date(2020, 4, 1)) == 2
    assert "serology" not in covid("case_definitions", "confirmed", date(2020, 2, 10))["any_of"]
    assert "serology" in covid("case_definitions", "confirmed", date(2020, 4, 1))["any_of"]


def test_the_guangxi_plan_agrees_with_the_profile() -> None:
    parameters = load(ROOT / "plans" / "guangxi-2020-9").parameters
    day = date(2020, 2, 10)

    assert parameters["observation_days"].at(day) == covid("periods", "observation", day)
    assert str(parameters["fever_threshold"].at(day)) == str(covid("numbers", "fever_threshold", day))
    assert parameters["normal_days"].at(day) == covid("discharge", "normal_temperature", day)
    assert parameters["negative_tests"].at(day) == covid("discharge", "negative_tests", day)
    assert parameters["test_gap"].at(day) == covid("discharge", "test_gap", day)


def test_every_symptom_the_guangxi_plan_names_is_in_the_profile() -> None:
    named: Any = load(ROOT / "plans" / "guangxi-2020-9").parameters["respiratory_symptoms"].at(date(2020, 2, 1))

    assert set(named) <= set(profile(ROOT / "diseases" / "covid-19-2020.yaml")["symptoms"])
