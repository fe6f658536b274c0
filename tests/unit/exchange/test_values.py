"""Cells are read as offices write them; what a spreadsheet ruined is refused, never repaired."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bulou.exchange.imports.columns import column
from bulou.exchange.imports.refusing import CellError
from bulou.exchange.imports.values import READERS, shows_day_first
from bulou.kernel.clock import SHANGHAI

WITH_OPTIONS = column("degree", "级别", "Degree", options={"close": ("密接", "close contact"), "general": ("一般",)})


def read(how: str, cell: Any) -> Any:
    return READERS[how](cell, WITH_OPTIONS)


@pytest.mark.parametrize(
    "cell",
    [
        *("2020-02-03", "2020/2/3", "2020.2.3", "2020年2月3日", "20200203", "２０２０-０２-０３", " 2020-02-03 "),
        *("2020-02-03 10:30", "2020-02-03T00:00:00.000Z", 20200203.0, date(2020, 2, 3)),
        datetime(2020, 2, 3, 10, 30),  # noqa: DTZ001 - as a spreadsheet has it
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert read("date", cell) == date(2020, 2, 3)


@pytest.mark.parametrize(("cell", "day"), [("13/02/2020", 13), ("02/13/2020", 13), ("02/02/2020", 2)])
def test_a_slashed_day_is_read_where_it_can_only_be_one(cell: str, day: int) -> None:
    assert read("date", cell) == date(2020, 2, day)


@pytest.mark.parametrize("cell", ["", "昨天", "2020-02-30", "2020-13-01", 43864.0, "03/04/2020", "2020-02-03 25:00"])
def test_what_is_no_day_is_refused(cell: Any) -> None:
    with pytest.raises(CellError):
        read("date", cell)


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("2020-02-03", 0, 0),
        ("2020-02-03 08:30", 8, 30),
        ("2020年2月3日8时30分", 8, 30),
        ("2020/2/3 8:30:00", 8, 30),
        ("2020-02-03T08:30:00+08:00", 8, 30),
        ("2020-02-03T00:30:00Z", 8, 30),
        (datetime(2020, 2, 3, 8, 30), 8, 30),  # noqa: DTZ001 - as a spreadsheet has it
        (datetime(2020, 2, 3, 0, 30, tzinfo=UTC), 8, 30),
    ],
)
def test_an_instant_without_a_zone_is_chinas(cell: Any, hour: int, minute: int) -> None:
    assert read("instant", cell) == datetime(2020, 2, 3, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("how", "cell", "value"),
    [
        ("text", 12.0, "12"),
        ("text", "'=1+1", "'=1+1"),
        ("text", "'plain", "'plain"),
        ("option", "密接", "close"),
        ("option", "Close Contact", "close"),
        ("option", "CLOSE", "close"),
        ("count", "12", 12),
        ("count", 12.0, 12),
        ("number", "36.6℃", 36.6),
        ("truth", "是", True),
        ("truth", "No", False),
        ("code", "School", "school"),
        ("country", "中国", "CHN"),
        ("country", "kaz", "KAZ"),
        ("phone", 13800000001.0, "13800000001"),
        ("phone", "022-12345678", "022-12345678"),
        ("id_number", " 110105194912310021 ", "110105194912310021"),
        ("list:option", "密接、一般", ["close", "general"]),
        ("subject", "person:00000000-0000-0000-0000-000000000001", "person:00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_cell_is_read_as_its_column_holds(how: str, cell: Any, value: Any) -> None:
    assert read(how, cell) == value


@pytest.mark.parametrize(
    ("how", "cell", "code"),
    [
        ("id_number", 110105194912310021, "ruined"),
        ("id_number", 1.10105194912310021e17, "ruined"),
        ("id_number", "1.10105E+17", "ruined"),
        ("phone", 2212345678.0, "lost_zero"),
        ("phone", "1.38E+10", "ruined"),
        ("area", "1.2E+11", "ruined"),
        ("option", "不知道", "option"),
        ("count", "1.5", "count"),
        ("number", "三十六", "number"),
        ("truth", "也许", "truth"),
        ("code", "学校", "code"),
        ("country", "X", "country"),
        ("roles", "不存在", "roles"),
        ("subject", "张三", "subject"),
        ("text", "a\x00b", "control"),
    ],
)
def test_what_cannot_be_read_says_why_in_both_languages(how: str, cell: Any, code: str) -> None:
    with pytest.raises(CellError) as caught:
        read(how, cell)

    assert caught.value.code == code
    assert caught.value.zh and caught.value.en


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("25/01/2020", True), ("01/25/2020", False), ("05/01/2020", None), ("2020-01-25", None), (3, None)],
)
def test_a_day_above_twelve_shows_which_is_the_day(cell: Any, shown: bool | None) -> None:
    assert shows_day_first(cell) is shown


@pytest.mark.parametrize(("first", "day"), [(True, date(2020, 1, 5)), (False, date(2020, 5, 1))])
def test_where_the_file_shows_the_order_a_day_is_not_ambiguous(first: bool, day: date) -> None:
    dated = column("x", "日期", "Date", reads="date", day_first=first)

    assert READERS["date"]("05/01/2020", dated) == day
