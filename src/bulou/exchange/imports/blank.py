"""A workbook to fill in for each kind of file: headings, what each means, lists to choose from, made-up examples."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

from bulou.exchange.imports.columns import Column
from bulou.exchange.imports.kinds import Kind
from bulou.kernel.text import Text

TO_FILL = 5_000
"""Rows that are set to text and have the lists to choose from."""
LONGEST_LIST = 255
"""Characters a list in a cell may have."""
SHEET, ABOUT = Text(zh="数据", en="Data"), Text(zh="填写说明", en="How to fill in")
HEAD = (
    Text(zh="列", en="Column"),
    Text(zh="必填", en="Required"),
    Text(zh="怎么填", en="What to write"),
    Text(zh="例（演示数据，请删除）", en="Example (made up, delete it)"),
)
HOW: Mapping[str, Text] = {
    "text": Text(zh="文字", en="Text"),
    "date": Text(zh="日期，如 2020-02-03", en="A day, such as 2020-02-03"),
    "instant": Text(zh="日期时间，如 2020-02-03 08:00", en="Day and time, such as 2020-02-03 08:00"),
    "id_number": Text(zh="证件号码，单元格须为文本", en="Number of the document; the cell must be text"),
    "phone": Text(
        zh="手机 11 位；座机加区号；单元格须为文本", en="A mobile, or a landline with its area code; as text"
    ),
    "area": Text(
        zh="区划代码（村居 12 位），或街道加社区名称", en="The area's code (12 digits), or town and community"
    ),
    "count": Text(zh="整数", en="A whole number"),
    "number": Text(zh="数字", en="A number"),
    "truth": Text(zh="是 或 否", en="Yes or no"),
    "country": Text(zh="三位国家代码，如 CHN", en="A country's three letters, such as CHN"),
    "unit": Text(zh="单位全称", en="The unit's full name"),
    "episode": Text(zh="病例编号", en="The number of the case"),
    "roles": Text(zh="职责，几项用顿号隔开", en="Roles, with commas between"),
    "code": Text(zh="英文代码，如 school", en="A code, such as school"),
    "subject": Text(zh="系统编号，一般不填", en="An id of this system; usually left empty"),
}
IN_PARTS = ("family_name", "given_name", "birth_year", "birth_month", "birth_day", "subject", "fact", "household")
"""Fields other systems send in pieces, or by their ids; nobody is asked to fill them in."""
NOTES = (
    Text(
        zh="本表可直接导入。表头可以改成平时的叫法，多余的列会问您。",
        en="Import this file as it is. Headings may be yours.",
    ),
    Text(
        zh="例行是演示数据，请删除后再填。空单元格不改动已有内容。",
        en="Delete the example. An empty cell changes nothing.",
    ),
    Text(
        zh="有问题的行会连同原因退回，其余的行照常导入。", en="Rows with something wrong come back; the others go in."
    ),
)


def workbook(kind: Kind, language: str) -> bytes:
    """The workbook of a kind, in a language."""
    target = BytesIO()
    columns = [column for column in kind.columns if column.field not in IN_PARTS]
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        _data(book, columns, language)
        _about(book, kind, columns, language)
    return target.getvalue()


def _data(book: Any, columns: list[Column], language: str) -> None:
    sheet = book.add_worksheet(SHEET.to(language))
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(columns):
        style = {"bold": True, "bottom": 1, "bg_color": "#FFF3CD" if column.required else "#E7F0FA"}
        sheet.write_string(0, place, column.title.to(language), book.add_format(style))
        sheet.set_column(place, place, 20, text)
        sheet.write_string(1, place, column.example, text)
        choices = _choices(column, language)
        if choices and len(",".join(choices)) <= LONGEST_LIST:
            sheet.data_validation(
                1, place, TO_FILL, place, {"validate": "list", "source": choices, "ignore_blank": True}
            )
    sheet.freeze_panes(1, 0)


def _about(book: Any, kind: Kind, columns: list[Column], language: str) -> None:
    sheet = book.add_worksheet(ABOUT.to(language))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, kind.title.to(language), bold)
    for row, note in enumerate(NOTES, 1):
        sheet.write_string(row, 0, note.to(language))
    start = len(NOTES) + 2
    for place, head in enumerate(HEAD):
        sheet.write_string(start, place, head.to(language), bold)
    for row, column in enumerate(columns, start + 1):
        choices = _choices(column, language)
        how = HOW.get(column.reads.removeprefix("list:"), HOW["text"]).to(language)
        required = Text(zh="是", en="yes").to(language) if column.required else ""
        for place, said in enumerate((column.title.to(language), required, " / ".join(choices) or how, column.example)):
            sheet.write_string(row, place, said, wrap)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 3, 60)


def _choices(column: Column, language: str) -> list[str]:
    """The words to choose from: in Chinese the first that is written so, in English the values' own letters."""
    english = language.startswith("en")
    return [
        value if english else next((word for word in said if not word.isascii()), value)
        for value, said in column.options.items()
    ]
