"""An account is guarded in a real browser: an app's codes, a security key, sessions ended from elsewhere."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from bulou.alerts.models import Alert
from bulou.ledger import selectors as ledger
from web.world import NOON, World

from .conftest import PASSWORD, PHONE, Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]


def confirmed(page: Page) -> None:
    """Say who one is, where the page asks."""
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Go on").click()


def signed_out(page: Page, server: str, username: str) -> None:
    """Out, and back at the second step."""
    page.goto(server + "/account/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page).to_have_url(server + "/sign-in/code/")


def test_an_app_is_added_and_asked_for_at_the_next_sign_in(world: World, visit: Begin) -> None:
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.open("/account/security/")
    page.get_by_role("link", name="Add an authenticator app").click()
    expect(page.locator(".qr svg")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    step = int(time.time()) // 30

    page.fill("#code", str(format_hotp_value(hotp_value(secret, step))))
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".codes code")).to_have_count(10)

    signed_out(page, visited.server, "grid")
    page.fill("#code", str(format_hotp_value(hotp_value(secret, step + 1))))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(visited.server + "/")


def test_a_key_is_added_and_opens_the_account(world: World, visit: Begin) -> None:
    visited = visit(world.commander)
    page = visited.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    abilities = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": abilities})

    visited.open("/account/passkey/")
    page.fill("#name", "blue key")
    page.get_by_role("button", name="Add this key").click()
    expect(page.locator(".codes code")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".line", has_text="blue key")).to_be_visible()

    signed_out(page, visited.server, "command")
    page.get_by_role("button", name="Use a security key").click()
    expect(page).to_have_url(visited.server + "/")


def test_a_session_is_ended_from_another_browser(world: World, visit: Begin) -> None:
    there = visit(world.grid_worker, size=PHONE)
    here = visit(world.grid_worker).open("/account/security/")
    expect(here.locator("section[aria-labelledby=sessions] .line")).to_have_count(2)

    here.get_by_role("button", name=re.compile("^End Chrome")).click()

    expect(here.locator("section[aria-labelledby=sessions] .line")).to_have_count(1)
    expect(there.open("/my/")).to_have_url(re.compile("/sign-in/"))


def test_what_guards_the_account_asks_again_who_it_is(
    world: World, visit: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = visit(world.grid_worker)
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)

    page = visited.open("/account/app/")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    confirmed(page)

    expect(page.locator(".qr svg")).to_be_visible()


def test_an_alert_is_seen_at_the_bell_and_read(world: World, visit: Begin) -> None:
    with world.everywhere():
        key = ledger.misses("120101").rows[0].key
        Alert.objects.create(
            kind="miss",
            unit=world.village.pk,
            area="120101001001",
            zh="漏：量体温",
            en="Missed: temperature",
            data={"duty": key},
            at=NOON,
        )
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.page
    bell = page.locator(".bell")
    expect(bell.locator(".bell-n")).to_contain_text("1")

    bell.click()
    page.get_by_role("link", name="Missed: temperature").click()
    page.get_by_role("link", name="Open what it is about").click()

    expect(page).to_have_url(re.compile("/duties/"))
    expect(bell).to_be_visible()
    expect(bell.locator(".bell-n")).to_have_count(0)
