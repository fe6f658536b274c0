"""Accounts sign in before there is any scope; who guesses is locked out; who left no longer gets in."""

from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from bulou.directory.models import Account, Session, Unit
from bulou.directory.services import account_close

FROM = "10.0.0.1"


@pytest.fixture
def officer(county: Unit, make_account: Callable[..., Account]) -> Account:
    return make_account("zhang", county, "county_command")


def try_in(password: str, username: str = "zhang", ip: str = FROM) -> Account | None:
    """One attempt to sign in, from an address."""
    request: HttpRequest = RequestFactory().post("/sign-in/", REMOTE_ADDR=ip)
    request.user = AnonymousUser()
    found = authenticate(request, username=username, password=password)
    assert found is None or isinstance(found, Account)
    return found


def test_the_right_password_gives_the_account_with_its_area(officer: Account) -> None:
    found = try_in("secret")

    assert found == officer
    assert found is not None
    assert found.area == "120101"


@pytest.mark.parametrize(("username", "password"), [("zhang", "Secret"), ("zhang", ""), ("nobody", "secret")])
def test_anything_else_gives_nobody(officer: Account, username: str, password: str) -> None:
    assert try_in(password, username) is None


def test_an_account_that_was_closed_gives_nobody(officer: Account) -> None:
    account_close(officer)

    assert try_in("secret") is None


@override_settings(AXES_FAILURE_LIMIT=3)
def test_who_guesses_is_locked_out_even_with_the_right_password(officer: Account) -> None:
    for _ in range(3):
        assert try_in("guess") is None

    assert try_in("secret") is None


@override_settings(AXES_FAILURE_LIMIT=3)
def test_a_lockout_holds_for_the_guesser_and_not_for_the_owner_elsewhere(officer: Account) -> None:
    for _ in range(3):
        try_in("guess")

    assert try_in("secret", ip="10.0.0.2") == officer


def test_a_session_ends_with_the_account(officer: Account) -> None:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    request = RequestFactory().get("/")
    request.session = client.session

    from django.contrib.auth import get_user

    assert get_user(request) == officer
    account_close(officer)
    assert isinstance(get_user(request), AnonymousUser)


def test_a_session_ends_when_the_password_changes(officer: Account) -> None:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    officer.set_password("another")
    officer.save()
    request = RequestFactory().get("/")
    request.session = client.session

    from django.contrib.auth import get_user

    assert isinstance(get_user(request), AnonymousUser)


def test_what_a_session_holds_is_not_about_people(officer: Account) -> None:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    held = Session.objects.get().get_decoded()

    assert set(held) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
