"""Which database, and as whom: worked out from the environment, without starting anything."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from bulou.config import database
from bulou.kernel.errors import BulouError

SERVER = "postgresql://owner:hunter2@db.example:5433/outbreak?sslmode=require"


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BULOU_DATABASE_OPTIONS", raising=False)
    monkeypatch.setattr(database, "embedded", database.embedded.__wrapped__)


def test_without_a_setting_the_embedded_server_is_used_and_not_yet_started(tmp_path: Path) -> None:
    settings = database.django_settings("app")

    assert settings["HOST"] == str(tmp_path / "postgres")
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("bulou", "bulou_app", "")
    assert not (tmp_path / "postgres").exists()


def test_the_owner_and_the_application_are_different_roles() -> None:
    assert database.connection("owner")["user"] == "postgres"
    assert database.connection("app")["user"] == "bulou_app"


def test_a_real_server_is_used_as_its_url_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATABASE_URL", SERVER)

    owner = database.django_settings("owner")

    assert database.embedded() is None
    assert (owner["HOST"], owner["PORT"], owner["USER"], owner["NAME"]) == ("db.example", "5433", "owner", "outbreak")
    assert owner["OPTIONS"]["sslmode"] == "require"


def test_the_applications_login_on_a_real_server_is_derived_or_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATABASE_URL", SERVER)
    monkeypatch.setenv("BULOU_APP_PASSWORD", "apart")
    assert database.connection("app") | {"user": "bulou_app", "password": "apart"} == database.connection("app")

    monkeypatch.setenv("BULOU_APP_DATABASE_URL", "postgresql://elsewhere@pool.example/outbreak")
    assert database.connection("app")["host"] == "pool.example"


def test_the_url_leads_back_to_the_same_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in (SERVER, "postgresql://a%40b:p%2Fw@h/d"):
        monkeypatch.setenv("BULOU_DATABASE_URL", given)

        assert conninfo_to_dict(database.url("owner")) == database.connection("owner")


@pytest.mark.parametrize("given", ["postgresql://[h/", "host", "mysql://h/d"])
def test_a_url_that_is_none_shows_what_one_looks_like(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATABASE_URL", given)

    with pytest.raises(BulouError, match="postgresql://user:password@host"):
        database.connection("owner")


def test_a_role_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "root")

    with pytest.raises(BulouError, match="app or owner"):
        database.role()


@pytest.mark.parametrize(("who", "said", "age"), [("app", "", None), ("app", "off", 0), ("owner", "", 0)])
def test_only_the_application_keeps_its_connections(
    monkeypatch: pytest.MonkeyPatch, who: database.Role, said: str, age: int | None
) -> None:
    monkeypatch.setenv("BULOU_DATABASE_KEEP", said)

    settings = database.django_settings(who)

    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (age, age is None)


def test_options_of_the_embedded_server_are_read_as_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATABASE_OPTIONS", "fsync=off, work_mem = 32MB,")

    server = database.embedded()

    assert server is not None
    assert server.options == {"fsync": "off", "work_mem": "32MB"}
