"""The plans on the shelf: each read from its folder once, and kept while the program runs."""

import logging
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bulou.directory.roles import ROLES
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import KINDS
from bulou.plan.forms import Checklist
from bulou.plan.load import load
from bulou.plan.models import Clause, Plan
from bulou.plan.rules import Rule, rules

log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_LONGEST = 100
_KEPT = 256
"""Folders remembered, those that hold no plan among them."""


def folder() -> Path:
    """Where the plans lie: the setting `BULOU_PLANS`."""
    path = settings.PLANS
    return path if isinstance(path, Path) else Path(path)


def plan(name: str) -> Plan | None:
    """A plan by its id, which is its folder's name; None where it is not there or cannot be read (that is logged)."""
    path = _folder_of(name)
    return _read(path) if path else None


def every_plan() -> list[Plan]:
    """Every plan that can be read, the newest first."""
    found = [_read(path.parent) for path in folder().glob("*/plan.yaml")]
    return sorted((plan for plan in found if plan), key=lambda plan: (plan.issued, plan.id), reverse=True)


def clause(plan_name: str, name: str) -> Clause | None:
    """A clause by its id; None where the plan or the clause is not there."""
    found = plan(plan_name)
    return next((entry for entry in found.clauses if entry.clause == name), None) if found else None


def checklist(plan_name: str, name: str) -> Checklist | None:
    """A checklist of a plan by its id; None where the plan or the checklist is not there."""
    found = plan(plan_name)
    lists = (entry.checklist for entry in found.clauses if entry.checklist) if found else ()
    return next((one for one in lists if one.checklist == name), None)


def rule(name: str) -> Rule | None:
    """A rule by `plan/duty`; None where there is none."""
    path = _folder_of(name.partition("/")[0])
    return _rules(path).get(name) if path else None


def _folder_of(name: str) -> Path | None:
    """Where a plan of that name would lie. Any text may be asked for: it need not be the name of a file."""
    return folder() / name if len(name) <= _LONGEST and _NAME.fullmatch(name) else None


@lru_cache(maxsize=_KEPT)
def _read(path: Path) -> Plan | None:
    try:
        return load(path, kinds=KINDS, roles=ROLES)
    except BulouError as error:
        log.warning("The plan %s cannot be read: %s", path.name, error)
        return None


@lru_cache(maxsize=_KEPT)
def _rules(path: Path) -> dict[str, Rule]:
    found = _read(path)
    return {rule.id: rule for rule in rules(found)} if found else {}
