"""The settings, read afresh under another environment."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings as current

from bulou.config import settings as module


def read() -> ModuleType:
    """The settings module as a new process would read it."""
    spec = importlib.util.spec_from_file_location("settings_read_again", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh


def test_the_product_is_chinese_first_and_lives_in_shanghai() -> None:
    assert current.LANGUAGE_CODE == "zh-hans"
    assert [code for code, _ in current.LANGUAGES] == ["zh-hans", "en"]
    assert (current.USE_TZ, current.TIME_ZONE) == (True, "Asia/Shanghai")


def test_nothing_is_debugged_and_nobody_from_outside_is_served_unless_asked_for() -> None:
    fresh = read()

    assert fresh.DEBUG is False
    assert fresh.ALLOWED_HOSTS == ["localhost", "127.0.0.1", "[::1]"]


def test_behind_tls_cookies_never_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_HTTPS", "on")
    fresh = read()

    assert fresh.SESSION_COOKIE_SECURE
    assert fresh.CSRF_COOKIE_SECURE
    assert fresh.SESSION_COOKIE_NAME.startswith("__Host-")
    assert fresh.SECURE_HSTS_SECONDS > 0


@pytest.mark.parametrize("given", ["maybe", "2"])
def test_a_switch_that_is_neither_on_nor_off_stops_the_start(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_DEBUG", given)

    with pytest.raises(Exception, match="BULOU_DEBUG"):
        read()


def test_hosts_are_read_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ALLOWED_HOSTS", "bulou.example,10.0.0.1")

    assert read().ALLOWED_HOSTS == ["bulou.example", "10.0.0.1"]


def test_only_the_browser_libraries_in_use_are_served_and_all_are_installed() -> None:
    folders = dict(current.STATICFILES_DIRS)

    assert all(prefix.startswith("vendor/") for prefix in folders)
    assert all(Path(folder).is_dir() for folder in folders.values())


def test_the_frame_comes_after_whoever_signs_in_is_known() -> None:
    order = current.MIDDLEWARE

    assert order.index("django.contrib.auth.middleware.AuthenticationMiddleware") < order.index(
        "bulou.config.middleware.Frame"
    )
    assert order.index("django.middleware.locale.LocaleMiddleware") < order.index("bulou.config.middleware.Frame")


def test_reading_the_settings_starts_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bulou.config import database

    monkeypatch.setenv("BULOU_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(database, "embedded", database.embedded.__wrapped__)

    assert read().DATABASES["default"]["HOST"] == str(tmp_path / "postgres")
    assert not (tmp_path / "postgres").exists()


def test_a_page_that_fails_says_where_on_the_error_output() -> None:
    program = "import django, logging; django.setup(); logging.getLogger('django.request').error('failed: %s', '/my/')"

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "failed: /my/" in run.stderr
