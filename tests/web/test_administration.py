"""The accounts of an area: three administrators with three duties, and what each act does at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bulou.api import tokens
from bulou.api.models import ApiToken
from bulou.directory import factors, services
from bulou.directory.models import AccessLog, Account
from bulou.directory.scope import everywhere
from bulou.directory.session_store import PROVEN
from bulou.kernel.errors import BulouError
from web.test_second_factor import code_of

Enter = Callable[..., Client]
EVERY = ("password", "factors", "sessions", "close", "reopen")


def did() -> list[tuple[str, str]]:
    with everywhere():
        return list(AccessLog.objects.filter(act="account").values_list("subject", "purpose"))


def test_the_list_shows_the_accounts_of_the_area_and_no_others(
    world: Any, administrator: Any, stranger: Any, make_account: Any
) -> None:
    make_account("far", stranger, "county_command")

    page = administrator("audit").get("/accounts/")

    assert [line.name for line in page.context["rows"]] == ["audit", "command", "grid"]
    assert "New account" not in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("find=蓉芳里", ["grid"]),
        ("role=county_command", ["command"]),
        ("state=closed", ["grid"]),
        ("state=bare", ["command", "system"]),
        ("state=new", []),
        ("sort=-username", ["system", "grid", "command"]),
        ("area=120101001", ["grid"]),
    ],
)
def test_the_list_is_narrowed_and_turned(world: Any, administrator: Any, query: str, names: list[str]) -> None:
    browser = administrator("system")
    services.account_close(world.grid_worker)

    assert [line.name for line in browser.get(f"/accounts/?{query}").context["rows"]] == names


def test_the_list_takes_a_fixed_number_of_queries(
    world: Any, administrator: Any, make_account: Any, django_assert_num_queries: Any
) -> None:
    browser = administrator("system")
    browser.get("/accounts/")
    with django_assert_num_queries(9):
        browser.get("/accounts/")
    for number in range(5):
        make_account(f"more{number}", world.village, "village_committee")

    with django_assert_num_queries(9):
        browser.get("/accounts/")


def test_everybody_else_is_refused(world: Any, enter: Enter) -> None:
    browser = enter(world.commander)

    assert browser.get("/accounts/").status_code == 403
    assert browser.get(f"/accounts/{world.grid_worker.pk}/").status_code == 403
    assert browser.post(f"/accounts/{world.grid_worker.pk}/close/").status_code == 403
    assert "/accounts/" not in browser.get("/account/").text


def test_an_account_is_opened_with_a_password_for_once(world: Any, administrator: Any) -> None:
    browser = administrator("system")
    found = browser.get("/accounts/new/?find=蓉芳里").context["units"]
    given = {"unit": str(found[0].id), "role": "village_committee", "name": "王敏", "username": "wangmin"}

    page = browser.post("/accounts/new/", given)

    password = page.context["password"]
    made = Account.objects.get(username="wangmin")
    assert password in page.text
    assert (made.name, made.unit_id, made.password_temporary) == ("王敏", world.village.pk, True)
    assert made.check_password(password)
    assert did() == [(f"account:{made.pk}", "open")]
    assert password not in browser.get(f"/accounts/{made.pk}/").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "username": "wangmin"}, "one account, one person"),
        ({"name": "王敏", "username": ""}, "one account, one person"),
        ({"name": "王敏", "username": "grid"}, "already is one like it"),
        ({"name": "王敏", "username": "wangmin", "role": "cdc"}, "does not answer for"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said(
    world: Any, administrator: Any, given: dict[str, str], said: str
) -> None:
    form = {"unit": str(world.village.pk), "role": "village_committee", **given}

    page = administrator("system").post("/accounts/new/", form)

    assert page.status_code == 422
    assert said in page.text
    assert not Account.objects.filter(username="wangmin").exists()


def test_no_account_is_opened_for_a_unit_elsewhere(world: Any, administrator: Any, stranger: Any) -> None:
    given = {"unit": str(stranger.pk), "role": "county_command", "name": "王敏", "username": "wangmin"}

    assert administrator("system").post("/accounts/new/", given).status_code == 404


def test_one_person_is_never_two_kinds_of_administrator(world: Any, administrator: Any, office: Any) -> None:
    services.account_open("first", office, "system_administrator", name="赵一")

    for other in ("security_administrator", "audit_administrator"):
        with pytest.raises(BulouError) as refused:
            services.account_open(other, office, other, name="赵一")
        assert refused.value.problems[0].code == "account.duties_apart"
    services.account_open("second", office, "audit_administrator", name="钱二")


@pytest.mark.parametrize(
    ("duty", "may"),
    [("system", {"password", "close", "reopen"}), ("security", {"factors", "sessions", "close"}), ("audit", set())],
)
def test_each_administrator_does_their_own_and_nothing_else(
    world: Any, administrator: Any, duty: str, may: set[str]
) -> None:
    browser = administrator(duty)
    secret = factors.new_secret()
    done = set()
    for what in EVERY:
        factors.app_enrol(world.grid_worker, secret, code_of(secret))
        Account.objects.filter(pk=world.grid_worker.pk).update(is_active=what != "reopen")
        if browser.post(f"/accounts/{world.grid_worker.pk}/{what}/").status_code in (200, 302):
            done.add(what)

    assert done == may
    assert {purpose for _subject, purpose in did()} == may
    assert (browser.get("/accounts/new/").status_code == 200) == (duty == "system")


def test_closing_ends_sessions_and_tokens_with_the_next_request(world: Any, administrator: Any, enter: Enter) -> None:
    browser = enter(world.grid_worker)
    token = {"Authorization": f"Bearer {tokens.create('grid', 10).text}"}
    assert Client().get("/api/v1/me", headers=token).status_code == 200

    administrator("security").post(f"/accounts/{world.grid_worker.pk}/close/")

    assert browser.get("/my/").status_code == 302
    assert Client().get("/api/v1/me", headers=token).status_code == 401
    services.account_reopen(Account.objects.get(pk=world.grid_worker.pk))
    assert Client().get("/api/v1/me", headers=token).status_code == 401
    assert ApiToken.objects.get().revoked_at > datetime.now(UTC) - timedelta(minutes=1)
    assert browser.get("/my/").status_code == 302


def test_a_new_password_for_once_ends_the_sessions_and_is_shown_once(
    world: Any, administrator: Any, enter: Enter
) -> None:
    browser = enter(world.grid_worker)

    page = administrator("system").post(f"/accounts/{world.grid_worker.pk}/password/")

    assert Account.objects.get(username="grid").check_password(page.context["password"])
    assert "shown this once" in page.text
    assert browser.get("/my/").status_code == 302


def test_resetting_the_second_factor_lets_the_password_alone_in_again(world: Any, administrator: Any) -> None:
    secret = factors.new_secret()
    factors.app_enrol(world.grid_worker, secret, code_of(secret))

    administrator("security").post(f"/accounts/{world.grid_worker.pk}/factors/")

    assert factors.factors_of(world.grid_worker) == []


def test_nobody_administers_their_own_account(world: Any, administrator: Any) -> None:
    browser = administrator("system")
    own = Account.objects.get(username="system")

    assert browser.post(f"/accounts/{own.pk}/close/").status_code == 403
    assert "another administrator looks after it" in browser.get(f"/accounts/{own.pk}/").text
    assert Account.objects.get(username="system").is_active


def test_an_account_of_another_area_is_not_there(
    world: Any, administrator: Any, stranger: Any, make_account: Any
) -> None:
    far = make_account("far", stranger, "county_command")
    browser = administrator("system")

    assert browser.get(f"/accounts/{far.pk}/").status_code == 404
    assert browser.post(f"/accounts/{far.pk}/close/").status_code == 404
    assert Account.objects.get(username="far").is_active


def test_an_act_asks_who_one_is_where_that_was_long_ago(world: Any, administrator: Any) -> None:
    browser = administrator("system")
    session = browser.session
    session[PROVEN] = 0
    session.save()

    assert browser.post(f"/accounts/{world.grid_worker.pk}/close/")["Location"].startswith("/account/confirm/")
    assert Account.objects.get(username="grid").is_active
    assert did() == []
