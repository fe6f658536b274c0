"""Who gets in: tokens and sessions, and nobody else."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from bulou.api import tokens
from bulou.api.models import ApiToken
from bulou.cli.main import DOORS, Door, main
from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError

from .conftest import NOW, Caller, World
from .refusals import failed

ME = "/api/v1/me"


@pytest.fixture
def account(village: Any, make_account: Callable[..., Account], now: datetime) -> Account:
    return make_account("worker", village, "village_committee")


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_a_token_speaks_for_its_account(account: Account) -> None:
    issued = tokens.create("worker", 30)

    me = Client().get(ME, headers=bearer(issued.text)).json()

    assert me["username"] == "worker"
    assert issued.expires_at - datetime.now(UTC) > timedelta(days=29)


def test_only_the_digest_of_a_token_is_kept(account: Account) -> None:
    issued = tokens.create("worker", 1)

    row = ApiToken.objects.get(pk=issued.id)

    assert bytes(row.digest) == hashlib.sha256(issued.text.encode()).digest()
    assert issued.text.startswith("bulou_")
    assert len(issued.text) > 40


def test_a_stranger_is_told_how_to_get_in(db: None) -> None:
    response = Client().get(ME)

    assert failed(response, 401)["code"] == "access.unknown"
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("text", ["", "x", "bulou_x", "bulou_" + "A" * 43, "二", "bulou_\ud800", "a b"])
def test_a_token_nobody_made_lets_nobody_in(text: str, account: Account) -> None:
    header = text.encode("utf-8", "surrogatepass").decode("latin-1")

    assert Client().get(ME, headers=bearer(header)).status_code == 401


def test_a_revoked_token_lets_nobody_in(account: Account) -> None:
    by_text, by_id, kept = (tokens.create("worker", 1) for _ in range(3))

    tokens.revoke(by_text.text)
    tokens.revoke(str(by_id.id))
    first = tokens.revoke(by_id.text).revoked_at

    assert tokens.revoke(by_id.text).revoked_at == first
    assert [Client().get(ME, headers=bearer(t.text)).status_code for t in (by_text, by_id, kept)] == [401, 401, 200]


def test_an_expired_token_lets_nobody_in_whatever_the_business_clock_says(account: Account) -> None:
    issued = tokens.create("worker", 1)
    ApiToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))

    assert clock.now() == NOW
    assert Client().get(ME, headers=bearer(issued.text)).status_code == 401


def test_a_closed_account_lets_nobody_in(account: Account) -> None:
    issued = tokens.create("worker", 1)
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(ME).status_code == 200

    directory.account_close(account)

    assert Client().get(ME, headers=bearer(issued.text)).status_code == 401
    assert browser.get(ME).status_code == 401
    with pytest.raises(BulouError, match="no active account"):
        tokens.create("worker", 1)


def test_the_last_use_is_written_at_most_once_a_minute(account: Account) -> None:
    issued = tokens.create("worker", 1)
    uses = []
    for earlier in (None, timedelta(seconds=30), timedelta(seconds=90)):
        if earlier:
            ApiToken.objects.update(last_used_at=datetime.now(UTC) - earlier)
        before = ApiToken.objects.get().last_used_at
        Client().get(ME, headers=bearer(issued.text))
        uses.append(ApiToken.objects.get().last_used_at != before)

    assert uses == [True, False, True]


def test_a_bad_token_is_refused_even_where_a_session_would_do(account: Account) -> None:
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get(ME).status_code == 200
    assert browser.get(ME, headers=bearer("bulou_x")).status_code == 401


@pytest.mark.usefixtures("lived")
def test_a_token_outranks_a_session_of_another_area(world: World, caller: Callable[..., Caller]) -> None:
    program = caller(world.outsider)
    program.client.force_login(world.worker, backend="django.contrib.auth.backends.ModelBackend")

    assert program.read("/me")["username"] == "outsider"
    assert {row["subject"] for row in program.read("/misses")["rows"]} == {f"person:{world.outside.pk}"}


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.worker, backend="django.contrib.auth.backends.ModelBackend")
    fact = json.dumps(world.fact())

    def send(**headers: str) -> Any:
        return browser.post("/api/v1/facts", fact, content_type="application/json", headers=headers)

    browser.get("/sign-in/")
    secret = "a" * 32
    browser.cookies["bulou-csrf"] = secret

    assert failed(send(), 403)["code"] == "access.csrf"
    assert failed(send(**{"X-CSRFToken": "b" * 32}), 403)["code"] == "access.csrf"
    assert send(**{"X-CSRFToken": secret}).json()["created"] == 1


def test_a_stranger_who_writes_is_a_stranger_first(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)

    response = browser.post("/api/v1/facts", "[]", content_type="application/json")

    assert failed(response, 401)["code"] == "access.unknown"


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_a_day_to_a_year(days: int, account: Account) -> None:
    with pytest.raises(BulouError, match="1 to 366"):
        tokens.create("worker", days)


@pytest.mark.parametrize("name", ["bulou_x", "x", "01a20059-f6d4-7bd5-b47b-0ebf4e31c858"])
def test_what_is_no_token_cannot_be_revoked(name: str, account: Account) -> None:
    tokens.create("worker", 1)

    with pytest.raises(BulouError, match="no such token"):
        tokens.revoke(name)


class TestTheCommand:
    """`bulou api token …`"""

    @pytest.fixture(autouse=True)
    def door(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(DOORS, "api", Door("bulou.cli.api:api", "接口 · The API"))
        monkeypatch.setattr("bulou.cli.api.start_django", lambda role: None)

    def run(self, *words: str, lang: str = "en") -> Result:
        return CliRunner().invoke(main, ["api", "token", *words], env={"BULOU_LANG": lang})

    def test_makes_a_token_that_works_and_shows_it_alone_on_the_last_line(self, account: Account) -> None:
        done = self.run("create", "worker", "--days", "7")

        text = done.output.splitlines()[-1]
        assert (done.exit_code, "shown this once" in done.output) == (0, True)
        assert Client().get(ME, headers=bearer(text)).status_code == 200
        assert ApiToken.objects.get().expires_at - datetime.now(UTC) < timedelta(days=7)

    def test_lists_and_revokes(self, account: Account) -> None:
        issued = tokens.create("worker", 1)

        listed = self.run("list", "worker").output
        ended = self.run("revoke", str(issued.id), lang="zh")

        assert str(issued.id) in listed
        assert "expires" in listed
        assert "已作废" in ended.output
        assert "revoked" in self.run("list", "worker").output
        assert Client().get(ME, headers=bearer(issued.text)).status_code == 401

    @pytest.mark.parametrize("words", [("create", "nobody"), ("revoke", "bulou_x")])
    def test_refuses_in_the_callers_language(self, words: tuple[str, ...], account: Account) -> None:
        assert "没有" in self.run(*words, lang="zh").output
        refused = self.run(*words)
        assert refused.exit_code == 1
        assert "no" in refused.output

    def test_never_shows_a_token_again(self, account: Account) -> None:
        issued = tokens.create("worker", 1)

        assert issued.text not in self.run("list", "worker").output
