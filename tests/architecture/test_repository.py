"""What is in the repository: dependencies locked by hash, no addresses of a registry or a machine, one licence."""

import re
import subprocess
import tomllib

import pytest

from architecture.documents import makefile_targets
from architecture.walls import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {"base": [], "dev": PROJECT["project"]["optional-dependencies"]["dev"]}
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def normalised(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def locked(name: str) -> dict[str, str]:
    """Package to its stanza in a lock file."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return {normalised(stanza): stanza for stanza in re.split(r"\n(?=\S)", text.strip())}


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked_by_version_and_hash(name: str) -> None:
    wanted = {normalised(r) for r in PROJECT["project"]["dependencies"] + LOCKS[name]}
    found = locked(name)

    assert wanted - found.keys() == set()
    assert [n for n, stanza in found.items() if "==" not in stanza or "--hash=sha256:" not in stanza] == []


def test_what_runs_is_what_is_tested() -> None:
    """The same versions and hashes; for which interpreters a lock names them may differ, by who else wants them."""
    base, dev = ({n: re.sub(r" ;[^\\\n]*", "", s) for n, s in locked(name).items()} for name in ("base", "dev"))

    assert {n: s for n, s in base.items() if dev.get(n) != s} == {}


def test_no_lock_file_names_a_registry() -> None:
    texts = [(ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8") for name in LOCKS]
    packages = (ROOT / "package-lock.json").read_text(encoding="utf-8")

    assert [text for text in texts if "://" in text] == []
    assert '"resolved"' not in packages
    assert packages.count('"integrity"') == packages.count('"node_modules/')


def test_the_licence_is_apache_2_in_every_place_that_says_so() -> None:
    assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert '"license": "Apache-2.0"' in (ROOT / "package.json").read_text(encoding="utf-8")


def test_make_alone_prints_every_target_that_describes_itself() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)

    targets = makefile_targets((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert {"setup", "demo", "test", "check", "bench", "pictures"} <= targets.keys()
    assert all(name in done.stdout and text in done.stdout for name, text in targets.items())


def test_a_missing_program_is_named_with_the_way_to_get_it() -> None:
    done = subprocess.run([".ci/needs", "python3", "no-such-program"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert "缺少软件：no-such-program" in done.stderr
    assert "apt install no-such-program" in done.stderr


def test_a_timed_step_passes_on_the_status_of_its_command() -> None:
    good = subprocess.run([".ci/timed", "Works", "--", "true"], cwd=ROOT, capture_output=True, text=True)
    bad = subprocess.run([".ci/timed", "Breaks", "--", "sh", "-c", "exit 3"], cwd=ROOT, capture_output=True, text=True)

    assert (good.returncode, "✓ Works" in good.stdout) == (0, True)
    assert (bad.returncode, "✗ Breaks" in bad.stderr) == (3, True)
