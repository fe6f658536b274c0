"""`bulou areas` as somebody types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main
from bulou.directory.divisions import FILES


@pytest.fixture
def source(tmp_path: Path) -> str:
    """The division files of a nation with one village."""
    rows = ("12,天津市", "1201,市辖区", "120101,和平区", "120101001,劝业场街道", "120101001001,蓉芳里社区")
    for file, row in zip(FILES, rows, strict=True):
        (tmp_path / file).write_text(f"code,name\n{row}\n", "utf-8")
    return str(tmp_path)


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command becomes the application; afterwards the tests are the owner again."""
    monkeypatch.setenv("BULOU_ROLE", "app")


def areas(*words: str, language: str = "en") -> Result:
    return CliRunner(env={"BULOU_LANG": language}).invoke(main, ["areas", *words])


def test_divisions_are_loaded_and_the_counts_told(source: str) -> None:
    assert "6 read: 6 created, 0 updated, 0 unchanged" in areas("load", "--root", "12", "--source", source).output
    assert "读入 6：新增 0，更新 0，未变 6" in areas("load", "--source", source, language="zh").output


def test_divisions_are_listed_one_level_down(source: str) -> None:
    areas("load", "--source", source)

    assert areas("list", "120101001").output.split() == ["120101001001", "蓉芳里社区", "Rongfangli", "Community"]


def test_a_village_is_given_grids(source: str) -> None:
    areas("load", "--source", source)

    assert areas("grid", "120101001001", "2", language="zh").output == "新增 2 个网格，共 2 个。\n"


def test_a_division_is_added_renamed_and_ended(source: str) -> None:
    areas("load", "--source", source)

    assert "Binjiang Subdistrict" in areas("add", "120101077", "滨江街道").output
    assert "Binhe Subdistrict" in areas("edit", "120101077", "--name", "滨河街道", "--until", "2026-11-21").output
    assert "→ 2026-11-21" in areas("list", "120101").output


@pytest.mark.parametrize(
    ("words", "said"), [(("load", "--root", "9"), "not a division's code"), (("grid", "12", "1"), "12 digits")]
)
def test_a_mistake_is_told_in_words(words: tuple[str, ...], said: str) -> None:
    refused = areas(*words)

    assert refused.exit_code == 1
    assert said in refused.output
