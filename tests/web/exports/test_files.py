"""Every list as a file of every format: the rows of the page, what they are, and no formula among them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.directory.services import NewPerson
from bulou.exchange.exports import writing
from bulou.exchange.exports.sources import Head, sources
from bulou.exchange.exports.writing import FORMATS, About, XlsxWriter
from bulou.kernel.cells import plain
from bulou.kernel.errors import BulouError
from bulou.web.lists.spec import LISTS, Column

from .conftest import Make, read_csv, read_json, read_xlsx

EVERY = (
    *("people", "places", "units", "cases", "misses", "duties", "transit", "enrolments", "zones", "arrivals"),
    *("findings", "tours"),
)
OF_SOME = ("accounts", "looks", "alerts")
"""Lists of administrators, and of one's own unit."""
NAMES = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "'=1", "'", "=cmd|' /C calc'!A0"]


@pytest.fixture
def english(world: Any) -> Account:
    Account.objects.filter(pk=world.commander.pk).update(language="en")
    return Account.objects.get(pk=world.commander.pk)


def test_the_lists_of_the_product_can_be_taken_out() -> None:
    assert set(sources()) >= {*EVERY, *OF_SOME}


def test_a_list_whose_columns_say_nothing_plain_is_no_file() -> None:
    assert [name for name in sources() if name in LISTS and not LISTS[name].goes_out] == []
    assert not replace(LISTS["people"], columns=[Column("x", "X", "x.html")]).goes_out


@pytest.mark.parametrize("name", [*EVERY, *OF_SOME])
def test_every_column_says_something_plain(name: str, world: Any) -> None:
    assert name in sources()
    made = LISTS[name]

    assert [column.name for column in (*made.columns, *made.more) if column.says is str] == []


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", EVERY)
def test_every_list_is_made_in_every_format(name: str, format: str, world: Any, make: Make) -> None:
    world.happen(
        "episode.confirmed",
        f"episode:{world.first.pk}",
        datetime(2020, 2, 9, 1, tzinfo=UTC),
        person=f"person:{world.first.pk}",
        disease="covid-19-2020",
        severity="mild",
        origin="local",
    )
    hands = {"from": f"unit:{world.village.pk}", "to": f"unit:{world.county.pk}"}
    world.happen("handover.requested", f"person:{world.first.pk}", datetime(2020, 2, 10, 1, tzinfo=UTC), **hands)
    world.happen("zone.set", f"zone:{world.first.pk}", datetime(2020, 2, 9, 1, tzinfo=UTC), unit_kind="building")
    tour = {"tour": str(world.first.pk), "name": "round"}
    world.happen("inspection.planned", f"area:{world.village.area_id}", datetime(2020, 2, 9, 1, tzinfo=UTC), **tour)
    world.happen("finding.raised", f"unit:{world.village.pk}", datetime(2020, 2, 9, 1, tzinfo=UTC), words="no watch")
    world.happen("person.enrolled", f"person:{world.first.pk}", datetime(2020, 2, 9, 1, tzinfo=UTC), category="arrival")
    world.happen("arrival.declared", f"person:{world.first.pk}", datetime(2020, 2, 9, 1, tzinfo=UTC), risk="high")
    with everywhere():
        directory.place_register("第一小学", "school", "120101001001")

    path = make(world.commander, name, format)

    assert path.stat().st_mode & 0o777 == 0o600
    rows = {
        "csv": lambda: len(read_csv(path)) - 1,
        "json": lambda: len(read_json(path)["rows"]),
        "xlsx": lambda: len(read_xlsx(path)[1]) - 1,
    }[format]()
    assert rows > 0


def test_people_come_out_with_their_numbers_masked(world: Any, make: Make, english: Account) -> None:
    heads, *rows = read_csv(make(english))

    assert heads == ["Name", "Sex", "Age", "Phone", "Area", "ID number", "Address", "Area code"]
    assert rows == [
        ["乙", "female", "", "199****0002", "蓉芳里社区", "", "滨江道88号****", "120101001001"],
        ["甲", "male", "", "199****0001", "蓉芳里社区", "", "滨江道88号****", "120101001001"],
    ]


def test_the_header_is_in_the_language_of_whoever_asked(world: Any, make: Make) -> None:
    assert read_csv(make(world.commander))[0][:3] == ["姓名或名称", "性别", "年龄"]


def test_numbers_and_addresses_come_out_in_full_where_asked_and_allowed(world: Any, make: Make) -> None:
    with everywhere():
        home = directory.household_register("120101001001", "滨江道88号3门201", synthetic=True)
        directory.person_register(
            NewPerson(
                "丙", "120101001001", home.pk, id_number="11010519491231002X", phone="19900000003", synthetic=True
            )
        )

    full = read_json(make(world.commander, "people", "json", "find=丙", full=True))["rows"][0]
    masked = read_json(make(world.commander, "people", "json", "find=丙"))["rows"][0]

    assert (full["id_number"], full["phone"], full["address"]) == (
        "11010519491231002X",
        "+8619900000003",
        "滨江道88号3门201",
    )
    assert (masked["id_number"], masked["phone"], masked["address"]) == (
        "110105********002X",
        "199****0003",
        "滨江道88号****",
    )
    assert full["age"] == 70


def test_a_file_has_what_the_address_asks_for_and_says_so(world: Any, make: Make, english: Account) -> None:
    said = read_json(make(english, "people", "json", "sex=male&cols=name&sort=-name"))

    assert [row["name"] for row in said["rows"]] == ["甲"]
    assert "phone" not in said["columns"]
    assert said["about"]["Sex"] == "male"
    assert said["about"]["Rows"] == "1"


def test_rows_are_in_the_order_the_page_has(world: Any, make: Make) -> None:
    up = [row[0] for row in read_csv(make(world.commander, query="sort=name"))[1:]]
    down = [row[0] for row in read_csv(make(world.commander, query="sort=-name"))[1:]]
    by_sex = [row[1] for row in read_csv(make(world.commander, query="sort=sex"))[1:]]

    assert up == down[::-1]
    assert by_sex == ["女", "男"]


def test_a_file_has_only_what_its_account_sees(world: Any, make: Make, make_unit: Any, make_account: Any) -> None:
    town = make_account("town", make_unit("河东区指挥部", "120102", "county_command"), "county_command")

    assert read_csv(make(town))[1:] == []
    assert len(read_csv(make(world.commander))[1:]) == 2


def test_duties_come_out_with_their_times_as_excel_knows_them(world: Any, make: Make, english: Account) -> None:
    about, (heads, *rows) = read_xlsx(make(english, "misses", "xlsx"))

    due = [row[heads.index("Due")] for row in rows]
    assert min(due).isoformat() == "2020-02-08T12:00:00"
    assert about["List"] == "Misses"
    assert about["As of"] == "2020-02-10 12:30:00 +0800"
    assert about["Area"] == "和平区 120101"
    assert about["Who"] == "command · 和平区指挥部"
    assert about["Purpose"] == "report"
    assert int(about["Rows"]) == len(rows)


def test_the_rows_of_a_file_are_those_of_the_page(world: Any, make: Make, enter: Any) -> None:
    page = enter(world.commander, "en").get("/misses/").text
    rows = read_csv(make(Account.objects.get(pk=world.commander.pk), "misses"))[1:]

    assert page.count('class="choose no-print"><label><input type="checkbox" name="row"') == len(rows)


@pytest.fixture
def risky(world: Any) -> list[str]:
    with everywhere():
        for name in NAMES:
            directory.place_register(f"{name}", "school", "120101001001")
    return sorted(NAMES)


def test_no_cell_of_an_excel_file_is_a_formula(risky: list[str], world: Any, make: Make) -> None:
    path = make(world.commander, "places", "xlsx")

    cells = [cell for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert sorted(row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python()[1:]) == risky


def test_no_cell_of_a_csv_file_begins_as_a_formula_and_all_come_back(risky: list[str], world: Any, make: Make) -> None:
    rows = read_csv(make(world.commander, "places"))[1:]

    written = [row[0] for row in rows]
    assert [cell for cell in written if cell[0] in "=+-@＝＋－＠\t\r"] == []
    assert sorted(map(plain, written)) == risky


def test_a_filter_that_looks_like_a_formula_is_none_in_the_sheet_about_the_file(world: Any, make: Make) -> None:
    path = make(world.commander, "people", "xlsx", "find=%3D1%2B1")

    cells = [cell for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


HEADS = [Head("a", "A")]
ABOUT = About("t", [("a", "b")])


def test_excel_goes_on_on_the_next_sheet_where_one_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    writer = XlsxWriter(tmp_path / "x.xlsx", HEADS, "About")
    for number in range(7):
        writer.row([number])
    writer.close(ABOUT)

    sheets = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets
    assert [sheet.max_row for sheet in sheets[1:]] == [4, 4, 2]
    assert all(sheet["A1"].value == "A" for sheet in sheets[1:])


def test_a_text_too_long_for_excel_is_told_not_cut(tmp_path: Path) -> None:
    writer = XlsxWriter(tmp_path / "x.xlsx", HEADS, "About")

    with pytest.raises(BulouError, match="CSV or JSON"):
        writer.row(["x" * 32_768])
    writer.abandon()


@pytest.mark.parametrize("value", ["11010519491231002X", "012", "1E5", "甲\n乙", "http://x.example", "_x0041_", "TRUE"])
def test_excel_keeps_a_text_a_text(value: str, tmp_path: Path) -> None:
    writer = XlsxWriter(tmp_path / "x.xlsx", HEADS, "About")
    writer.row([value])
    writer.close(ABOUT)

    (cell,) = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[1]["A2":"A2"][0]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(1).to_python()[1] == [value]


def test_nothing_is_left_of_an_export_that_fails(
    world: Any, ask: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .conftest import do

    def broken(self: object, cells: object) -> None:
        raise RuntimeError

    for format, writer in FORMATS.items():
        export = ask(world.commander, format=format)
        monkeypatch.setattr(writer, "row", broken)
        assert do(export).state == "failed"

    assert list(folder.iterdir()) == []
