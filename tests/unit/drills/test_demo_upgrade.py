"""A demonstration of an earlier version: its tables become this version's, and what was in it stays."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = "from bulou.cli.main import main; main()"
EARLIER = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
for app, state in (("directory", "0006"), ("ledger", "0001")):
    call_command("migrate", app, state, verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO area (code, name, name_en, level, local) VALUES ('', '全国', 'China', '', false)")
    cursor.execute("INSERT INTO unit (id, name, name_en, phone, area, synthetic)"
        " VALUES (gen_random_uuid(), '演示', 'D', '', '', true)")
    cursor.execute("INSERT INTO account (id, username, password, name, unit, role, language, high_contrast,"
        " large_text, is_active, synthetic)"
        " SELECT gen_random_uuid(), 'kept', '!', '', id, 'city_command', 'en', false, false, true, true FROM unit")
"""
KEPT = """
import django
django.setup()
from bulou.directory.models import Account
print(*Account.objects.values_list("username", flat=True))
"""
UNKNOWN = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', now())")
"""


def run(house: Path, *words: str, role: str = "app") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BULOU_", "DJANGO_"))}
    mine = {
        "BULOU_DATA_DIR": str(house),
        "BULOU_LANG": "en",
        "BULOU_ROLE": role,
        "BULOU_DATABASE_OPTIONS": "fsync=off",
        "DJANGO_SETTINGS_MODULE": "bulou.config.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", *words], env={**kept, **mine}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def old(new_house: Callable[[], Path]) -> Path:
    """A house whose tables are several steps behind, with an account of the demonstration in them."""
    house = new_house()
    made = run(house, EARLIER, role="owner")
    assert made.returncode == 0, made.stderr
    (house / "demo.json").write_text(json.dumps({"seed": 2020, "scale": 1, "facts": 0}))
    return house


def test_an_older_data_directory_is_brought_to_this_version_and_keeps_what_it_had(old: Path) -> None:
    started = run(old, MAIN, "demo", "--no-serve")

    assert started.returncode == 0, started.stderr
    assert "Tables brought to this version" in started.stdout
    assert "Start anew with --reset" in started.stdout
    assert run(old, KEPT).stdout.split() == ["kept"]
    checked = run(old, MAIN, "db", "check")
    assert checked.returncode == 0, checked.stderr
    assert "brought" not in run(old, MAIN, "demo", "--no-serve").stdout, "once is enough"


def test_a_data_directory_of_a_newer_version_is_refused_with_what_to_do(old: Path) -> None:
    run(old, MAIN, "demo", "--no-serve")
    assert run(old, UNKNOWN, role="owner").returncode == 0

    refused = run(old, MAIN, "demo", "--no-serve")

    assert refused.returncode == 1
    assert "ledger 9999_later" in refused.stderr
    assert "--data-dir" in refused.stderr
