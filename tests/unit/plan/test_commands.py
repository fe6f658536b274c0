"""`bulou plan` from the outside, with the product's own fact kinds and roles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main
from unit.plan.conftest import CLAUSES, PLAN

CASES = """
- name: {zh: 发热未就诊, en: Fever not seen}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts:
    - {kind: temperature.read, at: 2020-02-03 08:00, data: {celsius: 38.1}}
  expect:
    - {duty: fever-seen, opens_at: 2020-02-03 08:00, state: missed}
"""
Run = Callable[..., Result]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a plans/ folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "plans"


@pytest.fixture
def little(shelf: Path, folder: Callable[..., Path]) -> Path:
    """The little plan on the shelf, complete."""
    return folder({"catalogue.txt": "L-1\nL-2\n", "cases/1.yaml": CASES}, name="plans/little")


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str | Path, lang: str = "en") -> Result:
        return CliRunner().invoke(main, ["plan", *map(str, arguments)], env={"BULOU_LANG": lang})

    return invoke


def test_check_sums_a_plan_up_and_names_its_doubts(little: Path, run: Run) -> None:
    result = run("check", "little")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "warning  clauses/1-all.yaml:6: twice-daily has no case. Write one in cases/.",
        "little: 2 clauses, 2 duties, 1 parameters; 0 problems, 1 warnings",
    ]


def test_check_takes_folders_and_names_and_speaks_the_language_asked_for(little: Path, run: Run) -> None:
    result = run("check", little, "plans/little", "--lang", "zh")

    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "little：2 条条款，2 项责任，1 个参数；0 个问题，1 个提醒"


def test_messages_follow_the_locale(little: Path, run: Run) -> None:
    assert "个提醒" in run("check", "little", lang="zh").output
    assert "warnings" in run("check", "little", lang="en_GB.UTF-8").output


def test_check_ends_with_1_where_there_are_problems(little: Path, folder: Callable[..., Path], run: Run) -> None:
    folder({"clauses/1-all.yaml": CLAUSES.replace("by: township_clinic", "by: nobody")}, name="plans/bad")

    result = run("check", "little", "bad")

    assert result.exit_code == 1
    assert result.output.splitlines()[-2:] == [
        "problem  clauses/1-all.yaml:21: by: There is no role nobody. Roles are listed in the role vocabulary.",
        "bad: 1 problems",
    ]


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "litle"], ["coverage"], ["test"], ["show"], ["diff", "little"], ["nothing"]]
)
def test_wrong_usage_ends_with_2(little: Path, run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_plan_that_is_not_there_is_said_with_the_nearest_name(little: Path, run: Run) -> None:
    assert "There is no plan litle. Did you mean little?" in run("check", "litle").output


@pytest.mark.parametrize("command", ["show", "coverage", "test"])
def test_every_command_says_the_problems_of_a_broken_plan(
    little: Path, folder: Callable[..., Path], run: Run, command: str
) -> None:
    folder({"plan.yaml": PLAN.replace("issued", "isued")}, name="plans/bad")

    result = run(command, "bad")

    assert result.exit_code == 1
    assert "bad: 2 problems\n  plan.yaml:1: issued: This key is missing." in result.output


def test_show_lists_the_clauses_with_their_forms(little: Path, run: Run) -> None:
    assert run("show", "little").output.splitlines() == [
        "Little plan",
        "试〔2020〕1号  2020-02-01  little",
        "L-1  Temperature morning and evening  [duties]",
        "L-2  Fever is seen  [duties]",
    ]


def test_show_names_the_plans_it_extends(little: Path, folder: Callable[..., Path], run: Run) -> None:
    header = PLAN.replace("plan: little", "plan: city") + "extends: [little]\n"
    folder({"plan.yaml": header, "clauses/1-all.yaml": None}, name="plans/city")

    assert "extends little Little plan" in run("show", "city").output


def test_show_tells_a_clause_in_words(little: Path, run: Run) -> None:
    result = run("show", "little", "L-2", lang="zh")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:3] == [
        "L-2  发热就诊  [duties]",
        "  试〔2020〕1号 三  clauses/1-all.yaml:13",
        "  little/fever-seen  发热就诊",
    ]
    assert "    期限: 2 小时内" in lines


def test_show_takes_a_chapter(little: Path, run: Run) -> None:
    assert [line[:3] for line in run("show", "little", "L").output.splitlines() if line[0] == "L"] == ["L-1", "L-2"]


def test_show_says_where_there_is_no_such_clause(little: Path, run: Run) -> None:
    result = run("show", "little", "L-3")

    assert (result.exit_code, result.output) == (1, "little has no clause L-3. Did you mean L-2?\n")


def test_check_of_all_checks_every_plan(little: Path, folder: Callable[..., Path], run: Run) -> None:
    folder({"plan.yaml": PLAN.replace("plan: little", "plan: other")}, name="plans/other")

    result = run("check", "--all")

    assert [line.split(":")[0] for line in result.output.splitlines() if "0 problems" in line] == ["little", "other"]
    assert run("check").exit_code == 2


def test_coverage_counts_by_form(little: Path, run: Run) -> None:
    result = run("coverage", "little")

    assert result.exit_code == 0
    assert result.output.splitlines() == ["little: 2 of 2 clauses claimed", "  duties        2"]


def test_coverage_names_what_is_missing_unknown_and_owed(little: Path, folder: Callable[..., Path], run: Run) -> None:
    more = "- {clause: L-9, cites: 试, title: {zh: 甲, en: A}, shows: [{screen: rooms, room: operations.resources}]}"
    folder({"catalogue.txt": "L-1\nL-2\nL-3\n", "clauses/2.yaml": more}, name="plans/little")

    result = run("coverage", "little")

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "little: 2 of 3 clauses claimed",
        "  duties        2",
        "  shows         1",
        "  not claimed: L-3",
        "  not in the catalogue: L-9",
        "  owed by operations.resources: rooms, for L-9",
    ]


def test_coverage_of_all_finds_what_two_plans_claim(little: Path, folder: Callable[..., Path], run: Run) -> None:
    files = {"plan.yaml": PLAN.replace("plan: little", "plan: other"), "catalogue.txt": "L-1\nL-2\n"}
    folder(files, name="plans/other")

    result = run("coverage", "--all")

    assert result.exit_code == 1
    assert "L-1 is claimed by more than one plan: little, other" in result.output


def test_coverage_of_several_sums_up_and_says_what_rooms_owe(
    little: Path, folder: Callable[..., Path], run: Run
) -> None:
    clause = "- {clause: O-1, cites: 试, title: {zh: 甲, en: A}, shows: [{screen: rooms, room: operations.resources}]}"
    files = {"plan.yaml": PLAN.replace("plan: little", "plan: other"), "catalogue.txt": "O-1\n"}
    folder(files | {"clauses/1-all.yaml": clause, "parameters.yaml": None}, name="plans/other")

    result = run("coverage", "--all")

    assert result.exit_code == 0
    assert result.output.splitlines()[-4:] == [
        "all: 3 of 3 clauses claimed",
        "  duties        2",
        "  shows         1",
        "owed by operations.resources: 1 (rooms 1)",
    ]


def test_coverage_without_a_catalogue_has_nothing_to_count_against(folder: Callable[..., Path], run: Run) -> None:
    result = run("coverage", folder())

    assert result.exit_code == 1
    assert "there is no catalogue.txt to count against" in result.output


def test_diff_puts_the_stricter_first(little: Path, folder: Callable[..., Path], run: Run) -> None:
    files = {
        "plan.yaml": PLAN.replace("plan: little", "plan: other"),
        "clauses/1-all.yaml": CLAUSES.replace("within: PT2H", "within: PT1H"),
        "parameters.yaml": (little / "parameters.yaml").read_text("utf-8").replace("37.3", "37.0"),
    }
    folder(files, name="plans/other")

    result = run("diff", "little", "other")

    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line for line in lines if line.startswith("  ") and line[2] != " "] == [
        "  other/fever-seen  L-2",
        "  little/fever-seen  L-2",
        "  from 2020-01-01: little 37.3 degC, other 37.0 degC",
    ]
    assert "    Due: within 1 hour" in lines


def test_a_plan_does_not_differ_from_itself(little: Path, run: Run) -> None:
    result = run("diff", "little", little)

    assert (result.exit_code, result.output) == (0, "The two plans do not differ in numbers.\n")


def test_the_cases_of_a_plan_are_worked_through(little: Path, run: Run) -> None:
    result = run("test", "little", "--engine", "python")

    assert result.exit_code == 0
    assert result.output.splitlines() == ["little  python: 1 of 1 cases agree", "twice-daily has no case"]


def test_a_case_that_comes_out_otherwise_is_explained(little: Path, run: Run) -> None:
    (little / "cases/1.yaml").write_text(CASES.replace("state: missed", "state: late"), encoding="utf-8")

    result = run("test", "--all", "--engine", "python")

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "cases/1.yaml:2: Fever not seen [python]",
        "  little/fever-seen 2020-02-03 08:00 state: expected late, found missed.",
        "little  python: 0 of 1 cases agree",
        "twice-daily has no case",
    ]


def test_several_plans_are_summed_up(little: Path, folder: Callable[..., Path], run: Run) -> None:
    folder({"plan.yaml": PLAN.replace("plan: little", "plan: other"), "cases/1.yaml": CASES}, name="plans/other")

    result = run("test", "--all", "--engine", "python")

    assert result.output.splitlines()[-1] == "2 plans, 2 cases; agree: python 2"


def test_a_case_that_cannot_be_read_is_said(little: Path, run: Run) -> None:
    (little / "cases/1.yaml").write_text("- {name: x}", encoding="utf-8")

    result = run("test", "little")

    assert result.exit_code == 1
    assert "cases/1.yaml:1: name: Keys and values are expected here." in result.output


def test_without_plans_here_the_products_own_are_found(shelf: Path, run: Run) -> None:
    assert run("show", "guangxi-2020-9").exit_code == 0
