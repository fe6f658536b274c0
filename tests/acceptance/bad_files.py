"""One file for each way a file can be bad, made on the spot: what the page must say of it, in Chinese."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

VILLAGE = "120101001001"
HEAD = ("姓名", "身份证号", "手机", "出生日期", "属地")
GOOD = ("演示甲", "11010519491231002X", "19900000001", "1949-12-31", VILLAGE)
CAP = 65_536
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Bad:
    """A file, and what is said of it: `whole` where nothing of it is taken."""

    name: str
    content: bytes
    says: str
    whole: bool = True


def text(rows: Rows, encoding: str = "utf-8-sig") -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def book(rows: Rows, formula: str = "") -> bytes:
    """A workbook: texts as text, numbers as numbers; with `formula` in a cell whose value was never saved."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell) if isinstance(cell, str) else sheet.write(at, place, cell)
        if formula:
            sheet.write_formula(len(rows), 0, formula, None, "")
    return target.getvalue()


def packed(content: bytes, **more: bytes) -> bytes:
    """A workbook with parts more."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, part in more.items():
            new.writestr(name, part)
    return target.getvalue()


def changed(place: int, value: Any) -> list[Any]:
    row: list[Any] = list(GOOD)
    row[place] = value
    return row


def refused_whole() -> Iterator[Bad]:
    """Files of which nothing is taken."""
    yield Bad("空.csv", b"", "文件是空的")
    yield Bad("只有表头.csv", text([HEAD]), "没有数据行")
    yield Bad("截断.csv", b"name\n" + b"x\n" * (CAP - 1), "行数上限")
    yield Bad("宏.xlsm", book([HEAD, GOOD]), "含宏的文件不收")
    yield Bad("藏宏.xlsx", packed(book([HEAD, GOOD]), **{"xl/vbaProject.bin": b"x"}), "含宏的文件不收")
    yield Bad("公式.xlsx", book([HEAD, GOOD], "=A1"), "公式没有存下结果")
    yield Bad("炸弹.xlsx", packed(book([HEAD, GOOD]), **{"xl/media/x.bin": b"\0" * (40 << 20)}), "大得不正常")
    yield Bad("坏.xlsx", book([HEAD, GOOD])[:900], "已损坏")
    yield Bad("改名.xlsx", text([HEAD, GOOD]), "改过扩展名")
    yield Bad("网页.xls", b"<html><table><tr><td>x</td></tr></table></html>", "这是网页")
    yield Bad("乱码.csv", b"\xff\xfd\x81\xff,\x80\n\xff,\x80\n", "既不是 UTF-8 也不是 GB18030")
    yield Bad("长格.csv", text([HEAD, changed(0, "长" * 200_000)]), "读不下去")
    yield Bad("说明.docx", b"PK\x03\x04", "不认识 .docx")


def refused_in_part() -> Iterator[Bad]:
    """Files whose bad rows come back, while the one good row is taken."""

    def rows(*bad: Sequence[Any]) -> Rows:
        other = ("演示乙", "", "19900000009", "1970-01-02", VILLAGE)
        return [HEAD, other, *bad]

    yield Bad("科学计数.csv", text(rows(changed(1, "1.10105E+17"))), "末几位或开头的 0 已丢失", whole=False)
    yield Bad("数字证件.xlsx", book(rows(changed(1, 110105194912310021))), "无法还原", whole=False)
    yield Bad("丢零.xlsx", book(rows(changed(2, 2212345678))), "开头的 0 可能已丢失", whole=False)
    yield Bad("校验位.csv", text(rows(changed(1, "110105194912310021")), "gb18030"), "校验位不对", whole=False)
    yield Bad("日期.csv", text(rows(changed(3, "2020-13-01"))), "不是日期", whole=False)
    yield Bad("月日.csv", text(rows(changed(3, "03/04/2020"))), "分不清哪个是月", whole=False)
    yield Bad("外地.csv", text(rows(changed(4, "450103"))), "不在您的属地范围内", whole=False)
    yield Bad("地名.csv", text(rows(changed(4, "没有的社区"))), "找不到属地", whole=False)
    yield Bad("重复.csv", text(rows(GOOD, changed(0, "演示丁"))), "说的是同一个对象", whole=False)
    yield Bad("多格.csv", text(rows([*GOOD, "多出来的"])), "单元格比表头多", whole=False)
    yield Bad("控制符.csv", text(rows(changed(0, "演示\x07甲"))), "看不见的控制字符", whole=False)
    yield Bad("缺名.csv", text(rows(changed(0, ""))), "缺少姓名", whole=False)


def two_headings() -> bytes:
    """A title and a heading over it, as clerks lay lists out."""
    return book([["和平区演示名单", "", "", "", ""], ["", "", "", "", ""], HEAD, GOOD])


def unknown_column() -> bytes:
    return text([[*HEAD, "甲骨"], [*GOOD, "卜"]])


SORMAS_HEAD = [
    ["Case", "Case", "Person", "Person", "Person", "Person", "Person", "Person", "Case", "Case"],
    [
        *("disease", "externalID", "person.firstName", "person.lastName", "person.sex", "person.birthdateDD"),
        *("person.birthdateMM", "person.birthdateYYYY", "caseClassification", "reportDate"),
    ],
]


def sormas() -> bytes:
    """A line list as SORMAS writes it, month first."""
    rows = [
        ["CORONAVIRUS", "DEMO-1", "Ann", "Demo", "FEMALE", "1", "2", "1980", "CONFIRMED", "01/31/2020"],
        ["CORONAVIRUS", "DEMO-2", "Bob", "Demo", "MALE", "", "", "", "SUSPECT", "02/03/2020"],
    ]
    return text([*SORMAS_HEAD, *rows])


def godata() -> bytes:
    """Cases as Go.Data writes them."""
    reference = "LNG_REFERENCE_DATA_CATEGORY"
    case = {
        "firstName": "Cai",
        "lastName": "Demo",
        "gender": f"{reference}_GENDER_FEMALE",
        "dob": "1980-02-01T00:00:00.000Z",
        "visualId": "DEMO-3",
        "dateOfReporting": "2020-02-03T00:00:00.000Z",
        "classification": f"{reference}_CASE_CLASSIFICATION_CONFIRMED",
        "addresses": [{"phoneNumber": "19900000001", "addressLine1": "演示路1号"}],
    }
    return json.dumps([case]).encode()
