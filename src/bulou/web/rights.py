"""Requests about personal data in words: what is asked, how far it is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.web import fact_words
from bulou.web.words import Sign, signs

SIGNS = signs(
    Sign("open", pgettext_lazy("rights", "To be answered"), "clock"),
    Sign("granted", _("Granted, not carried out yet"), "calendar-event"),
    Sign("done", pgettext_lazy("rights", "Done"), "check"),
    Sign("declined", pgettext_lazy("rights", "Declined"), "hand-stop"),
)
COLOURS = {"open": "open", "granted": "late", "done": "met", "declined": "waived"}


def right_word(right: str) -> str:
    """What is asked, as people say it."""
    return fact_words.option_word(right)
