"""Signing in, the language, and the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from bulou.directory.models import Account, BusinessClock
from bulou.kernel.clock import SHANGHAI
from bulou.web.account.clock import moved

Enter = Callable[..., Client]
NOON = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)


@pytest.fixture
def browser(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def sign_in(browser: Client, username: str, password: str, **more: str):
    return browser.post("/sign-in/", {"username": username, "password": password, **more})


def test_a_stranger_is_led_to_sign_in_and_then_to_where_they_wanted(world, browser: Client) -> None:
    led = browser.get("/misses/?no_miss=isolation")

    assert led["Location"].startswith("/sign-in/?next=/misses/")
    answer = sign_in(browser, "grid", "secret", next="/misses/?no_miss=isolation")
    assert answer["Location"] == "/misses/?no_miss=isolation"


def test_a_wrong_password_and_an_unknown_account_are_told_the_same(world, browser: Client) -> None:
    wrong, unknown = sign_in(browser, "grid", "wrong"), sign_in(browser, "nobody", "wrong")

    for page in (wrong, unknown):
        assert "Account and password do not match" in page.text
    assert 'value="grid"' in wrong.text


def test_after_too_many_failures_the_account_rests_and_the_page_says_until_when(
    world, browser: Client, settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        page = sign_in(browser, "grid", "wrong")

    assert page.status_code == 429
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=15))
    assert f"rests until {until:%H:%M}" in page.text
    assert "暂停登录至" in sign_in(Client(headers={"Accept-Language": "zh-hans"}), "grid", "wrong").text
    assert sign_in(browser, "grid", "secret").status_code == 429


def test_a_closed_account_cannot_sign_in(world, browser: Client) -> None:
    Account.objects.filter(username="grid").update(is_active=False)

    assert "Account and password do not match" in sign_in(browser, "grid", "secret").text


def test_signing_in_never_leads_to_another_site(world, browser: Client) -> None:
    assert sign_in(browser, "grid", "secret", next="https://elsewhere.example/")["Location"] == "/"


def test_signing_out_leads_back_to_the_first_page(world, enter: Enter) -> None:
    browser = enter(world.grid_worker)

    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert browser.get("/my/").status_code == 302


def test_the_language_is_switched_and_kept_with_the_account(world, enter: Enter) -> None:
    browser = enter(world.grid_worker)

    answer = browser.post("/language/", {"language": "en", "next": "/my/"})

    assert answer["Location"] == "/my/"
    assert Account.objects.get(username="grid").language == "en"
    assert 'lang="en"' in browser.get("/my/").text


@pytest.mark.parametrize("form", [{"language": "xx", "next": "/my/"}, {"language": "en", "next": "https://e.example/"}])
def test_a_language_nobody_offers_and_another_site_are_left_out(world, enter: Enter, form: dict[str, str]) -> None:
    answer = enter(world.grid_worker).post("/language/", form)

    assert answer["Location"] in ("/my/", "/")
    assert Account.objects.get(username="grid").language in ("zh-hans", "en")


def test_a_stranger_keeps_the_language_in_a_cookie(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en", "next": "/sign-in/"})

    assert "Password" in client.get("/sign-in/").text


def test_one_s_own_account_says_unit_role_and_area(world, enter: Enter) -> None:
    page = enter(world.grid_worker, "en").get("/account/").text

    for said in ("grid", "蓉芳里居委会", "Village or neighbourhood committee", "蓉芳里社区"):
        assert said in page


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ("PT1H", NOON + timedelta(hours=1)),
        ("PT6H", NOON + timedelta(hours=6)),
        ("morning", datetime(2020, 2, 11, 8, tzinfo=SHANGHAI)),
        ("real", None),
    ],
)
def test_the_clock_moves(move: str, expected: datetime | None) -> None:
    assert moved(move, "", NOON) == expected


def test_before_eight_the_next_morning_is_today_s() -> None:
    assert moved("morning", "", NOON.replace(hour=3)) == NOON.replace(hour=8, minute=0)


def test_an_instant_is_read_in_the_time_of_the_house() -> None:
    assert moved("set", "2020-02-12T08:00", NOON) == datetime(2020, 2, 12, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("move", "entered"), [("set", ""), ("set", "soon"), ("", ""), ("P1M", "")])
def test_what_cannot_be_read_moves_nothing(move: str, entered: str) -> None:
    with pytest.raises(ValueError):
        moved(move, entered, NOON)


def test_moving_the_clock_lets_duties_lapse_and_the_board_follows(world, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    before = browser.get("/").context["ever"].missed

    browser.post("/clock/", {"move": "morning", "next": "/"})

    stands = BusinessClock.objects.get().set_to
    assert stands
    assert timezone.localtime(stands) == datetime(2020, 2, 11, 8, tzinfo=SHANGHAI)
    page = browser.get("/")
    assert page.context["ever"].missed > before
    assert "2020-02-11 08:00" in page.text


def test_an_instant_that_cannot_be_read_is_said_beside_the_field(world, enter: Enter) -> None:
    page = enter(world.commander, "en").post("/clock/", {"move": "set", "set_to": "soon"})

    assert page.status_code == 422
    assert "Enter a date and a time" in page.text
    assert BusinessClock.objects.get().set_to == NOON


def test_only_a_command_post_moves_the_clock(world, enter: Enter) -> None:
    browser = enter(world.grid_worker)

    assert browser.get("/clock/").status_code == 403
    assert browser.post("/clock/", {"move": "PT1H"}).status_code == 403
    assert "/clock/" not in browser.get("/my/").text
