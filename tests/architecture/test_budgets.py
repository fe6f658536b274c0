"""94 % of files at most 300 lines, none above 600; 94 % of functions at most 40; as much test as code."""

import re
from pathlib import Path

import pytest

from architecture.budgets import code_files, functions, lines, lines_that_say_something, share_within
from architecture.walls import ROOT, SOURCE

TESTS = ROOT / "tests"
EVERYTHING = code_files(SOURCE, TESTS, ROOT / "docs")
SCRIPTS = [path for path in EVERYTHING if path.suffix == ".py"]


def test_no_file_is_longer_than_600_lines() -> None:
    assert [str(path) for path in EVERYTHING if lines(path) > 600] == []


def test_nearly_all_files_are_at_most_300_lines() -> None:
    long = {path.name: lines(path) for path in EVERYTHING if lines(path) > 300}

    assert share_within(map(lines, EVERYTHING), 300) >= 0.94, long


def test_nearly_all_functions_are_at_most_40_lines() -> None:
    found = [function for path in SCRIPTS for function in functions(path)]

    assert share_within((length for _, length in found), 40) >= 0.94, [name for name, n in found if n > 40]


def test_there_is_at_least_as_much_test_as_code() -> None:
    code = [path for path in code_files(SOURCE) if path.suffix == ".py" and "migrations" not in path.parts]
    tests = [p for p in code_files(TESTS) if p.suffix == ".py"] + sorted(ROOT.glob("plans/*/cases/*.yaml"))

    assert lines_that_say_something(tests) >= lines_that_say_something(code)


def test_no_test_is_skipped_and_no_word_is_unfinished() -> None:
    unfinished = re.compile(
        r"pytest\.(skip|importorskip|mark\.(skip|xfail))|\b(TODO|FIXME|XXX)\b|raise NotImplementedError"
    )
    here = Path(__file__)

    assert [str(p) for p in SCRIPTS if p != here and unfinished.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(("lengths", "share"), [([], 1.0), ([300, 301], 0.5), ([1, 2, 3, 400], 0.75)])
def test_a_share_counts_what_lies_within_the_limit(lengths: list[int], share: float) -> None:
    assert share_within(lengths, 300) == share


def test_a_function_is_measured_from_its_name_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("@decorated\ndef long():\n    a = 1\n\n    return a\n", encoding="utf-8")

    assert list(functions(path)) == [("x.py:2 long", 4)]
