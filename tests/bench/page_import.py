"""A list of people through the pages, in a real browser against the real server and worker: how fast, how large.

`python -m tests.bench --only page-import --rows 1000000`.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from tests.bench import ground, importing
from tests.bench.report import Line

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bulou.cli.serving import Server
    from bulou.directory.models import Account

SIZE, PORT = 100_000, 8190
CHROMIUM = "/usr/bin/chromium"
HOUR = 3_600_000.0
"""Milliseconds: nobody waits longer for a page."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file on its way through the pages: seconds to send, rehearse and take in; how many people came."""

    sent: float
    rehearsed: float
    taken: float
    created: int


def measure(size: int = SIZE) -> list[Line]:
    """New people sent, matched, rehearsed and taken in, and what each process had at most; rows must add up."""
    from bulou.cli import serving

    account = _desk()
    with tempfile.TemporaryDirectory() as folder, serving.start(serving.free_port(PORT)) as server:
        path = Path(folder) / "people.csv"
        importing.write(path, size, first=20 * size)
        with _browser(server.url, ground.session(account)) as page:
            passed = _pass(page, server.url, path, size)
        web, work = _peaks(server)
    if passed.created != size:
        raise AssertionError(passed)
    return [
        Line("import", f"{size:,} new people through the pages: sent", f"{size / passed.sent:,.0f}/s", "", passed.sent),
        Line("import", "… rehearsed", f"{size / passed.rehearsed:,.0f}/s", "", passed.rehearsed),
        Line("import", "… taken in", f"{size / passed.taken:,.0f}/s", "", passed.taken),
        Line("import", "… memory of a web process at its peak", f"{web:.0f} MiB", "≤ 512 MiB"),
        Line("import", "… memory of the worker at its peak", f"{work:.0f} MiB", "≤ 512 MiB"),
    ]


def _desk() -> "Account":
    from bulou.directory.models import Account, Unit, UnitRole
    from bulou.directory.scope import everywhere

    with everywhere():
        unit, _ = Unit.objects.get_or_create(name="测试市指挥部", area_id="1201", synthetic=True)
        UnitRole.objects.get_or_create(unit=unit, role="city_command", defaults={"area": "1201"})
        account, _ = Account.objects.get_or_create(
            username="bench-import", unit=unit, role="city_command", synthetic=True
        )
    return account


@contextmanager
def _browser(url: str, session: str) -> "Iterator[Page]":
    """A page of somebody signed in. Django's guard against the browser's event loop is lifted meanwhile."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = chromium.new_context(locale="zh-CN")
            context.add_cookies([{"name": "bulou-session", "value": session, "url": url}])
            context.set_default_timeout(HOUR)
            yield context.new_page()
            chromium.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _pass(page: "Page", url: str, path: Path, size: int) -> Passed:
    page.goto(f"{url}imports/new/")
    page.set_input_files("#file", path)
    with ground.watch() as sent:
        page.get_by_role("button", name="对照表头").click()
        page.get_by_role("button", name="试算").wait_for()
    with ground.watch() as rehearsed:
        page.get_by_role("button", name="试算").click()
        page.get_by_role("link", name="查看结果").click()
        page.get_by_text("还没有存入").wait_for()
    _accounted(page, size)
    with ground.watch() as taken:
        page.get_by_role("button", name="导入：新增和更新").click()
        page.get_by_role("link", name="查看结果").click()
        page.get_by_role("button", name="撤销整批导入").wait_for()
    return Passed(sent[0], rehearsed[0], taken[0], _accounted(page, size)[0])


def _accounted(page: "Page", size: int) -> list[int]:
    """How many rows were new, changed, unchanged and refused: together as many as were in the file."""
    rows, *became = [int(re.sub(r"\D", "", told)) for told in page.locator(".sum b, .sum .n").all_inner_texts()]
    if rows != size or sum(became) != size or len(became) != 4:
        raise AssertionError((rows, became))
    return became


def _peaks(server: "Server") -> tuple[float, float]:
    """MiB the hungriest web process and the hungriest process beside them had at most."""
    web = [server.process.pid, *_children(server.process.pid)]
    beside = [pid for process in server.beside for pid in (process.pid, *_children(process.pid))]
    return max(map(_most, web)), max(map(_most, beside))


def _children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _most(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
