"""Second factors: added, asked for at sign-in, used once, taken off; recovery codes; what the house requires."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from bulou.directory import factors
from bulou.directory.models import Account
from bulou.directory.session_store import PROVEN
from bulou.kernel.errors import BulouError

Enter = Callable[..., Client]
IN = "/account/security/"


def code_of(secret: str, steps: int = 0) -> str:
    """What an app shows, `steps` of half a minute from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def prove(browser: Client) -> Client:
    """The session of somebody who showed a moment ago who they are."""
    session = browser.session
    session[PROVEN] = time.time()
    session.save()
    return browser


@pytest.fixture
def owner(world: Any, enter: Enter) -> tuple[Client, Account]:
    return prove(enter(world.grid_worker, "en")), world.grid_worker


@pytest.fixture
def secret(world: Any) -> str:
    """The key of an app the grid worker has; its code of the step before this one is used."""
    made = factors.new_secret()
    factors.app_enrol(world.grid_worker, made, code_of(made, -1))
    return made


def first_step(client: Client, **more: str) -> Any:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    Account.objects.filter(username="grid").update(language="en")
    return client.post("/sign-in/", {"username": "grid", "password": "secret", **more})


def is_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_an_app_is_added_with_a_picture_the_key_as_text_and_a_first_code(owner: tuple[Client, Account]) -> None:
    browser, account = owner
    page = browser.get("/account/app/")
    address = page.context["address"]
    secret = parse_qs(urlsplit(address).query)["secret"][0]

    done = browser.post("/account/app/", {"code": code_of(secret)})

    assert "<svg" in page.text
    assert page.context["secret"].replace(" ", "") == secret
    assert "grid" in address
    assert len(done.context["codes"]) == 10
    assert [one.type for one in factors.factors_of(account)] == ["totp", "recovery_codes"]


def test_a_wrong_first_code_adds_nothing_and_keeps_the_key(owner: tuple[Client, Account]) -> None:
    browser, account = owner
    secret = browser.get("/account/app/").context["secret"]

    page = browser.post("/account/app/", {"code": "000000"})

    assert page.status_code == 422
    assert "nothing was switched on" in page.text
    assert page.context["secret"] == secret
    assert factors.factors_of(account) == []


def test_the_key_is_sealed_in_the_database(world: Any, secret: str) -> None:
    kept = Authenticator.objects.get(type="totp").data

    assert secret not in str(kept)
    assert factors.Adapter().decrypt(kept["secret"]) == secret


def test_the_password_alone_no_longer_opens_the_account(world: Any, client: Client, secret: str) -> None:
    led = first_step(client, next="/misses/")

    assert led["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": code_of(secret)})["Location"] == "/misses/"
    assert is_in(client)


@pytest.mark.parametrize("spelt", ["{} {}", "{}-{}", "{}{}"])
def test_a_recovery_code_opens_once_however_it_is_spaced(world: Any, client: Client, secret: str, spelt: str) -> None:
    code = factors.recovery_codes_renew(world.grid_worker)[3]
    first_step(client)
    assert client.post("/sign-in/code/", {"code": spelt.format(code[:4], code[4:])}).status_code == 302

    again = Client()
    first_step(again)
    assert again.post("/sign-in/code/", {"code": code}).status_code == 422
    assert not is_in(again)


def test_a_code_is_used_once_and_never_an_earlier_one(world: Any, secret: str) -> None:
    now = code_of(secret)

    assert factors.code_use(world.grid_worker, now)
    assert not factors.code_use(world.grid_worker, now)
    assert not factors.code_use(world.grid_worker, code_of(secret, -1))


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "１２３４５６", "0" * 500])
def test_a_wrong_code_opens_nothing_and_says_what_to_do(world: Any, client: Client, secret: str, code: str) -> None:
    first_step(client)

    page = client.post("/sign-in/code/", {"code": code})

    assert page.status_code == 422
    assert "use a recovery code" in page.text
    assert not is_in(client)


def test_guessing_codes_locks_like_guessing_passwords(world: Any, client: Client, secret: str, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    first_step(client)

    pages = [client.post("/sign-in/code/", {"code": "000000"}) for _ in range(3)]

    assert pages[-1].status_code == 429
    assert "rests until" in pages[-1].text
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).status_code == 429
    assert not is_in(client)


def test_the_second_step_waits_ten_minutes_and_never_comes_first(
    world: Any, client: Client, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/sign-in/code/", {"code": code_of(secret)})["Location"] == "/sign-in/"
    first_step(client)
    later = time.time() + 601
    code = code_of(secret)
    monkeypatch.setattr(time, "time", lambda: later)

    assert client.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/"


def test_an_account_closed_between_the_steps_does_not_get_in(world: Any, client: Client, secret: str) -> None:
    first_step(client)
    Account.objects.filter(pk=world.grid_worker.pk).update(is_active=False)

    assert client.post("/sign-in/code/", {"code": code_of(secret)})["Location"] == "/sign-in/"


def test_taking_off_the_last_factor_takes_the_recovery_codes_too(
    world: Any, secret: str, owner: tuple[Client, Account]
) -> None:
    browser, account = owner
    app = factors.factors_of(account)[0]

    assert browser.post(f"/account/factors/{app.pk}/drop/")["Location"] == IN
    assert factors.factors_of(account) == []


def test_nobody_takes_off_anothers_factor(world: Any, secret: str, enter: Enter) -> None:
    app = factors.factors_of(world.grid_worker)[0]

    assert prove(enter(world.commander)).post(f"/account/factors/{app.pk}/drop/").status_code == 404
    assert factors.has_factor(world.grid_worker)


def test_new_recovery_codes_end_the_old_ones(world: Any, secret: str, owner: tuple[Client, Account]) -> None:
    browser, account = owner
    old = factors.recovery_codes_renew(account)[0]

    shown = browser.post("/account/codes/").context["codes"]

    assert len(shown) == 10
    assert not factors.code_use(account, old)
    assert factors.code_use(account, shown[0])
    assert "9 left" in browser.get(IN).text


def test_recovery_codes_without_a_factor_are_refused(owner: tuple[Client, Account]) -> None:
    browser, account = owner

    page = browser.post("/account/codes/", follow=True)

    assert "no second factor" in page.text
    with pytest.raises(BulouError):
        factors.recovery_codes_renew(account)


@pytest.mark.parametrize("path", ["/account/app/", "/account/passkey/"])
def test_who_is_was_shown_long_ago_is_asked_again_and_led_back(world: Any, enter: Enter, path: str) -> None:
    browser = enter(world.grid_worker, "en")

    led = browser.get(path)

    assert led["Location"] == f"/account/confirm/?next={path.replace('/', '%2F')}"
    assert browser.post("/account/confirm/", {"next": path, "password": "wrong"}).status_code == 422
    assert browser.post("/account/confirm/", {"next": path, "password": "secret"})["Location"] == path
    assert browser.get(path).status_code == 200


def test_an_act_asked_for_too_late_is_not_done_and_leads_back_to_its_page(
    world: Any, secret: str, enter: Enter
) -> None:
    browser = enter(world.grid_worker)
    app = factors.factors_of(world.grid_worker)[0]

    led = browser.post(f"/account/factors/{app.pk}/drop/", headers={"Referer": "http://testserver/account/security/"})

    assert led["Location"] == "/account/confirm/?next=%2Faccount%2Fsecurity%2F"
    assert factors.has_factor(world.grid_worker)


def test_confirming_never_leads_to_another_site(owner: tuple[Client, Account]) -> None:
    browser, _account = owner
    given = {"next": "https://elsewhere.example/", "password": "secret"}

    assert browser.post("/account/confirm/", given)["Location"] == IN


def test_where_a_factor_is_required_nothing_else_opens_before(world: Any, client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    first_step(client)

    assert client.get("/my/")["Location"] == IN
    assert client.get("/people/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == IN
    assert client.get("/api/v1/me").status_code == 401
    assert "Add an app or a key below" in client.get(IN).text
    secret = client.get("/account/app/").context["secret"].replace(" ", "")
    client.post("/account/app/", {"code": code_of(secret)})
    assert is_in(client)
    assert client.get("/api/v1/me").status_code == 200


def test_where_a_factor_is_required_its_removal_leads_back_to_adding_one(
    world: Any, client: Client, secret: str, settings: Any
) -> None:
    settings.MFA_REQUIRED = True
    first_step(client)
    client.post("/sign-in/code/", {"code": code_of(secret)})

    client.post(f"/account/factors/{factors.factors_of(world.grid_worker)[0].pk}/drop/")

    assert client.get("/my/")["Location"] == IN


@pytest.mark.parametrize("credential", ["", "{}", "no", '{"id": 1}', "[]"])
def test_a_key_that_is_none_is_refused(owner: tuple[Client, Account], credential: str) -> None:
    browser, account = owner
    browser.get("/account/passkey/")

    page = browser.post("/account/passkey/", {"name": "mine", "credential": credential})

    assert page.status_code == 422
    assert "none was added" in page.text
    assert factors.factors_of(account) == []


@pytest.mark.parametrize("credential", ["{}", "no", '{"id": "x", "response": {}}'])
def test_a_key_that_is_none_does_not_sign_in(world: Any, client: Client, secret: str, credential: str) -> None:
    first_step(client)

    assert client.post("/sign-in/code/", {"credential": credential}).status_code == 422
    assert not is_in(client)
