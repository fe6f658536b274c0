"""`bulou import`: its numbers as JSON, its refused rows beside the file, its status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main
from bulou.directory.models import Account, Person, Unit

from .conftest import ELSEWHERE, VILLAGE, Scope, number

pytestmark = pytest.mark.usefixtures("areas")
ROWS = [["姓名", "身份证号", "属地"], ["演示甲", number(), VILLAGE], ["演示乙", "1.1E+17", VILLAGE]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("BULOU_LANG", "en")
    return lambda *given: CliRunner().invoke(main, ["import", *map(str, given)])


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_rows_are_told_and_the_refused_lie_beside_the_file(
    run: Callable[..., Result], make_csv: Callable[..., Path], scope: Scope
) -> None:
    path = make_csv(ROWS)

    found = told(run("people", path, "--json"))

    assert {name: found[name] for name in ("rows_in", "created", "updated", "unchanged", "rejected")} == {
        "rows_in": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert found["errors_file"] == str(path.with_name("list.errors.csv"))
    assert "digits are lost" in Path(found["errors_file"]).read_text("utf-8-sig")
    assert told(run("people", path, "--json"))["unchanged"] == 1


def test_a_dry_run_tells_the_same_and_keeps_nothing(
    run: Callable[..., Result], make_csv: Callable[..., Path], scope: Scope
) -> None:
    found = told(run("people", make_csv(ROWS), "--json", "--dry-run"))

    assert (found["created"], found["rejected"], found["dry_run"]) == (1, 1, True)
    with scope(""):
        assert Person.objects.count() == 0


def test_an_account_brings_in_its_own_area_only(
    run: Callable[..., Result],
    make_csv: Callable[..., Path],
    county: Unit,
    make_account: Callable[..., Account],
) -> None:
    make_account("desk", county, "county_command")
    rows = [ROWS[0], ["演示甲", number(), VILLAGE], ["演示乙", "", ELSEWHERE]]

    found = told(run("people", make_csv(rows), "--json", "--account", "desk"))

    assert (found["created"], found["rejected"]) == (1, 1)


def test_what_the_headings_mean_and_what_holds_for_all_may_be_told(
    run: Callable[..., Result], make_csv: Callable[..., Path], tmp_path: Path, scope: Scope
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"甲列": "name", "手机": ""}, ensure_ascii=False), "utf-8")

    result = run(
        "people", make_csv([["甲列", "手机"], ["演示甲", "乱填"]]), "--mapping", mapping, "--set", f"area={VILLAGE}"
    )

    assert result.exit_code == 0
    assert "1 rows = 1 created + 0 updated + 0 unchanged + 0 refused" in result.output


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("nonsense", [], "no kind"),
        ("people", ["--account", "nobody"], "no account"),
        ("people", ["--set", "area=999999"], "1 refused"),
        ("people", ["--set", "colour=red"], "no field"),
        ("people", ["--set", "birth_date=soon"], "not a date"),
        ("people", ["--set", "area"], "FIELD=VALUE"),
    ],
)
def test_what_is_asked_wrongly_is_explained(
    kind: str, options: list[str], said: str, run: Callable[..., Result], make_csv: Callable[..., Path]
) -> None:
    rows = [["姓名"], ["演示甲"]]

    result = run(kind, make_csv(rows), *options)

    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", ["[", "[]", '{"姓名": 1}', '{"没有": "name"}', '{"姓名": "colour"}'])
def test_a_mapping_that_cannot_be_used_is_refused(
    content: str, run: Callable[..., Result], make_csv: Callable[..., Path], tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(content, "utf-8")

    assert run("people", make_csv(ROWS), "--mapping", mapping).exit_code == 1


@pytest.fixture
def undo(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("BULOU_LANG", "en")
    return lambda *given: CliRunner().invoke(main, ["undo-import", *map(str, given)])


def test_an_import_says_how_it_is_undone_and_is(
    run: Callable[..., Result], undo: Callable[..., Result], make_csv: Callable[..., Path], scope: Scope
) -> None:
    said = run("people", make_csv(ROWS)).output
    batch = said.rpartition("bulou undo-import ")[2].split()[0]

    result = undo(batch)

    assert result.exit_code == 0, result.output
    assert "1 taken off the books" in result.output
    with scope(""):
        assert Person.objects.count() == 0
    again = undo(batch)
    assert again.exit_code == 1
    assert "nothing to undo" in again.output


def test_only_what_lies_in_the_accounts_area_is_undone(
    run: Callable[..., Result],
    undo: Callable[..., Result],
    make_csv: Callable[..., Path],
    stranger: Unit,
    make_account: Callable[..., Account],
) -> None:
    make_account("foreign", stranger, "county_command")
    batch = told(run("people", make_csv(ROWS), "--json"))["batch"]

    result = undo(batch, "--account", "foreign")

    assert result.exit_code == 1
    assert "There is no import" in result.output
