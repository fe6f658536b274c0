"""`bulou export`: the same rules on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bulou.cli import export as command
from bulou.cli.main import main
from bulou.directory.scope import everywhere
from bulou.exchange.exports.models import Export, ExportEvent

from .conftest import read_csv, read_xlsx


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs already, on the test's own database."""
    monkeypatch.setattr(command, "start_django", lambda role: None)
    monkeypatch.setenv("BULOU_LANG", "en")


def run(file: Path, *words: str, account: str = "command", name: str = "people") -> Result:
    given = ["export", name, str(file), "--account", account, "--purpose", "weekly report", *words]
    return CliRunner().invoke(main, given)


def test_a_list_is_written_to_the_file_and_on_record(world: Any, tmp_path: Path) -> None:
    done = run(tmp_path / "people.csv")

    assert done.output == f"2 rows in {tmp_path / 'people.csv'}.\n"
    assert len(read_csv(tmp_path / "people.csv")) == 3
    with everywhere():
        acts = list(ExportEvent.objects.order_by("at", "id").values_list("act", "rows"))
    assert acts == [("made", 2), ("downloaded", None)]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


def test_filters_area_and_format_are_those_asked_for(world: Any, tmp_path: Path) -> None:
    run(tmp_path / "men", "--format", "json", "--query", "sex=male", "--area", "120101001001")
    run(tmp_path / "misses.xlsx", name="misses")

    assert [row["name"] for row in json.loads((tmp_path / "men").read_text())["rows"]] == ["甲"]
    assert len(read_xlsx(tmp_path / "misses.xlsx")[1]) > 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "pdf"], "pdf"),
        (["--area", "450103"], "outside your area"),
    ],
)
def test_what_is_refused_is_told(words: list[str], said: str, world: Any, tmp_path: Path) -> None:
    done = run(tmp_path / "people.csv", *words)

    assert done.exit_code != 0
    assert said in done.output
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize(("account", "said"), [("nobody", "no account"), ("grid", "takes no lists out")])
def test_whoever_may_not_on_a_page_may_not_here(account: str, said: str, world: Any, tmp_path: Path) -> None:
    done = run(tmp_path / "people.csv", account=account)

    assert done.exit_code == 1
    assert said in done.output


def test_many_people_wait_for_a_second_person_here_too(world: Any, tmp_path: Path, settings: Any) -> None:
    settings.EXPORT_APPROVAL = 1

    done = run(tmp_path / "people.csv")

    assert done.exit_code == 1
    with everywhere():
        export = Export.objects.get()
    assert f"/exports/{export.id}/" in done.output
    assert export.needs_approval
    assert list(tmp_path.glob("*.csv")) == []
