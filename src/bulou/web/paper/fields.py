"""What a template of a paper may name: its fields, each with its meaning. Nothing else is known to a template."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from bulou.web.lists.spec import Word

Shape = Mapping[str, "Shape"] | list["Shape"] | None
"""What a field is: fields of its own, a list of what is alike, or words."""

ORDER, RELEASE, OFFICE = KINDS = ("order", "release", "office")
"""Kinds of what an office may have of its own: two papers, and the words that stand on every paper."""
PAPERS = (ORDER, RELEASE)

COMMON: Mapping[str, Word] = {
    "title": _("What the paper is"),
    "number": _("Number of the paper"),
    "lines": _("Everything below as lines: label and value"),
    "paragraphs": _("What the paper says of rights and duties"),
    "issuer": _("Unit that issues it"),
    "date": _("Day it was issued"),
    "verify": _("How to verify it, and when it was printed"),
    "address": _("Address that verifies it"),
    "language": _("Language of the paper: zh or en"),
    "office": _("Your office's own words: see below"),
    "name": _("Name"),
    "sex": _("Sex"),
    "id_number": _("Identity number"),
    "isolation": _("At home or in an isolation site"),
}
OWN: Mapping[str, Mapping[str, Word]] = {
    ORDER: {
        "term": _("Days, and from when they count"),
        "days": _("Days"),
        "first_day": _("Day the days are counted from"),
        "grounds": _("Grounds"),
        "basis": _("Legal basis"),
    },
    RELEASE: {
        "begun": _("Begin of the isolation"),
        "ended": _("End of the isolation"),
        "reason": _("Reason"),
        "follow_up_days": _("Days of follow-up at home"),
    },
}
OFFICE_WORDS: Mapping[str, Word] = {
    "name": _("Name of the office"),
    "head": _("Lines under the name"),
    "legal": _("Legal words"),
    "contact": _("How to reach the office"),
    "seal": _("Line for the seal"),
    "signatures": _("Lines to sign on"),
    "foot": _("Foot of the page"),
}
LISTS = frozenset({"head", "legal", "signatures"})
"""The office's words that are several lines."""


def titles(kind: str) -> dict[str, Word]:
    """Every field a paper of a kind has, with its meaning; the office's words as `office.name`."""
    return {**COMMON, **OWN[kind], **{f"office.{name}": word for name, word in OFFICE_WORDS.items()}}


def shape(kind: str = "") -> dict[str, Shape]:
    """The fields of a kind of paper, or of all kinds, as a template may go into them."""
    words: dict[str, Shape] = dict.fromkeys(OFFICE_WORDS)
    words |= {name: [None] for name in LISTS}
    own = OWN[kind] if kind else {**OWN[ORDER], **OWN[RELEASE]}
    found: dict[str, Shape] = dict.fromkeys([*COMMON, *own])
    return found | {"lines": [{"label": None, "value": None}], "paragraphs": [None], "office": words}
