"""Nothing that leaves in a CSV file is a formula, and everything comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.cells import MARK, guarded, is_risky, plain

RISKY = [
    "=1+1",
    "+8613800000000",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x0b=1",
    "　＝1",
    "'=1",
    "'",
    "''x",
    "﹦1",
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
]
HARMLESS = ["", "甲", "Smith", "3-2", "110105194912310 02X", "（住户）", "“引”", ".5", "  x", "#1", "a=b", "a\n=1"]


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_might_calculate_is_marked(text: str) -> None:
    assert is_risky(text)
    assert guarded(text) == MARK + text
    assert plain(guarded(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_it_would_not_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
    assert plain(text) == text


@pytest.mark.parametrize("text", ["'甲", "'tis", "'3"])
def test_an_apostrophe_another_program_wrote_is_kept(text: str) -> None:
    assert plain(text) == text


SIGNS = st.sampled_from("=+-@＝＋－＠﹦﹢﹣﹫'\t\r\n \u00a0\u200b\ufeff　\x0b\x00a甲1\"，,;")


@given(st.one_of(st.text(), st.text(SIGNS)))
def test_every_text_comes_back(text: str) -> None:
    assert plain(guarded(text)) == text


@given(st.one_of(st.text(), st.text(SIGNS)))
def test_no_text_that_is_written_begins_as_a_formula(text: str) -> None:
    written = guarded(text)

    assert not written or written[0] not in "=+-@＝＋－＠\t\r\n"


@given(st.lists(st.text(SIGNS.filter(lambda sign: sign != "\x00")), min_size=1, max_size=5))
def test_every_row_comes_back_through_a_file(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([guarded(cell) for cell in cells])

    (row,) = csv.reader(io.StringIO(file.getvalue(), newline=""))

    assert [plain(cell) for cell in row] == cells


@given(text=st.text())
def test_no_guarded_text_begins_as_a_formula_behind_blanks(text: str) -> None:
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", ["演示甲", "12", "", "'plain", "a=b"])
def test_a_text_of_other_programs_is_left_alone(text: str) -> None:
    assert plain(text) == text
