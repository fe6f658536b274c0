"""Refused rows come back in a file like the one that was sent, which can be mended and sent again."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl

from bulou.exchange.imports import reading, returned
from bulou.exchange.imports.models import ImportBatch

from .conftest import VILLAGE, Scope, counts, number

Bring = Callable[..., ImportBatch]
HEAD = ["姓名", "身份证号", "手机号", "所属社区"]
ROWS = [
    HEAD,
    ["演示甲", number(), "19900000001", VILLAGE],
    ["=演示乙", "110105194912310021", "123", VILLAGE],
    ["演示丙", "", "", "不存在社区"],
]


def back(path: Path, batch: ImportBatch, scope: Scope, language: str = "zh") -> Path:
    target = path.with_name(f"back{returned.ending(reading.read(path))}")
    with scope("120101"):
        assert returned.write(reading.read(path), batch, target, language) == batch.rejected
    return target


def test_a_text_comes_back_with_the_refused_rows_and_why(
    bring: Bring, make_csv: Callable[..., Path], scope: Scope
) -> None:
    path = make_csv(ROWS)

    target = back(path, bring("people", path), scope)

    with target.open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file)
    assert head == [*HEAD, "问题与处理"]
    assert first[:4] == ["'=演示乙", *ROWS[2][1:]], "no spreadsheet takes it for a formula"
    assert "身份证号：" in first[4] and "校验位" in first[4]
    assert "手机号：" in first[4]
    assert second[4].startswith("所属社区：找不到属地“不存在社区”")


def test_a_workbook_comes_back_with_the_bad_cells_marked(
    bring: Bring, make_xlsx: Callable[..., Path], scope: Scope
) -> None:
    path = make_xlsx(ROWS)

    target = back(path, bring("people", path), scope, "en")

    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == [*HEAD, "What is wrong, what to do"]
    assert sheet["A2"].data_type == "s"
    marked = [cell.coordinate for row in sheet["A2:D3"] for cell in row if cell.fill.fgColor.rgb == "FFF8D7DA"]
    assert marked == ["B2", "C2", "D3"]
    assert "The check digit is wrong" in str(sheet["E2"].value)


def test_what_came_back_is_mended_and_sent_again(bring: Bring, make_csv: Callable[..., Path], scope: Scope) -> None:
    path = make_csv(ROWS)
    target = back(path, bring("people", path), scope)
    text = target.read_text("utf-8-sig").replace("110105194912310021", number(4)).replace(",123,", ",,")
    target.write_text(text.replace("不存在社区", "蓉芳里社区"), "utf-8-sig")

    assert counts(bring("people", target)) == (2, 0, 0, 0)
