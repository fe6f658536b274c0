"""`bulou plan schema`: for editors."""

import json
from pathlib import Path

import pytest

from bulou.plan.schema import FILES
from unit.cli.conftest import Run


@pytest.mark.parametrize("file", FILES)
def test_one_is_printed(plan: Run, file: str) -> None:
    result = plan("schema", file)

    assert result.exit_code == 0
    assert json.loads(result.output)["title"] == f"Bulou {file}.yaml"


def test_all_are_written_into_a_folder_and_named(tmp_path: Path, plan: Run) -> None:
    result = plan("schema", "--out", tmp_path / "made")

    assert result.output.splitlines() == [str(tmp_path / "made" / f"{file}.json") for file in FILES]
    assert all(json.loads((tmp_path / "made" / f"{file}.json").read_text("utf-8")) for file in FILES)


def test_writing_again_is_the_same_bytes(tmp_path: Path, plan: Run) -> None:
    plan("schema", "--out", tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    plan("schema", "--out", tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_asking_for_none_is_wrong_usage(plan: Run) -> None:
    result = plan("schema")

    assert result.exit_code == 2
    assert "--out" in result.output
