"""`bulou plan diseases` and `--disease`, from the outside."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str, lang: str = "en") -> Result:
        return CliRunner().invoke(main, ["plan", *arguments], env={"BULOU_LANG": lang})

    return invoke


def test_the_list_names_every_disease_with_what_matters_most(run: Run) -> None:
    lines = run("diseases").output.splitlines()

    head = "disease Legal class in China Time to report a case Longest incubation period "
    assert " ".join(lines[0].split()) == head + "Medical observation of a close contact Fever threshold"
    assert len(lines) == 10
    measles = next(line for line in lines if line.startswith("measles"))
    assert " ".join(measles.split()) == "measles Measles B 24 h 21 d 21 d 38.0 degC"


def test_several_stand_side_by_side_with_a_mark_where_they_differ(run: Run) -> None:
    lines = run("diseases", "sars", "measles", lang="zh").output.splitlines()

    assert lines[0].split() == ["sars", "measles"]
    assert ["≠", "最长潜伏期", "16", "d", "21", "d"] in [line.split() for line in lines]
    assert ["发热阈值", "38.0", "degC", "38.0", "degC"] in [line.split() for line in lines]


def test_one_is_shown_with_its_sources(run: Run) -> None:
    output = run("diseases", "measles").output

    assert output.startswith("Measles  measles  Class B")
    assert "    2014-11-01  11.7 d  Vink et al." in output


def test_what_was_known_on_a_day_is_shown(run: Run) -> None:
    output = run("diseases", "covid-19-2022", "--on", "2022-07-01").output

    assert "Medical observation of a close contact  7 d" in output
    assert "2022-11-11" not in output


def test_before_anything_was_known_there_is_a_question_mark(run: Run) -> None:
    assert "Longest incubation period  ?" in run("diseases", "mpox", "--on", "2000-01-01").output


def test_an_unknown_disease_is_wrong_usage_and_names_those_there_are(run: Run) -> None:
    result = run("diseases", "measels")

    assert result.exit_code == 2
    assert "measles" in result.output


def test_a_clause_is_read_with_the_numbers_of_another_disease(run: Run) -> None:
    own, other = (run("show", "guangxi-2020-9", "GX-4.1.d", *more).output for more in ((), ("--disease", "measles")))

    assert "Due: within 2 hours" in own and "Due: within 1 day" in other
    assert own.splitlines()[:2] == other.splitlines()[:2]


def test_the_check_of_a_plan_under_another_disease_says_what_has_no_number(run: Run) -> None:
    result = run("check", "guangxi-2020-9", "--disease", "covid-19-2023")

    assert result.exit_code == 0
    assert (
        "observation_days: covid-19-2023: observation has no number: what rests on it opens nothing." in result.output
    )


def test_the_cases_of_a_plan_are_worked_through_under_another_disease(run: Run) -> None:
    def agreeing(*more: str) -> str:
        return run("test", "guangxi-2020-9", "--engine", "python", *more).output.splitlines()[-1]

    assert agreeing("--disease", "covid-19-2020") == agreeing()
    assert agreeing("--disease", "measles") != agreeing()


def test_a_shell_completes_the_name_of_a_disease() -> None:
    from bulou.cli.diseases import Disease
    from bulou.cli.plan import check

    context = check.make_context("check", ["guangxi-2020-9"])

    found = Disease().shell_complete(context, check.params[0], "covid")

    assert [item.value for item in found] == ["covid-19-2020", "covid-19-2022", "covid-19-2023"]
