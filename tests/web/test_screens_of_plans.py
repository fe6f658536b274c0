"""Every screen a plan may name as carrying a clause has an address."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from bulou.plan.models import SCREENS

ADDRESSES = {"my-list": "my", "areas": "area-board", "units": "unit"}
"""Where a screen's address is called otherwise."""
NAMES = {name for name in get_resolver().reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_a_screen_plans_may_name_is_there(screen: str) -> None:
    assert ADDRESSES.get(screen, screen) in NAMES


def test_no_plan_names_another_without_saying_who_owes_it() -> None:
    shown = re.compile(r"\{screen: ([a-z-]+)\}")
    files = (Path(__file__).parents[2] / "plans").glob("*/clauses/*.yaml")

    assert {name for file in files for name in shown.findall(file.read_text("utf-8"))} <= SCREENS
