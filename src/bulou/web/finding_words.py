"""What a finding is called, how far it is and how grave, on every page that names one."""

from collections.abc import Iterable

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.oversight.supervision import selectors as supervision
from bulou.web.words import SUBJECTS, Sign, signs

LONG = 40
"""Characters of a finding's words that stand for its name."""
SEVERITIES = signs(
    Sign("minor", pgettext_lazy("finding", "Minor"), "info-circle"),
    Sign("serious", pgettext_lazy("finding", "Serious"), "alert-triangle"),
    Sign("grave", pgettext_lazy("finding", "Grave"), "alert-triangle"),
)
STATES = signs(
    Sign("raised", _("To be put right"), "clock"),
    Sign("returned", _("Not yet right"), "arrow-back-up"),
    Sign("rectified", _("To be looked at again"), "eye"),
    Sign("closed", _("Closed by whoever found it"), "check"),
)
COLOURS = {"raised": "open", "returned": "late", "rectified": "unowned", "closed": "met"}
MEASURES = {
    "none": pgettext_lazy("measure", "Nothing follows"),
    "warning": pgettext_lazy("measure", "Warning"),
    "penalty": pgettext_lazy("measure", "Penalty"),
    "closure": pgettext_lazy("measure", "Closure"),
    "discipline": pgettext_lazy("measure", "Discipline"),
    "prosecution": pgettext_lazy("measure", "Prosecution"),
}


def title(words: str) -> str:
    """What it is called: the beginning of what is wrong."""
    return Truncator(words).chars(LONG) if words else str(SUBJECTS["finding"])


def names(subjects: Iterable[str]) -> dict[str, str]:
    """The findings among some subjects by what is wrong. One query, none where there is none."""
    return {subject: title(found.words) for subject, found in supervision.findings_of(subjects).items()}
