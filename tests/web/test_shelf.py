"""The shelf: plans read once, a broken one left out and logged, those in force known."""

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

from bulou.ledger import shelf
from bulou.plan.models import Plan

PLAN = "guangxi-2020-9"


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Path:
    """A shelf of one's own with the Guangxi plan on it."""
    shutil.copytree(shelf.folder() / PLAN, tmp_path / PLAN)
    settings.PLANS = tmp_path
    return tmp_path


def test_a_plan_is_found_by_its_id_and_read_once(own: Path) -> None:
    found = shelf.plan(PLAN)

    assert isinstance(found, Plan)
    assert shelf.plan(PLAN) is found
    assert [plan.id for plan in shelf.every_plan()] == [PLAN]


def test_a_broken_plan_takes_no_other_with_it_and_is_logged(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    (own / "broken").mkdir()
    (own / "broken" / "plan.yaml").write_text("plan: broken\n", "utf-8")

    with caplog.at_level(logging.WARNING):
        assert [plan.id for plan in shelf.every_plan()] == [PLAN]

    assert "The plan broken cannot be read" in caplog.text


@pytest.mark.parametrize("name", ["none", "../guangxi-2020-9", "", "A", "/etc", "a" * 300, "a\0"])
def test_what_is_no_plan_is_none(own: Path, name: str) -> None:
    assert shelf.plan(name) is None
    assert shelf.clause(name, "GX-2.1.h") is None
    assert shelf.rule(f"{name}/twice-daily-temperature") is None


def test_a_rule_and_a_clause_are_found_by_name(own: Path) -> None:
    rule, clause = shelf.rule(f"{PLAN}/twice-daily-temperature"), shelf.clause(PLAN, "GX-2.1.h")

    assert rule
    assert clause
    assert rule.clause == clause.clause
    assert shelf.rule(f"{PLAN}/none") is None
    assert shelf.clause("none", "GX-2.1.h") is None
