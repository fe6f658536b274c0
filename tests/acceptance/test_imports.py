"""A list from the desk: sent, matched, rehearsed, taken in, undone, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from web.world import World

from .conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
LIST = "姓名,手机,所属社区\n演示丙,19900000011,蓉芳里社区\n演示丁,123,蓉芳里社区\n"


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
