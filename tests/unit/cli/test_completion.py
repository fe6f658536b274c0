"""What a shell offers after Tab."""

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from bulou.cli.main import main


def offered(*words: str) -> list[str]:
    """What completes the last word."""
    *before, last = words
    found = ShellComplete(main, {}, "bulou", "_BULOU_COMPLETE").get_completions(["plan", *before], last)
    return [item.value for item in found]


@pytest.mark.parametrize("command", ["check", "show", "coverage", "test", "diff"])
def test_plans_by_name(shelf: Path, command: str) -> None:
    assert offered(command, "li") == ["little"]


def test_each_plan_of_several(shelf: Path) -> None:
    assert offered("diff", "little", "") == ["little"]


def test_a_word_no_plan_begins_with_may_be_a_folder(shelf: Path) -> None:
    found = ShellComplete(main, {}, "bulou", "_BULOU_COMPLETE").get_completions(["plan", "check"], "elsewhere/")

    assert [item.type for item in found] == ["dir"]


def test_clauses_of_the_plan_named(shelf: Path) -> None:
    assert offered("show", "little", "L-") == ["L-1", "L-2"]


def test_clauses_of_every_plan_where_none_is_named(shelf: Path) -> None:
    assert offered("explain", "L-") == ["L-1", "L-2"]


def test_fact_kinds(shelf: Path) -> None:
    assert offered("explain", "temperature.") == ["temperature.read"]


def test_roles(shelf: Path) -> None:
    assert "village_committee" in offered("explain", "village")


def test_the_products_own_plans_where_there_are_none_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert offered("check", "guangxi") == ["guangxi-2020-9"]
    assert "GX-2.1.h" in offered("show", "guangxi-2020-9", "GX-2.1")


def test_engines_and_languages(shelf: Path) -> None:
    assert offered("test", "--engine", "") == ["python", "postgres", "all"]
    assert offered("test", "--lang", "") == ["zh", "en"]
