"""Needs in words: what is needed, how far it is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.web import fact_words
from bulou.web.words import Sign, signs

SIGNS = signs(
    Sign("asked", pgettext_lazy("need", "Asked"), "hand-stop"),
    Sign("accepted", pgettext_lazy("need", "Taken up"), "user"),
    Sign("delivered", _("Done, to be confirmed"), "truck"),
    Sign("unmet", _("Not done, says the person"), "alert-triangle"),
    Sign("closed", _("Confirmed and closed"), "check"),
)
COLOURS = {"asked": "open", "accepted": "open", "delivered": "late", "unmet": "missed", "closed": "met"}
CODES = (
    "food",
    "daily_necessities",
    "medicine",
    "chronic_medicine",
    "medical_care",
    "psychological",
    "child_care",
    "elder_care",
    "rubbish",
    "information",
    "police",
    "other",
)
"""What people ask for, the most usual first."""
TOLD = "travel_history"
"""What a resident tells of their family's travel and contacts, to be followed up."""


def need_word(code: str) -> str:
    """What is needed, as people say it."""
    return fact_words.option_word(code)
