"""The data directory and its secrets."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bulou.config.home import data_dir, secret
from bulou.kernel.errors import BulouError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BULOU_DATA_DIR", str(tmp_path / "house"))
    return tmp_path / "house"


def test_the_data_directory_is_made_and_others_cannot_list_it(home: Path) -> None:
    assert data_dir() == home
    assert stat.S_IMODE(home.stat().st_mode) & 0o066 == 0


def test_without_a_setting_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BULOU_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert data_dir() == tmp_path / "bulou"


def test_a_directory_that_cannot_be_made_names_itself_and_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BULOU_DATA_DIR", str(tmp_path / "file" / "house"))

    with pytest.raises(BulouError, match="BULOU_DATA_DIR") as refused:
        data_dir()
    assert refused.value.problems[0].where.endswith("file/house")


def test_a_secret_is_made_once_and_kept_from_others(home: Path) -> None:
    first = secret("secret_key")

    assert secret("secret_key") == first
    assert len(first) == 44
    assert stat.S_IMODE((home / "secrets" / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in (home / "secrets").iterdir()] == ["secret_key"]


def test_secrets_differ_from_each_other(home: Path) -> None:
    assert secret("index_key") != secret("encryption_keys")


def test_a_secret_from_the_environment_outranks_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_SECRET_KEY", "given")

    assert secret("secret_key") == "given"
    assert not home.exists()


def test_many_who_ask_first_at_once_get_the_same_secret(home: Path) -> None:
    data_dir()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret, ["secret_key"] * 8))) == 1
