"""Plans are read by the quick parser: a thousand cases are checked in a second or two."""

from pathlib import Path

import pytest
import yaml

from bulou.plan.tree import DEEPEST, read_tree


def test_a_valid_file_never_meets_the_slow_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("- a: {b: [1, 2]}\n", encoding="utf-8")
    monkeypatch.setattr(yaml.SafeLoader, "get_single_node", None)

    assert read_tree(path, "x.yaml").data == [{"a": {"b": [1, 2]}}]


@pytest.mark.parametrize(("depth", "said"), [(DEEPEST, []), (DEEPEST + 1, ["too_deep"]), (300_000, ["too_deep"])])
def test_nesting_that_would_break_the_quick_parser_is_refused_before_it(
    tmp_path: Path, depth: int, said: list[str]
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("[" * depth + "]" * depth, encoding="utf-8")

    assert [problem.code for problem in read_tree(path, "x.yaml").problems] == said
