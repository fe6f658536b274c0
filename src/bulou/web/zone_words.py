"""What a zone is called: how strict it is, its smallest unit and where it lies."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy

from bulou.directory import selectors as directory
from bulou.no_miss.control import selectors as control
from bulou.no_miss.control.selectors import ZoneRow
from bulou.web.fact_words import option_word

VILLAGE = 12
"""Digits of a village's code."""


UNITS = {"village": pgettext_lazy("zone", "village"), "grid": pgettext_lazy("zone", "grid")}
"""Units whose word elsewhere means a tier."""


def unit_word(code: str) -> str:
    """The smallest unit of a zone."""
    return str(UNITS.get(code) or option_word(code))


def title(row: ZoneRow) -> str:
    """`Sealed: building`."""
    kind = unit_word(row.unit_kind)
    words = gettext("%(level)s: %(kind)s") % {"level": option_word(row.level), "kind": kind} if row.level else kind
    return capfirst(words)


def names(subjects: Iterable[str]) -> dict[str, str]:
    """The zones among some subjects by name, with their village. Two queries, none where there is no zone."""
    found = control.zones_of(subjects)
    areas = directory.area_names({row.area[:VILLAGE] for row in found.values()}) if found else {}
    return {subject: f"{areas.get(row.area[:VILLAGE], '')} {title(row)}".strip() for subject, row in found.items()}
