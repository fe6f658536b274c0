"""The form of a fact, and what is read from it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from bulou.kernel.facts import KINDS
from bulou.web.field import questions


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_a_temperature_asks_for_one_number_with_its_unit_and_no_default() -> None:
    form = questions.form("temperature.read")

    (asked,) = form.fields
    assert (asked.name, asked.shape, asked.unit, asked.value) == ("celsius", "number", "℃", "")
    assert form.single


def test_a_fact_without_required_fields_is_one_tap() -> None:
    assert questions.form("symptoms.reported").fields == ()


def test_a_choice_lists_its_options_in_words() -> None:
    (asked,) = questions.form("medic.assessed").fields

    assert [option.value for option in asked.options] == ["well", "refer", "suspect"]


def test_what_the_duty_fixes_is_not_asked_and_goes_into_the_fact() -> None:
    data, form = questions.read("group.formed", {}, {"group": ["grid-team"]})

    assert data == {"group": "grid-team"}
    assert form.fields == ()


def test_what_the_duty_leaves_open_is_a_choice_among_what_will_do() -> None:
    (asked,) = questions.form("medic.assessed", {"finding": ["refer", "suspect"]}).fields

    assert [option.value for option in asked.options] == ["refer", "suspect"]


def test_yes_and_no_are_a_choice_and_become_truth_values() -> None:
    data, form = questions.read("residence.checked", {"lives_here": "false"})

    assert data == {"lives_here": False}
    assert [option.value for option in form.fields[0].options] == ["true", "false"]


@pytest.mark.parametrize("entered", ["36.8", " 36.8 ", "３６．８", "36。8", "36,8"])
def test_a_number_is_read_however_a_phone_writes_it(entered: str) -> None:
    data, form = questions.read("temperature.read", {"celsius": entered})

    assert questions.is_good(form), form
    assert data == {"celsius": Decimal("36.8")}


@pytest.mark.parametrize(
    ("entered", "error"),
    [("", "Fill this in."), ("45.5", "At most 45.0"), ("3", "At least 30.0"), ("warm", "Enter a number, digits only.")],
)
def test_an_error_stands_beside_the_field_and_what_was_entered_is_kept(entered: str, error: str) -> None:
    _, form = questions.read("temperature.read", {"celsius": entered})

    assert not questions.is_good(form)
    assert form.fields[0].error.startswith(error)
    assert form.fields[0].value == entered


def test_an_option_nobody_offered_is_refused() -> None:
    _, form = questions.read("medic.assessed", {"finding": "splendid"})

    assert form.fields[0].error == "Choose one of the options."


def test_every_kind_a_duty_could_ask_for_has_a_form() -> None:
    for kind in KINDS:
        assert questions.form(kind).kind == kind


def test_a_form_is_asked_in_the_language_of_whoever_reads_it() -> None:
    english = questions.form("medic.assessed")
    with translation.override("zh-hans"):
        chinese = questions.form("medic.assessed")

    assert questions.form("medic.assessed") == english
    assert chinese.fields[0].label != english.fields[0].label


def test_what_a_duty_fixes_makes_another_form() -> None:
    free = questions.form("medic.assessed")
    fixed = questions.form("medic.assessed", {"finding": ("suspect",)})

    assert [asked.name for asked in free.fields] == ["finding"]
    assert fixed.fields == ()
