"""A real browser against a running server, on the small world of the page tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bulou.directory import services as directory
from bulou.directory.models import Account, Unit
from bulou.kernel import clock
from bulou.web import messages
from web.sites import Site, build_site
from web.world import NOON, MakeAccount, World, build

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-background-networking"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
PASSWORD = "secret"


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    messages.compile_all()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; Django's guard against its event loop is lifted while it runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            yield browser
            browser.close()


@pytest.fixture
def noon(transactional_db: None) -> Iterator[datetime]:
    directory.clock_set(NOON)
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def world(
    settings: Any, transactional_db: None, noon: datetime, village: Unit, county: Unit, make_account: MakeAccount
) -> World:
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return build(village, county, make_account)


@dataclass
class Visit:
    """One person at one browser: the page, and everything that went wrong or was fetched."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.server + path)
        return self.page

    def sign_in(self, account: Account) -> Page:
        self.open("/sign-in/")
        self.page.fill("#username", account.username)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(self.server + "/")
        return self.page

    def become(self, cookies: dict[str, str]) -> None:
        """Go on as somebody else, or as nobody, without signing in."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.server} for name, value in cookies.items()]
        )

    def is_wider_than_its_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture
def site(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Site:
    return build_site(world, make_unit, make_account)


@pytest.fixture
def enter(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """`enter(size=PHONE, locale="en")`: a browser at a screen of that size, in which nobody is signed in.

    Afterwards: no script failed, nothing was refused, nothing was fetched from elsewhere.
    """
    visits: list[Visit] = []

    def begin(size: Any = DESK, locale: str = "en-GB", **more: Any) -> Visit:
        context = chromium.new_context(viewport=size, locale=locale, **{"service_workers": "block", **more})
        visited = Visit(context.new_page(), live_server.url)
        page = visited.page
        page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        page.on("console", lambda said: visited.complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: visited.fetched.append(request.url))
        visits.append(visited)
        return visited

    yield begin
    for visited in visits:
        visited.page.context.close()
        assert visited.complaints == []
        assert [url for url in visited.fetched if not url.startswith((live_server.url, "data:", "blob:"))] == []


@pytest.fixture
def visit(world: World, enter: Callable[..., Visit]) -> Callable[..., Visit]:
    """`visit(account, language="en", size=PHONE)`: signed in, at a screen of that size."""

    def begin(account: Account, language: str = "en", size: Any = DESK, **more: Any) -> Visit:
        Account.objects.filter(pk=account.pk).update(language=language)
        visited = enter(size, **more)
        visited.sign_in(account)
        return visited

    return begin
