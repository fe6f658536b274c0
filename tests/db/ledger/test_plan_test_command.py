"""`bulou plan test` on the database: one more engine, the same verdict."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main
from unit.cli.conftest import FILES

Test = Callable[..., Result]


@pytest.fixture
def tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Test:
    """`tested(*options, state=…)`: what `bulou plan test` says of the little plan, its one case expecting a state."""
    monkeypatch.setenv("BULOU_ROLE", os.environ["BULOU_ROLE"])

    def run(*options: str, state: str = "missed") -> Result:
        for file, text in FILES.items():
            path = tmp_path / "little" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("state: missed", f"state: {state}").lstrip("\n"), encoding="utf-8")
        return CliRunner().invoke(main, ["plan", "test", str(tmp_path / "little"), *options], env={"BULOU_LANG": "en"})

    return run


def test_every_engine_is_asked_unless_one_is_named(tested: Test) -> None:
    assert tested().output.splitlines() == [
        "little  python: 1 of 1 cases agree",
        "little  postgres: 1 of 1 cases agree",
        "twice-daily has no case",
    ]
    assert tested("--engine", "postgres").output.splitlines()[0] == "little  postgres: 1 of 1 cases agree"


def test_what_differs_is_told_of_each_engine(tested: Test) -> None:
    result = tested(state="late")

    assert result.exit_code == 1
    for engine in ("python", "postgres"):
        assert (
            f"cases/1.yaml:1: Fever not seen [{engine}]\n"
            "  little/fever-seen 2020-02-03 08:00 state: expected late, found missed.\n"
        ) in result.output
