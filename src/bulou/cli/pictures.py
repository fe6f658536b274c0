"""`bulou pictures`: every page of the demonstration as a picture, at 360 and 1440 px, in both languages."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bulou.cli import serving
from bulou.cli.album import AGAIN, COMMANDER, DARK, FOLLOWED, GRID_WORKER, PAGES, SECURITY, SITE, SYSTEM
from bulou.cli.database import say, start_django
from bulou.kernel.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {1440: 900, 360: 780}
"""Width to height of a picture, px: a desk and a phone."""
LANGUAGES = {"zh": "zh-hans", "en": "en"}
SHELLS = {"zh": "zh-Hans", "en": "en"}
CHROMIUM = "/usr/bin/chromium"
SWITCHES = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars")


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path("docs/pictures"), show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8100, show_default=True, help="端口 · port")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="数据目录 · data directory")
def pictures(folder: Path, port: int, data_dir: Path | None) -> None:
    """页面照片 · Photograph every page of the demonstration (`bulou demo` made before) into a folder."""
    if data_dir:
        os.environ["BULOU_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("BULOU_MFA", "optional")
    from playwright.sync_api import sync_playwright

    from bulou.cli import demo

    start_django("app")
    secret = demo.password(demo._home())
    folder.mkdir(parents=True, exist_ok=True)
    with serving.start(serving.free_port(port)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        count = sum(1 for _ in _every(browser, server.url.rstrip("/"), secret, folder))
        browser.close()
    say(Text(zh=f"{count} 张照片，在 {folder}。", en=f"{count} pictures in {folder}."))


def _every(browser: "Browser", url: str, secret: str, folder: Path) -> Iterator[Path]:
    """Each page in each width and language, in light; some in dark too."""
    for width, height in WIDTHS.items():
        for language in LANGUAGES:
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                )
                yield from _album(context.new_page(), url, secret, folder, f"{width}-{language}", scheme)
                context.close()


def _album(page: "Page", url: str, secret: str, folder: Path, size: str, scheme: str) -> Iterator[Path]:
    language = size.partition("-")[2]
    page.goto(f"{url}/sign-in/")
    _speak(page, url, language)
    if scheme == "light":
        yield _take(page, folder / f"sign-in-{size}.png")
    seen: dict[str, str] = {}
    for account in (COMMANDER, GRID_WORKER, SITE, SYSTEM, SECURITY):
        page.context.clear_cookies()
        _sign_in(page, url, account, secret, language)
        for name, (who, path) in PAGES.items():
            if who == account and (scheme == "light" or name in DARK):
                page.goto(url + path.format(shell=SHELLS[language]))
                dark = "-dark" if scheme == "dark" else ""
                yield _take(page, folder / f"{name}-{size}{dark}.png")
        if scheme == "light":
            yield from _followed(page, url, folder, size, account, seen)
        if account == COMMANDER and scheme == "light":
            yield from _own(page, url, folder, size)


def _followed(page: "Page", url: str, folder: Path, size: str, account: str, seen: dict[str, str]) -> Iterator[Path]:
    """Pages of one duty, case, person and the like, by following links. `seen`: where each picture was taken."""
    for name, (who, origin, route) in FOLLOWED.items():
        start = origin if origin.startswith("/") else seen.get(origin)
        if who != account or start is None:
            continue
        page.goto(url + start)
        links = page.locator("main a").evaluate_all("found => found.map(a => a.getAttribute('href') || '')")
        target = next((link for link in links if _route(link) == route), None)
        if target:
            seen[name] = target
            page.goto(url + target)
            yield _take(page, folder / f"{name}-{size}.png")
    for name, (who, origin) in AGAIN.items():
        if who == account and origin in seen:
            page.goto(url + urlsplit(seen[origin]).path)
            yield _take(page, folder / f"{name}-{size}.png")


def _route(link: str) -> str:
    """The name of the route of a link of ours; empty for what leads elsewhere."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(urlsplit(link).path).url_name or "" if link.startswith("/") else ""
    except Resolver404:
        return ""


def _own(page: "Page", url: str, folder: Path, size: str) -> Iterator[Path]:
    """The page where a link to somebody's own page is made, and that page, opened by the link."""
    page.goto(f"{url}/rooms/")
    person = re.search(r"/people/[0-9a-f-]{36}/", page.content())
    if person is None:
        return
    page.goto(f"{url}{person[0]}own-page/")
    with page.expect_navigation():
        page.locator("button[value=give]").click()
    yield _take(page, folder / f"own-page-{size}.png")
    page.goto(page.locator("#own-link").input_value())
    yield _take(page, folder / f"resident-{size}.png")
    page.goto(f"{page.url}data/")
    yield _take(page, folder / f"resident-data-{size}.png")


def _sign_in(page: "Page", url: str, account: str, secret: str, language: str) -> None:
    page.goto(f"{url}/sign-in/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", secret)
    with page.expect_navigation(url=lambda address: "sign-in" not in address):
        page.locator("input[name=password]").evaluate("field => field.form.requestSubmit()")
    _speak(page, url, language)


def _speak(page: "Page", url: str, language: str) -> None:
    """Switch the language as a person does: with the button at the top, where the page is not in it yet."""
    wanted = LANGUAGES[language]
    if (page.locator("html").get_attribute("lang") or "").lower() != wanted:
        button = page.locator(f"form[action*='/language/'] [value='{wanted}']").first
        with page.expect_navigation():
            button.evaluate("button => button.form.requestSubmit(button)")


def _take(page: "Page", path: Path) -> Path:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    return path
