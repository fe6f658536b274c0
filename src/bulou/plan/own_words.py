"""The words a plan gives its own things by: itself, its checklists with their items, its work groups."""

from bulou.kernel.text import Text
from bulou.plan.models import Plan

THIS = Text(zh="本预案", en="this plan")


def own_words(plan: Plan) -> dict[str, Text]:
    """Code to title, of the plan and those it extends; the plan's own before theirs."""
    found: dict[str, Text] = {}
    for member in plan.family:
        found[member.id] = member.title
        for clause in member.clauses:
            if checklist := clause.checklist:
                found[checklist.checklist] = checklist.title
                found |= {item.item: Text(zh=item.zh, en=item.en) for item in checklist.items}
            found |= {group.group: group.title for group in clause.groups}
    return found | {plan.id: THIS}
