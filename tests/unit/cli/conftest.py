"""The command line from the outside, on a shelf of one little plan."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main
from unit.plan.conftest import CLAUSES, PARAMETERS, PLAN

Run = Callable[..., Result]
FILES = {
    "plan.yaml": PLAN,
    "parameters.yaml": PARAMETERS,
    "clauses/1-all.yaml": CLAUSES,
    "catalogue.txt": "L-1\nL-2\n",
    "cases/1.yaml": """
- name: {zh: 发热未就诊, en: Fever not seen}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts:
    - {kind: temperature.read, at: 2020-02-03 08:00, data: {celsius: 38.1}}
  expect:
    - {duty: fever-seen, opens_at: 2020-02-03 08:00, state: missed}
""",
}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plans/ folder of the working directory, with the little plan on it."""
    monkeypatch.chdir(tmp_path)
    for file, text in FILES.items():
        path = tmp_path / "plans/little" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return tmp_path / "plans"


@pytest.fixture
def plan() -> Run:
    """`plan("check", "little")`: runs `bulou plan check little` and gives what came of it."""

    def invoke(*arguments: str | Path, lang: str = "en") -> Result:
        return CliRunner().invoke(main, ["plan", *map(str, arguments)], env={"BULOU_LANG": lang})

    return invoke
