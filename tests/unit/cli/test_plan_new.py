"""`bulou plan new`: a plan that passes from the start, in the shape editors and checks expect."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from bulou.plan.beginning import TEMPLATE, begin
from bulou.plan.tree import read_tree
from unit.cli.conftest import Run


@pytest.fixture
def begun(shelf: Path, plan: Run) -> Path:
    assert plan("new", "guilin-2026-1").exit_code == 0
    return shelf / "guilin-2026-1"


def test_a_new_plan_checks_clean(begun: Path, plan: Run) -> None:
    result = plan("check", "guilin-2026-1")

    assert result.exit_code == 0
    assert result.output == "guilin-2026-1: 3 clauses, 2 duties, 4 parameters; 0 problems, 0 warnings\n"


def test_its_cases_pass_and_every_duty_has_some(begun: Path, plan: Run) -> None:
    result = plan("test", "guilin-2026-1", "--engine", "python")

    assert result.output == "guilin-2026-1  python: 6 of 6 cases agree\n"


def test_it_claims_its_whole_catalogue(begun: Path, plan: Run) -> None:
    assert "3 of 3 clauses claimed" in plan("coverage", "guilin-2026-1").output


@pytest.mark.parametrize("file", ["plan.yaml", "parameters.yaml", "clauses/1-isolation.yaml", "cases/1-isolation.yaml"])
def test_the_first_line_of_each_file_leads_an_editor_to_its_schema(begun: Path, file: str) -> None:
    path = begun / file

    named = path.read_text("utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")

    schema = json.loads((path.parent / named).read_text("utf-8"))
    whole = json.loads(json.dumps(read_tree(path, file).data, default=float))
    assert list(jsonschema.Draft7Validator(schema).iter_errors(whole)) == []


def test_nothing_of_the_template_is_left_open(begun: Path) -> None:
    assert not [path for path in begun.rglob("*.*") if "__" in path.read_text("utf-8")]


def test_the_dates_are_todays(tmp_path: Path) -> None:
    folder = begin("new-plan", tmp_path, date(2026, 11, 22))

    assert "issued: 2026-11-22" in (folder / "plan.yaml").read_text("utf-8")


def test_it_lies_where_it_is_asked_to(tmp_path: Path, plan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert plan("new", "here").exit_code == plan("new", "there", "--in", "shelf").exit_code == 0

    assert (tmp_path / "here/plan.yaml").is_file()
    assert (tmp_path / "shelf/there/plan.yaml").is_file()
    assert (tmp_path / "shelf/.schema/cases.json").is_file()


def test_it_says_what_to_do_next(shelf: Path, plan: Run) -> None:
    assert "bulou plan check --watch plans/new-plan" in plan("new", "new-plan", lang="zh").output


def test_a_plan_that_is_there_is_left_alone(shelf: Path, plan: Run) -> None:
    before = (shelf / "little/plan.yaml").read_text("utf-8")

    result = plan("new", "little")

    assert result.exit_code == 1
    assert "plans/little is already there; choose another name" in result.output
    assert (shelf / "little/plan.yaml").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["Guilin", "a b", "../up", "", "é"])
def test_a_name_that_cannot_be_one_is_refused(shelf: Path, plan: Run, name: str) -> None:
    result = plan("new", name)

    assert result.exit_code == 1
    assert "cannot name a plan" in result.output


def test_every_line_of_the_template_fits_a_page() -> None:
    for path in TEMPLATE.rglob("*.*"):
        assert max(map(len, path.read_text("utf-8").splitlines())) <= 120, path
