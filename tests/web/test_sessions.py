"""Where an account is signed in, ended by its owner; passwords of one's own, and those that must change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bulou.directory import services
from bulou.directory.models import Account, Session
from bulou.web.account.devices import device_words

Enter = Callable[..., Client]
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 AliApp(DingTalk/7.6)"


def sign_in(username: str = "grid", password: str = "secret", agent: str = EDGE, ip: str = "10.0.0.7") -> Client:
    browser = Client(headers={"User-Agent": agent, "Accept-Language": "en"}, REMOTE_ADDR=ip)
    browser.post("/sign-in/", {"username": username, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/my/").status_code == 200


def ages(**given: Any) -> None:
    Account.objects.filter(username="grid").update(**given)


def test_the_list_says_device_address_and_which_one_this_is(world: Any) -> None:
    Account.objects.filter(username="grid").update(language="en")
    here, _there = sign_in(), sign_in(agent=PHONE, ip="10.0.0.8")

    page = here.get("/account/security/")

    rows = {(one["device"], one["row"].ip, one["here"]) for one in page.context["sessions"]}
    assert rows == {("Edge · Windows", "10.0.0.7", True), ("DingTalk · Android", "10.0.0.8", False)}
    assert all(row.session_key not in page.text for row in Session.objects.all())


def test_one_session_is_ended_and_the_others_go_on(world: Any) -> None:
    here, there = sign_in(), sign_in(ip="10.0.0.8")
    ref = Session.objects.get(ip="10.0.0.8").ref

    here.post(f"/account/sessions/{ref}/end/")

    assert is_in(here)
    assert not is_in(there)


def test_all_others_are_ended_at_once(world: Any) -> None:
    here, *others = sign_in(), sign_in(), sign_in()

    page = here.post("/account/sessions/end-others/", follow=True)

    assert "其他 2 处" in page.text
    assert is_in(here)
    assert [is_in(other) for other in others] == [False, False]


def test_nobody_ends_anothers_session(world: Any, enter: Enter) -> None:
    there = sign_in()
    ref = Session.objects.get(account=world.grid_worker.pk).ref

    assert enter(world.commander).post(f"/account/sessions/{ref}/end/").status_code == 404
    assert is_in(there)


def test_when_a_session_was_seen_is_written_once_in_five_minutes(world: Any, django_assert_num_queries: Any) -> None:
    here = sign_in()
    here.get("/account/")
    with django_assert_num_queries(6):
        here.get("/account/")
    long_ago = timezone.now() - timedelta(minutes=6)
    Session.objects.update(seen_at=long_ago)

    with django_assert_num_queries(12):
        here.get("/account/")

    assert Session.objects.get().seen_at > long_ago + timedelta(minutes=5)


def test_what_a_session_keeps_later_changes_neither_its_name_nor_its_beginning(world: Any) -> None:
    here = sign_in()
    before = Session.objects.values("ref", "started_at", "ip", "device", "account").get()

    session = here.session
    session["more"] = 1
    session.save()

    assert Session.objects.values("ref", "started_at", "ip", "device", "account").get() == before


def test_a_session_that_is_over_is_not_listed(world: Any) -> None:
    here = sign_in()
    sign_in()
    Session.objects.exclude(session_key=here.session.session_key).update(expire_date=timezone.now())

    assert len(here.get("/account/security/").context["sessions"]) == 1


@pytest.mark.parametrize(
    ("header", "zh", "en"),
    [
        (EDGE, "Edge · Windows", "Edge · Windows"),
        (PHONE, "钉钉 · Android", "DingTalk · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari/604.1 MicroMessenger/8", "微信 · iPhone", "WeChat · iPhone"),
        ("curl/8", "", ""),
        ("", "", ""),
    ],
)
def test_a_device_is_said_in_words(header: str, zh: str, en: str) -> None:
    assert (device_words(header, "zh-hans"), device_words(header, "en")) == (zh, en)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(world: Any) -> None:
    here, there = sign_in(), sign_in()
    new = "five green bottles"

    here.post("/account/password/", {"now": "secret", "password": new, "again": new})

    assert (is_in(here), is_in(there)) == (True, False)
    assert is_in(sign_in(password=new))
    assert not is_in(sign_in())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"now": "wrong", "password": "five green bottles", "again": "five green bottles"}, "not the present password"),
        ({"now": "secret", "password": "five green bottles", "again": "five green"}, "not the same"),
        ({"now": "secret", "password": "12345678", "again": "12345678"}, "common"),
        ({"now": "secret", "password": "secret", "again": "secret"}, "must differ"),
        ({"now": "secret", "password": "short", "again": "short"}, "too short"),
        ({}, "not the present password"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(
    world: Any, enter: Enter, given: dict[str, str], said: str
) -> None:
    page = enter(world.grid_worker, "en").post("/account/password/", given)

    assert page.status_code == 422
    assert said in page.text
    assert Account.objects.get(username="grid").check_password("secret")


def test_a_password_for_once_must_be_changed_before_anything_else(world: Any) -> None:
    once = services.password_reset(world.grid_worker)
    here = sign_in(password=once)

    assert here.get("/misses/")["Location"] == "/account/password/"
    assert here.get("/api/v1/me").status_code == 401
    new = "five green bottles"
    assert here.post("/account/password/", {"now": once, "password": new, "again": new}).status_code == 302
    assert is_in(here)
    assert not Account.objects.get(username="grid").password_temporary


def test_a_password_for_once_opens_nothing_after_three_days(world: Any) -> None:
    once = services.password_reset(world.grid_worker)
    ages(password_set_at=timezone.now() - timedelta(hours=73))
    browser = Client(headers={"Accept-Language": "en"})

    page = browser.post("/sign-in/", {"username": "grid", "password": once})

    assert "one-time password has expired" in page.text
    assert not is_in(browser)


@pytest.mark.parametrize(("days", "profile_days", "changes"), [(89, 90, False), (91, 90, True), (900, None, False)])
def test_a_password_serves_its_time_under_mlps_and_for_ever_under_asvs(
    world: Any, settings: Any, days: int, profile_days: int | None, changes: bool
) -> None:
    settings.PASSWORD_DAYS = profile_days
    ages(password_set_at=timezone.now() - timedelta(days=days))

    here = sign_in()

    assert here.get("/my/").status_code == (302 if changes else 200)
