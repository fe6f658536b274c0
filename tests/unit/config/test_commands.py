"""`bulou db` as somebody types it, on a data directory of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulou.cli.main import main
from bulou.config import database

MAIN = "from bulou.cli.main import main; main()"


@pytest.fixture(scope="module")
def home(new_house: Callable[[], Path]) -> Path:
    """A data directory whose database has its tables."""
    home = new_house()
    made = bulou(home, "db", "migrate")
    assert made.returncode == 0, made.stderr
    assert "up to date" in made.stdout
    return home


def bulou(home: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BULOU_", "DJANGO_"))}
    mine = {"BULOU_DATA_DIR": str(home), "BULOU_LANG": language, "BULOU_DATABASE_OPTIONS": "fsync=off"}
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words], env={**kept, **mine}, capture_output=True, text=True, check=False
    )


def test_a_migrated_database_passes_its_checks(home: Path) -> None:
    checked = bulou(home, "db", "check")

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_a_database_without_tables_says_which_command_makes_them(new_house: Callable[[], Path]) -> None:
    refused = bulou(new_house(), "areas", "list")

    assert refused.returncode == 1
    assert "bulou db migrate" in refused.stderr


def test_the_server_is_started_kept_told_of_and_stopped(home: Path) -> None:
    assert "Not running" in bulou(home, "db", "status").stdout
    assert bulou(home, "db", "start").returncode == 0
    assert "kept running" in bulou(home, "db", "status").stdout

    assert "stopped" in bulou(home, "db", "stop").stdout
    assert "未运行" in bulou(home, "db", "status", language="zh").stdout


def test_the_url_is_of_the_role_asked_for(home: Path) -> None:
    assert bulou(home, "db", "url").stdout.startswith("postgresql://bulou_app@/bulou?host=")
    assert bulou(home, "db", "url", "--role", "owner").stdout.startswith("postgresql://postgres@/bulou?host=")


class TestAServerOfOnesOwn:
    @pytest.fixture(autouse=True)
    def elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BULOU_LANG", "en")
        monkeypatch.setattr(database, "embedded", lambda: None)

    @pytest.mark.parametrize("word", ["start", "stop"])
    def test_is_not_ours_to_start_or_stop(self, word: str) -> None:
        refused = CliRunner().invoke(main, ["db", word])

        assert refused.exit_code == 1
        assert "its own tools" in refused.output

    def test_is_asked_by_status(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        named = bulou(home, "db", "url", "--role", "owner").stdout.strip()
        monkeypatch.setenv("BULOU_DATABASE_URL", named)
        monkeypatch.setenv("BULOU_APP_DATABASE_URL", named)
        server = database.Embedded(home, {"fsync": "off"})
        server.ensure()

        done = CliRunner().invoke(main, ["db", "status"])

        server.leave()
        assert done.exit_code == 0
        assert "BULOU_DATABASE_URL" in done.output
        assert "It answers: PostgreSQL 18" in done.output

    def test_that_does_not_answer_is_a_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BULOU_DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x")

        done = CliRunner().invoke(main, ["db", "status"])

        assert done.exit_code == 1
        assert "The database does not answer" in done.stderr


def test_a_server_in_use_is_not_stopped_unless_forced(home: Path) -> None:
    server = database.Embedded(home, {"fsync": "off"})
    server.ensure()

    assert bulou(home, "db", "stop").returncode == 1
    assert server.answers()
    assert bulou(home, "db", "stop", "--force").returncode == 0
    assert not server.answers()
    server.leave()
