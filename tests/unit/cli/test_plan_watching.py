"""`bulou plan check --watch`: what counts as saved, and what is said then. The wait is a person who edits."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bulou.cli import plan_watching
from bulou.cli.plan_watching import saved, state
from unit.cli.conftest import Run
from unit.plan.conftest import CLAUSES, PLAN

Edits = Callable[..., None]


def after(*edits: Callable[[], object]) -> Callable[[], None]:
    """A wait in which one edit is made each time, and Ctrl-C pressed after the last."""
    left: Iterator[Callable[[], object]] = iter(edits)

    def wait() -> None:
        edit = next(left, None)
        if edit is None:
            raise KeyboardInterrupt
        edit()

    return wait


def write(path: Path, text: str) -> Callable[[], object]:
    return lambda: path.write_text(text, encoding="utf-8")


def seen(folder: Path, *edits: Callable[[], object]) -> list[list[str]]:
    """The names of the files saved, at each look that found some."""
    found: list[list[str]] = []
    with suppress(KeyboardInterrupt):
        for files in saved(lambda: [folder], after(*edits)):
            found.append([file.name for file in files])
    return found


def test_a_file_changed_made_or_removed_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("1", encoding="utf-8")

    edits = [write(file, "22"), write(tmp_path / "b.yaml", "1"), file.unlink]

    assert seen(tmp_path, *edits) == [["a.yaml"], ["b.yaml"], ["a.yaml"]]


def test_nothing_saved_and_nothing_of_a_plan_s_is_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path, lambda: None, write(tmp_path / "notes.md", "x")) == []


def test_a_file_of_the_same_length_saved_again_is_seen_by_its_time(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("1", encoding="utf-8")
    before = state([tmp_path])

    os.utime(file, ns=(1, 1))

    assert state([tmp_path]) != before


def test_a_folder_that_joins_is_watched_but_not_told(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / "a.yaml").write_text("1", encoding="utf-8")
    folders = [one]

    found = []
    edits = after(lambda: folders.append(other), lambda: None, write(other / "a.yaml", "22"))
    with suppress(KeyboardInterrupt):
        for files in saved(lambda: list(folders), edits):
            found.append(files)

    assert found == [[other / "a.yaml"]]


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> Edits:
    """`edited(first, second)`: what is done while the command waits."""

    def plan(*edits: Callable[[], object]) -> None:
        monkeypatch.setattr(plan_watching, "pause", after(*edits))

    return plan


def test_a_plan_is_checked_again_as_it_is_saved(shelf: Path, plan: Run, edited: Edits) -> None:
    clauses = shelf / "little/clauses/1-all.yaml"
    edited(write(clauses, CLAUSES.replace("by: township_clinic", "by: nobody")), write(clauses, CLAUSES))

    result = plan("check", "little", "--watch")

    lines = result.output.splitlines()
    assert [line.rpartition(" ")[2] for line in lines if line.startswith("---")] == ["1-all.yaml", "1-all.yaml"]
    assert [line for line in lines if line.startswith("little:")] == [
        "little: 2 clauses, 2 duties, 1 parameters; 0 problems, 1 warnings",
        "little: 1 problems",
        "little: 2 clauses, 2 duties, 1 parameters; 0 problems, 1 warnings",
    ]
    assert result.exit_code == 0


def test_it_ends_as_the_last_look_found_it(shelf: Path, plan: Run, edited: Edits) -> None:
    edited(write(shelf / "little/plan.yaml", PLAN.replace("issued", "isued")))

    assert plan("check", "little", "--watch").exit_code == 1


def test_a_plan_it_extends_is_watched_too(shelf: Path, plan: Run, edited: Edits) -> None:
    city = shelf / "city/plan.yaml"
    city.parent.mkdir()
    city.write_text(PLAN.replace("plan: little", "plan: city") + "extends: [little]\n", encoding="utf-8")
    edited(write(shelf / "little/parameters.yaml", "fever_threshold: 37"))

    result = plan("check", "city", "--watch")

    assert result.exit_code == 1
    assert "little/parameters.yaml:1" in result.output
