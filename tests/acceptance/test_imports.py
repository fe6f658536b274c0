"""A list from the desk, in a real browser: sent, matched, rehearsed, taken in, undone; refused with what to do."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from bulou.directory.models import Person
from bulou.exchange.exports.files import path_of
from bulou.exchange.exports.models import Export
from bulou.exchange.jobs.models import Job
from bulou.exchange.jobs.running import execute
from bulou.oversight.drills import tianjin
from web.world import World

from . import bad_files
from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
LIST = "姓名,手机,所属社区\n演示丙,19900000011,蓉芳里社区\n演示丁,123,蓉芳里社区\n"
TIANJIN = Path(tianjin.__file__).parents[1] / "data" / "tianjin-2020" / "cases.csv"


def send(page: Page, name: str, content: bytes, kind: str = "people") -> None:
    """A file sent from the form; its headings come next, or why it is refused."""
    page.goto(f"{page.url.partition('/imports/')[0]}/imports/new/?kind={kind}")
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="对照表头").click()


def take_in(page: Page, rows: int) -> None:
    """Rehearsed and taken in: so many rows are new or changed."""
    page.get_by_role("button", name="试算").click()
    page.get_by_role("button", name=f"导入：新增和更新 {rows} 行").click()
    expect(page.get_by_text("已导入", exact=True)).to_be_visible()


def test_a_list_is_sent_matched_rehearsed_taken_in_and_undone(world: World, visit: Begin, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, "gb18030")
    page = visit(world.commander).open("/imports/")

    page.get_by_role("link", name="Import a file").click()
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Match headings").click()
    expect(page.get_by_label("手机")).to_have_value("phone")
    page.get_by_role("button", name="Rehearse").click()

    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    expect(page.get_by_text("Not a phone number").first).to_be_visible()
    page.get_by_role("button", name="Import: 1 new or changed row").click()

    expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()


def test_cells_are_pasted_on_a_phone(world: World, visit: Begin) -> None:
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.open("/imports/new/")

    page.get_by_label("Or paste cells").fill("姓名\t手机\n演示丙\t19900000011")
    page.get_by_role("button", name="Match headings").click()
    expect(page.get_by_role("heading", name="What the headings mean")).to_be_visible()

    assert not visited.is_wider_than_its_window()


def test_every_file_that_cannot_be_taken_says_why_and_what_to_do(world: World, visit: Begin) -> None:
    visited = visit(world.commander, "zh-hans")
    page = visited.open("/imports/new/")

    for bad in bad_files.refused_whole():
        send(page, bad.name, bad.content)
        alert = page.get_by_role("alert")
        expect(alert, bad.name).to_contain_text("文件没有导入")
        expect(alert, bad.name).to_contain_text(bad.says)

    with world.everywhere():
        assert not Person.objects.filter(name__startswith="演示").exists()
    visited.complaints[:] = [told for told in visited.complaints if "422" not in told]


def test_bad_rows_come_back_with_why_and_the_good_ones_are_taken(world: World, visit: Begin) -> None:
    page = visit(world.commander, "zh-hans").open("/imports/new/")

    for bad in bad_files.refused_in_part():
        send(page, bad.name, bad.content)
        page.get_by_role("button", name="试算").click()
        refused = page.get_by_role("region", name="退回的行").or_(page.locator("#refused").locator("xpath=../.."))
        expect(refused.first, bad.name).to_contain_text(bad.says)
        expect(page.get_by_role("link", name="下载退回的行及原因"), bad.name).to_be_visible()


def test_a_title_above_the_headings_and_a_column_nobody_knows_do_not_stand_in_the_way(
    world: World, visit: Begin
) -> None:
    page = visit(world.commander, "zh-hans").open("/imports/new/")

    send(page, "双表头.xlsx", bad_files.two_headings())
    expect(page.get_by_label("身份证号")).to_have_value("id_number")
    take_in(page, 1)

    send(page, "生列.csv", bad_files.unknown_column())
    expect(page.get_by_label("甲骨")).to_have_value("")
    page.get_by_role("button", name="试算").click()
    expect(page.locator(".tile").filter(has_text="未变")).to_contain_text("1")


def test_line_lists_of_other_systems_are_taken_in(world: World, visit: Begin) -> None:
    page = visit(world.commander, "zh-hans").open("/imports/new/")

    send(page, "sormas.csv", bad_files.sormas(), "cases")
    page.get_by_label("现住地编码").first.fill("120101001001")
    take_in(page, 2)

    send(page, "godata.json", bad_files.godata(), "cases")
    page.get_by_label("现住地编码").first.fill("120101001001")
    page.get_by_label("病种").first.select_option("covid-19-2020")
    take_in(page, 1)


def test_the_line_list_of_tianjin_is_taken_in_as_it_was_published(world: World, visit: Begin) -> None:
    page = visit(world.commander, "zh-hans").open("/imports/new/")

    send(page, "cases.csv", TIANJIN.read_bytes(), "cases")
    page.get_by_label("case_id").select_option("case_no")
    page.get_by_label("symptom_onset").select_option("onset_on")
    page.get_by_label("confirm_date").select_option("at")
    page.get_by_label("病例分类").first.select_option("episode.confirmed")
    page.get_by_label("病种").first.select_option("covid-19-2020")
    page.get_by_label("现住地编码").first.fill("120101001001")
    page.get_by_role("button", name="试算").click()

    page.get_by_role("button", name="导入：新增和更新").click()
    expect(page.get_by_text("已导入", exact=True)).to_be_visible()
    expect(page.locator(".sum")).to_contain_text("135")


def test_from_a_list_to_the_file_opened_again(world: World, visit: Begin, tmp_path: Path) -> None:
    visited = visit(world.commander, "zh-hans", accept_downloads=True)
    page = visited.open("/people/")

    page.get_by_role("link", name="导出").click()
    page.get_by_label("用途是什么？").select_option("report")
    page.get_by_role("button", name="生成文件").click()
    page.wait_for_url("**/exports/*/")
    with world.everywhere():
        export = Export.objects.get()
        job = Job.objects.get(args__export=str(export.id))
    execute(job.id)
    page.reload()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载文件").click()

    target = tmp_path / fetched.value.suggested_filename
    fetched.value.save_as(target)
    sheet = openpyxl.load_workbook(target).worksheets[1]
    assert sheet["A1"].value == "姓名或名称"
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"甲", "乙"}
    assert target.read_bytes() == path_of(export.id, "xlsx").read_bytes()
