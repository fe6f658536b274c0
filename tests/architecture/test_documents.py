"""The documents keep up with the code: links lead somewhere, commands exist, the generated reference is fresh."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from architecture.documents import broken_links, commands_in, complaint, makefile_targets
from architecture.walls import ROOT, SOURCE
from bulou.cli.main import main as bulou

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *SOURCE.rglob("*.md")])
TARGETS = makefile_targets((ROOT / "Makefile").read_text(encoding="utf-8"))
SETTING = re.compile(r"\bBULOU_[A-Z][A-Z_]*[A-Z]\b")
SECRET = re.compile(r"\bsecret\(\"([a-z_]+)\"\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    assert broken_links(document) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_a_document_names_exists(document: Path) -> None:
    lines = commands_in(document.read_text(encoding="utf-8"))

    assert [wrong for words in lines if (wrong := complaint(words, bulou, set(TARGETS)))] == []


def test_the_readme_tells_the_commands_that_matter() -> None:
    told = [" ".join(words[:2]) for words in commands_in((ROOT / "README.md").read_text(encoding="utf-8"))]

    assert {"make demo", "make test"} <= set(told)


@pytest.mark.parametrize("page", ["cli", "facts", "roles"])
def test_the_generated_reference_is_what_the_code_says(page: str, generator: ModuleType) -> None:
    assert generator.path(page).read_text(encoding="utf-8") == generator.text(page)


def test_every_setting_the_code_reads_is_documented_and_the_other_way_round() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    read = {*SETTING.findall(code), *(f"BULOU_{name.upper()}" for name in SECRET.findall(code))}
    told = set(SETTING.findall((ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")))

    assert read == told


def test_the_changelog_tells_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert version
    assert version[1] == released[0]


def test_decision_records_are_numbered_in_a_row_and_say_what_was_decided() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequences")), path.name


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("make test", ""),
        ("make demo ARGS='--at x'", ""),
        ("make tea", "make has no target tea"),
        ("bulou greet hello --loud", ""),
        ("bulou greet --loud=yes WHOM", "bulou greet has no option --loud"),
        ("bulou greet hello --soft", "bulou greet hello has no option --soft"),
        ("bulou part", "bulou has no command part"),
    ],
)
def test_a_command_line_is_held_against_what_exists(line: str, why: str) -> None:
    root, greet = click.Group("bulou"), click.Group("greet")
    greet.add_command(click.Command("hello", params=[click.Option(["--loud"], is_flag=True)]))
    root.add_command(greet)
    (words,) = commands_in(f"Type `{line}`.")

    assert complaint(words, root, {"test", "demo"}) == why


def test_command_lines_are_found_in_shell_blocks_and_inline_code_only() -> None:
    text = "Do `make a` or\n```sh\n$ make b  # why\n.venv/bin/bulou c\n```\n```text\nmake d\n```\nmake e"

    assert [words[-1] for words in commands_in(text)] == ["b", "c", "a"]


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md#top) [b](gone.md) [c](https://example.org) ![d](gone.png)", encoding="utf-8")

    assert broken_links(page) == ["gone.md", "gone.png"]
