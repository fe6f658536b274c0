"""What the disease profiles say: each value cited so that it can be looked up, and the plans agree with them."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bulou.plan.diseases import Published, profiles
from bulou.plan.load import load

ROOT = Path(__file__).parents[2]
PROFILES = profiles(ROOT / "diseases")
CITED = {
    "national": r"〔\d{4}〕\d+号|Weekly|(?<!\d)(19|20)\d\d",
    "paper": r"doi:10\.|\d{4};\d+|PMC\d+|medRxiv|PMC",
    "who": r"WHO.*\b(19|20)\d\d\b|WHO, .*fact sheet",
    "plan": r"号",
    "custom": r".",
}


def published() -> Iterator[Any]:
    for profile in PROFILES.values():
        definitions, symptoms = profile.case_definitions, profile.symptoms
        entries: dict[str, Any] = {**profile.known, **profile.tests, **definitions, **symptoms}
        for name, entry in entries.items():
            for day, value in entry.values.items():
                yield pytest.param(day, value, id=f"{profile.id}-{name}-{day}")


@pytest.mark.parametrize(("day", "value"), list(published()))
def test_a_value_can_be_looked_up(day: date, value: Published) -> None:
    assert re.search(CITED[value.source], value.reference), value.reference
    assert day <= date(2026, 11, 22)


@pytest.mark.parametrize(("day", "value"), list(published()))
def test_an_estimate_lies_in_its_own_interval(day: date, value: Published) -> None:
    bounds = [bound for bound in (value.low, value.high, value.interval) if bound is not None]

    assert len(bounds) in (0, 3)
    if value.low is not None:
        assert float(str(value.low)) <= float(str(value.number)) <= float(str(value.high))


@pytest.mark.parametrize("folder", sorted((ROOT / "plans").glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_the_disease_of_a_plan_has_a_profile(folder: Path) -> None:
    assert load(folder.parent).disease in PROFILES


def test_what_was_known_depends_on_the_day() -> None:
    covid = PROFILES["covid-19-2020"]
    before_onset = covid.periods["infectious_before_onset"]
    confirmed = covid.case_definitions["confirmed"].values

    found = [before_onset.at(day) for day in (date(2020, 2, 1), date(2020, 4, 1))]

    assert [known and known.value for known in found] == [0, 2]
    assert "serology" not in confirmed[date(2020, 1, 27)].value["any_of"]
    assert "serology" in confirmed[date(2020, 3, 3)].value["any_of"]


def test_every_symptom_the_guangxi_plan_names_is_in_the_profile() -> None:
    named: Any = load(ROOT / "plans" / "guangxi-2020-9").parameters["respiratory_symptoms"].at(date(2020, 2, 1))

    assert set(named) <= set(PROFILES["covid-19-2020"].symptoms)
