"""The import contracts hold, and each catches the breach it is there for."""

import subprocess
import sys
from pathlib import Path

import pytest

from architecture.walls import CONTRACTS, SOURCE, Stair

BREACHES = {
    "the kernel imports a room above": ("kernel/x.py", "from bulou.plan import models"),
    "the plan imports Django": ("plan/x.py", "import django"),
    "the plan imports a database driver": ("plan/x.py", "import psycopg"),
    "the directory imports its neighbour, the plan": ("directory/x.py", "import bulou.plan"),
    "custody imports the ledger": ("custody/x.py", "import bulou.ledger"),
    "the ledger imports a no-miss": ("ledger/x.py", "import bulou.no_miss.screening"),
    "one of the five imports another": ("no_miss/isolation/x.py", "import bulou.no_miss.screening"),
    "an operation imports another": ("operations/testing/x.py", "import bulou.operations.tracing"),
    "oversight rooms import each other": ("oversight/command/x.py", "import bulou.oversight.drills"),
    "oversight imports the exchange": ("oversight/command/x.py", "import bulou.exchange.jobs"),
    "a job imports a page": ("exchange/jobs/x.py", "import bulou.web"),
    "a job prints": ("exchange/jobs/x.py", "import click"),
    "an undeclared room of the exchange": ("exchange/rumours/__init__.py", ""),
    "a room imports a page": ("oversight/command/x.py", "import bulou.web"),
    "a page imports the API": ("web/x.py", "import bulou.api"),
    "a room imports the settings": ("ledger/x.py", "import bulou.config.settings"),
    "models import services": ("ledger/models.py", "import bulou.ledger.services"),
    "selectors import services": ("no_miss/treatment/selectors.py", "import bulou.no_miss.treatment.services"),
    "facts import models": ("directory/facts.py", "import bulou.directory.models"),
    "an engine outside engines/": ("oversight/analysis/x.py", "import duckdb"),
    "an engine in the ledger's own services": ("ledger/services.py", "import pyspark.sql"),
    "a room prints": ("directory/services.py", "import click"),
    "a room nobody declared": ("misc/__init__.py", ""),
    "an undeclared room among the five": ("no_miss/rumours/__init__.py", ""),
    "an import hidden for type checkers": (
        "ledger/x.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import bulou.web",
    ),
}
HELPERS = ["ledger/services.py", "directory/models.py", "config/settings.py", "no_miss/treatment/services.py"]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as c; c()"
    options = ["--no-cache", "--no-logo", "--config", str(CONTRACTS)]
    return subprocess.run([sys.executable, "-c", program, *options], cwd=tree, capture_output=True, text=True)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house without furniture: its packages and a few empty modules."""
    for package in SOURCE.rglob("__init__.py"):
        plant(tmp_path, str(package.relative_to(SOURCE)), "")
    for name in HELPERS:
        plant(tmp_path, name, "")
    return tmp_path


def plant(tree: Path, name: str, text: str) -> None:
    path = tree / "bulou" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_house_keeps_every_contract() -> None:
    done = lint(SOURCE.parent)

    assert done.returncode == 0, done.stdout


def test_an_empty_house_keeps_every_contract(house: Path) -> None:
    done = lint(house)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_caught(breach: str, house: Path) -> None:
    plant(house, *BREACHES[breach])

    done = lint(house)

    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_breach_by_way_of_a_third_module_is_caught(house: Path) -> None:
    plant(house, "plan/x.py", "import bulou.kernel.y")
    plant(house, "kernel/y.py", "import bulou.kernel.z")
    plant(house, "kernel/z.py", "import django")

    done = lint(house)

    assert done.returncode == 1
    assert "bulou.kernel.y -> bulou.kernel.z" in done.stdout or "bulou.kernel.z -> django" in done.stdout


def test_engines_may_be_imported_behind_engines(house: Path) -> None:
    plant(house, "ledger/engines/__init__.py", "")
    plant(house, "ledger/engines/columns.py", "import duckdb")
    plant(house, "ledger/services.py", "import bulou.ledger.engines.columns")

    done = lint(house)

    assert done.returncode == 0, done.stdout


def test_the_stair_is_read_from_the_contracts() -> None:
    stair = Stair.read()

    assert stair.room_of("bulou.no_miss.isolation.models") == "bulou.no_miss.isolation"
    assert stair.room_of("django.db.models") == ""
    assert stair.allows("bulou.web", "bulou.ledger")
    assert stair.allows("bulou.ledger", "bulou.ledger")
    assert not stair.allows("bulou.ledger", "bulou.no_miss.isolation")
    assert not stair.allows("bulou.no_miss.isolation", "bulou.no_miss.screening")
