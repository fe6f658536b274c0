"""Duties that are done on a page of their own: a handover with everybody in the car, a release behind its guard."""

from django.urls import reverse

from bulou.ledger import shelf
from bulou.ledger.selectors import DutyRow
from bulou.web import links

ASKED = "handover.requested"
ON_THE_PERSONS_PAGE = ("isolation.ended", "appeal.answered")
"""Acts of a person's *Isolation* page: what is missing before a release is said there, and what an appeal says."""
VISITED, PLANNED = "inspection.made", "inspection.planned"
ANSWERED = "rights.answered"
"""Answered with the request before one, and what granting it does."""
ON_THE_FINDINGS_PAGE = ("finding.rectified", "finding.verified")
"""What was done must be said there, and who found it has it before them."""


def address(row: DutyRow, name: str) -> str:
    """Where the duty is done; empty where it is done by a form on the list. `name`: of whom it is about."""
    sort, _, person = row.subject.partition(":")
    if row.must == VISITED and (rule := shelf.rule(row.duty)) and rule.when.kind == PLANNED:
        return links.address("tours", area=row.area)
    if sort == "finding":
        return reverse("finding", args=[person]) if row.must in ON_THE_FINDINGS_PAGE else ""
    if sort != "person":
        return ""
    if row.must == ASKED:
        return links.address("people", find=name)
    if row.must == ANSWERED:
        return reverse("rights")
    if row.must.startswith("handover."):
        return links.address("handovers", of=person)
    return reverse("isolation", args=[person]) if row.must in ON_THE_PERSONS_PAGE else ""
