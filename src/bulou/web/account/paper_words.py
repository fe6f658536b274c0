"""Templates of papers in words: what counts in an area, its versions, what was done to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.web.lists.spec import Word
from bulou.web.models import PaperChoice, PaperVersion
from bulou.web.paper import versions
from bulou.web.paper.versions import ABOVE, OURS, OWN, InForce

NAMES: Mapping[str, tuple[Word, str]] = {
    "order": (_("Order of isolation"), "gavel"),
    "release": (_("Certificate of release"), "door-exit"),
    "office": (_("Words of the office"), "building"),
}
WAY_WORDS: Mapping[str, Word] = {
    OWN: _("put in force"),
    ABOVE: _("left to the area above"),
    OURS: _("Bulou's put in force"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts, in words. `version`: its name, empty for ours; `where`: the area that chose it."""

    found: InForce
    title: str
    icon: str
    version: str
    where: str
    who: str
    is_own: bool


def standing(area: str, names: Mapping[str, str]) -> list[Standing]:
    """What counts of every kind, in words. Five queries, whatever the kinds."""
    found = versions.in_force(area)
    called = versions.names(one.version for one in found.values())
    who = directory.account_names({one.account for one in found.values() if one.account})
    return [
        Standing(
            one,
            str(NAMES[kind][0]),
            NAMES[kind][1],
            called.get(one.version, "") if one.version else "",
            names.get(one.area, "") if one.at else "",
            who.get(one.account, "") if one.account else "",
            one.at is not None and one.area == area,
        )
        for kind, one in found.items()
    ]


def lines(history: list[PaperVersion], choices: list[PaperChoice], now: Standing) -> list[dict[str, Any]]:
    """An area's versions in words, with when each was in force. One query."""
    who = directory.account_names({one.account for one in history} | {one.account for one in choices})
    return [
        {
            "row": one,
            "number": len(history) - place,
            "who": who.get(one.account, ""),
            "is_now": one.id == now.found.version,
            "chosen": [(choice.at, who.get(choice.account, "")) for choice in choices if choice.version == one.id],
        }
        for place, one in enumerate(history)
    ]


def told(purpose: str) -> str:
    """What was done to a template, as the record of access says it."""
    kind, _space, rest = purpose.partition(" ")
    way, _space, digest = rest.partition(" ")
    words = str(WAY_WORDS.get(way, gettext("version kept")))
    return " ".join(part for part in (str(NAMES[kind][0]) if kind in NAMES else kind, words, digest) if part)
