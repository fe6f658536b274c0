"""The plans on the shelf: read from their folders once, kept while the program runs."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

from bulou.directory.roles import ROLES
from bulou.kernel.facts import KINDS
from bulou.plan.load import load
from bulou.plan.models import Clause, Plan
from bulou.plan.rules import Rule, rules


def folder() -> Path:
    """Where the plans lie: `BULOU_PLANS`, or `plans/` of the repository."""
    return Path(getattr(settings, "PLANS", settings.BASE_DIR / "plans"))


@cache
def plans(root: Path) -> dict[str, Plan]:
    """Every plan of a folder by id, newest first. BulouError where one of them is broken."""
    found = [load(path.parent, kinds=KINDS, roles=ROLES, root=root) for path in sorted(root.glob("*/plan.yaml"))]
    return {plan.id: plan for plan in sorted(found, key=lambda plan: plan.issued, reverse=True)}


def every_plan() -> list[Plan]:
    return list(plans(folder()).values())


def plan(name: str) -> Plan | None:
    return plans(folder()).get(name)


def clause(plan_name: str, name: str) -> Clause | None:
    """A clause by its id; None where the plan or the clause is not there."""
    found = plan(plan_name)
    return next((entry for entry in found.clauses if entry.clause == name), None) if found else None


@cache
def _rules(root: Path) -> dict[str, Rule]:
    return {rule.id: rule for plan in plans(root).values() for rule in rules(plan)}


def rule(name: str) -> Rule | None:
    """A rule by `plan/duty`."""
    return _rules(folder()).get(name)


def chapter(entry: Clause) -> str:
    """The number of the chapter a clause stands in: the first of its file's name, 2 of `2.1-isolation.yaml`."""
    found = re.match(r"\d+", Path(entry.place.partition(":")[0]).stem)
    return found[0] if found else ""
