"""The reference page names what the language has."""

import re
from pathlib import Path

import pytest
import yaml

import bulou
from bulou.plan.cases import Case, CaseFact, Expected
from bulou.plan.complaints import keys_at
from bulou.plan.models import FORMS, Clause, Duty, Every, Header, Until
from bulou.plan.parameters import TIME_UNITS, Parameter
from bulou.plan.vocabulary import Vocabulary
from bulou.plan.words import PERIOD
from unit.plan.conftest import KINDS

PAGE = Path(bulou.__file__).parents[2].joinpath("docs/reference/plan-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("model", [Header, Parameter, Clause, Duty, Every, Until, Case, CaseFact, Expected])
def test_every_key_is_described(model: type) -> None:
    assert [key for key in keys_at(model, ()) if not re.search(rf"\b{key}\b", PAGE)] == []


def test_every_form_and_short_unit_is_described() -> None:
    assert [form for form in FORMS if f"`{form}`" not in PAGE] == []
    assert [unit for unit in TIME_UNITS if len(unit) < 4 and f"`{unit}`" not in PAGE and unit != "day"] == []


def test_the_example_of_a_duty_is_one() -> None:
    duty = next(yaml.load(block, yaml.BaseLoader)[0] for block in BLOCKS if block.startswith("- duty:"))

    assert Duty.model_validate(duty, context=Vocabulary(KINDS)).duty == "twice-daily-temperature"


def test_the_example_of_a_parameter_is_one() -> None:
    block = next(block for block in BLOCKS if block.startswith("fever_threshold:"))

    raw = yaml.load(block, yaml.BaseLoader)["fever_threshold"]

    assert Parameter.model_validate(raw).unit == "degC"


def test_the_example_of_a_case_is_one() -> None:
    block = next(block for block in BLOCKS if block.startswith("- name:"))

    [raw] = yaml.load(block, yaml.BaseLoader)

    assert Case.model_validate(raw).name.en == "Fever not seen"


def test_remedies_use_the_pages_own_examples() -> None:
    assert all(example in PAGE for example in re.findall(r"P\w+\d\w", PERIOD.remedy.en))
