"""One file for each kind of bad input: what is wrong is said, what to do, and nothing was taken."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from bulou.exchange.imports import guards, reading
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel.errors import BulouError

from .conftest import VILLAGE, Scope, counts

Bring = Callable[..., ImportBatch]
ROWS = [["姓名", "属地"], ["演示甲", VILLAGE]]


def refused(path: Path, **given: Any) -> str:
    """Why a file is refused."""
    with pytest.raises(BulouError) as caught:
        reading.read(path, **given)
    problem = caught.value.problems[0]
    assert problem.text.zh.startswith("文件没有导入"), "what happened"
    assert problem.text.en.startswith("Nothing was imported")
    return problem.code.removeprefix("import.")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def repacked(path: Path, target: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """A workbook with its parts changed, and parts more."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty"),
        ("list.docx", b"PK\x03\x04", "format"),
        ("list", b"a,b\n1,2\n", "format"),
        ("list.xlsm", b"PK\x03\x04", "macros"),
        ("list.xlsb", b"PK\x03\x04", "macros"),
        ("renamed.xlsx", b"a,b\n1,2\n", "magic"),
        ("renamed.csv", b"PK\x03\x04" + b"x" * 99, "magic"),
        ("pdf.csv", b"%PDF-1.7", "magic"),
        ("binary.csv", b"a,b\0\0\0", "magic"),
        ("page.xls", b"<html><table><tr><td>x</td></tr></table></html>", "magic"),
        ("locked.xlsx", guards.OLE + b"x" * 99, "magic"),
        ("torn.xlsx", b"PK\x03\x04" + b"x" * 99, "magic"),
        ("macro.xls", guards.OLE + b"x" * 99 + guards.VBA, "macros"),
        ("torn.xls", guards.OLE + b"x" * 2000, "damaged"),
        ("latin.csv", "naïve,é\n1,2\n".encode("latin-1") + b"\xff\xff", "encoding"),
        ("heading.csv", "姓名,属地\n".encode(), "rows"),
        ("blank.csv", b"\n\n\n", "headings"),
        ("list.json", b"{}", "json"),
        ("torn.json", b"[{", "json"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path / name, content)) == code


def test_a_cell_too_long_to_be_honest_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path / "long.csv", b"a,b\n" + b"x" * 200_000 + b",1\n")) == "damaged"


def test_a_workbook_that_swells_when_unpacked_is_refused(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = repacked(make_xlsx(ROWS), tmp_path / "bomb.xlsx", lambda _, part: part, bomb=b"0" * (40 * 1024 * 1024))

    assert refused(path) == "bomb"


def test_a_workbook_with_a_macro_inside_is_refused(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = repacked(make_xlsx(ROWS), tmp_path / "m.xlsx", lambda _, part: part, **{"xl/vbaProject.bin": b"x"})

    assert refused(path) == "macros"


def test_a_workbook_that_declares_entities_is_refused(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<workbook", evil + b"<workbook") if name == "xl/workbook.xml" else part

    assert refused(repacked(make_xlsx(ROWS), tmp_path / "e.xlsx", change)) == "magic"


def test_a_formula_without_a_saved_value_is_refused_by_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [*ROWS, ["=A2", VILLAGE]]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "formula.xlsx")

    with pytest.raises(BulouError, match="A3"):
        reading.read(tmp_path / "formula.xlsx")


@pytest.mark.parametrize(
    ("rows", "code"),
    [(65_534, ""), (65_535, "cut"), (65_536, "cut"), (65_537, ""), (1_048_575, "cut"), (1_048_576, "cut")],
)
def test_a_text_that_ends_where_spreadsheets_cut_is_refused(rows: int, code: str, tmp_path: Path) -> None:
    path = written(tmp_path / "cut.csv", "姓名,属地\n".encode() + b"x,1\n" * rows)

    assert (refused(path) if code else "") == code
    assert reading.read(path, whole=True).total == rows, "somebody made sure that it is whole"


def test_an_old_workbook_that_is_full_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    sheet.write(0, 0, "姓名")
    sheet.write(65_535, 0, "演示甲")
    book.save(str(tmp_path / "full.xls"))

    assert refused(tmp_path / "full.xls") == "cut"


def test_a_new_workbook_that_is_full_is_refused(make_xlsx: Callable[..., Path]) -> None:
    import xlsxwriter

    path = make_xlsx(ROWS)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "姓名")
        sheet.write_string(1_048_575, 0, "演示甲")

    assert refused(path) == "cut"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_offices_use(
    encoding: str, bring: Bring, make_csv: Callable[..., Path]
) -> None:
    assert counts(bring("people", make_csv(ROWS, encoding=encoding))) == (1, 0, 0, 0)


def test_old_and_new_workbooks_and_pasted_cells_say_the_same(
    bring: Bring, make_xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for at, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    book.save(str(tmp_path / "old.xls"))
    pasted = written(tmp_path / "pasted.tsv", f"姓名\t属地\n演示甲\t{VILLAGE}\n".encode())

    assert counts(bring("people", tmp_path / "old.xls")) == (1, 0, 0, 0)
    assert counts(bring("people", make_xlsx(ROWS))) == (0, 0, 1, 0)
    assert counts(bring("people", pasted)) == (0, 0, 1, 0)


def test_a_title_above_the_headings_and_blank_rows_are_passed_over(
    bring: Bring, make_xlsx: Callable[..., Path]
) -> None:
    rows = [["演示社区人员名单", ""], ["", ""], *ROWS, ["", ""], ["演示乙", VILLAGE]]

    batch = bring("people", make_xlsx(rows))

    assert counts(batch) == (2, 0, 0, 0)
    assert batch.last_row == 6, "as the spreadsheet counts"


def test_a_row_with_a_stray_comma_is_refused(bring: Bring, tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.csv", f"姓名,属地,地址\n演示甲,{VILLAGE},演示路,1号\n演示乙,{VILLAGE},演示路\n".encode()
    )

    assert counts(bring("people", path)) == (1, 0, 0, 1)


@pytest.mark.parametrize("rows", [[["甲", "乙"], ["1", "2"]], [["姓名", "病例分类"], ["演示甲", "确诊"]]])
def test_headings_that_say_too_little_refuse_the_file_and_leave_nothing(rows: Any, bring: Bring, scope: Scope) -> None:
    with pytest.raises(BulouError, match="no column"):
        bring("cases", rows)

    with scope(""):
        assert ImportBatch.objects.count() == 0
