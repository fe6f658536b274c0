"""The numbered checks of a deployment, each tried with what it is there to find."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from bulou.config import checks, database
from bulou.kernel.errors import BulouError

NEEDS = pytest.mark.django_db


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


@NEEDS
def test_a_database_as_it_should_be_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "app")

    assert checks.check_database(None, ["default"]) == []


@NEEDS
def test_connecting_above_row_level_security_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "app")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")

    assert "bulou.E002" in ids(checks.check_database(None, ["default"]))


def test_a_database_that_cannot_be_used_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise BulouError.of("database.down", "连不上", "down")

    monkeypatch.setenv("BULOU_ROLE", "app")
    monkeypatch.setattr(connection, "ensure_connection", refuse)

    found = checks.check_database(None, ["default"])

    assert ids(found) == ["bulou.E001"]
    assert "连不上" in found[0].msg


def test_without_a_database_named_none_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "owner")
    assert checks.check_database(None, None) == []
    assert database.role() == "owner"
    assert checks.check_database(None, ["default"]) == []


def test_missing_browser_libraries_are_named(tmp_path: Path) -> None:
    assert checks.check_libraries(None) == []
    with override_settings(STATICFILES_DIRS=[("vendor/htmx", tmp_path / "nowhere")]):
        assert ids(checks.check_libraries(None)) == ["bulou.W001"]


def test_missing_division_data_are_named(tmp_path: Path) -> None:
    assert checks.check_divisions(None) == []
    with override_settings(NODE_MODULES=tmp_path):
        assert ids(checks.check_divisions(None)) == ["bulou.W002"]


def test_a_secret_others_can_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DATA_DIR", str(tmp_path))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "open").touch(mode=0o644)
    (tmp_path / "secrets" / "closed").touch(mode=0o600)

    assert [message.msg for message in checks.check_secrets(None)] == [f"Others can read {tmp_path}/secrets/open."]


@pytest.mark.parametrize(
    ("hosts", "secure", "expected"),
    [(["localhost"], False, []), (["bulou.example"], False, ["bulou.W004"]), (["bulou.example"], True, [])],
)
def test_a_network_without_tls_is_named(hosts: list[str], secure: bool, expected: list[str]) -> None:
    with override_settings(ALLOWED_HOSTS=hosts, SECURE=secure):
        assert ids(checks.check_network(None)) == expected


def test_debugging_is_named() -> None:
    assert checks.check_debug(None) == []
    with override_settings(DEBUG=True):
        assert ids(checks.check_debug(None)) == ["bulou.W005"]


def test_every_number_is_in_the_list_above() -> None:
    listed = {word for word in (checks.__doc__ or "").split() if word[0] in "EW" and word[1:].isdigit()}

    assert listed == {"E001", "E002", "E003", "E004", "W001", "W002", "W003", "W004", "W005", "W006"}
