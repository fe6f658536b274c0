"""What a few characters find, by kind, in words: people, cases, tubes, rooms, beds, places, units, clauses, pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.search_keys import folded, initials
from bulou.kernel import clock
from bulou.ledger import shelf
from bulou.no_miss.isolation import numbered as isolation
from bulou.no_miss.treatment import numbered as hospitals
from bulou.no_miss.treatment import selectors as treatment
from bulou.operations.testing import selectors as testing
from bulou.plan.models import Clause, Plan
from bulou.web import fact_words, rows
from bulou.web.desk.rooms import SIGNS
from bulou.web.frame import rooms
from bulou.web.words import kind_title, say

EACH = 8
"""Of each kind at most: a longer text narrows it."""
PERSONAL = 3
"""The first so many kinds name people."""
_ICONS = {"person": "user", "place": "building", "unit": "users-group"}


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the results. `about` tells it from others of its name."""

    name: str
    about: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind. `more` where there are more than are shown; `is_personal` where they name people."""

    word: str
    found: Sequence[Found]
    more: bool = False
    is_personal: bool = False


def groups(text: str, account: Account) -> list[Group]:
    """Everything the text finds in the account's scope, kinds with nothing left out.

    Three queries; three more for a text with a digit in it, which may be the number of a tube, a room or a bed.
    """
    text = text.strip()
    if not text:
        return []
    hits = directory.find(text, area=account.area, limit=EACH + 1)
    cases = treatment.find(text, clock.now(), area=account.area, limit=EACH + 1)
    tubes = testing.tubes_find(text, area=account.area, limit=EACH + 1)
    areas = [hit.area for hit in hits] + [case.area for case in cases] + [tube.area for tube in tubes]
    names = directory.area_names({area[: rows.VILLAGE] for area in areas})
    of = {kind: [_found(hit, names) for hit in hits if hit.kind == kind] for kind in _ICONS}
    found = [
        (gettext("People"), of["person"]),
        (gettext("Cases"), [_case(case, names) for case in cases]),
        (gettext("Tubes"), [_tube(tube, names) for tube in tubes]),
        (gettext("Rooms and beds"), _numbered(text, account.area)),
        (gettext("Places"), of["place"]),
        (gettext("Units"), of["unit"]),
        (gettext("Clauses"), clauses(text)),
        (gettext("Pages"), pages(text, account)),
    ]
    return [Group(word, each[:EACH], len(each) > EACH, n < PERSONAL) for n, (word, each) in enumerate(found) if each]


def clauses(text: str) -> list[Found]:
    """Clauses of the plans on the shelf by number, by any part of the title, or by its initials. No query."""
    key, wanted = folded(text), text.strip().casefold()
    if not key:
        return []
    entries = _catalogue(tuple(plan.path for plan in shelf.every_plan()))
    found = [entry for entry in entries if wanted in entry.words or entry.short.startswith(key)]
    return [
        Found(say(entry.clause.title), f"{entry.clause.clause} · {say(entry.plan.title)}", entry.url, "gavel")
        for entry in found[: EACH + 1]
    ]


def pages(text: str, account: Account) -> list[Found]:
    """Pages of the navigation whose name begins so, in either language's word on screen."""
    wanted, key = text.strip().casefold(), folded(text)
    screens = [(room.icon, each) for room in rooms(account, "") for each in (room.screens or (room,))]
    return [
        Found(str(each.word), "", each.url, icon)
        for icon, each in screens
        if str(each.word).casefold().startswith(wanted) or (key and initials(str(each.word)).startswith(key))
    ]


class _Entry(NamedTuple):
    """A clause in words, where it is read, and what it is found by."""

    clause: Clause
    plan: Plan
    url: str
    words: str
    short: str


@cache
def _catalogue(folders: tuple[Path, ...]) -> list[_Entry]:
    """Every clause of the plans, the newest plan first: read once while the shelf stays as it is."""
    return [
        _Entry(
            clause,
            plan,
            reverse("clause", args=[plan.id, clause.clause]),
            f"{clause.clause}\n{clause.title.zh}\n{clause.title.en}".casefold(),
            initials(clause.title.zh),
        )
        for plan in shelf.every_plan()
        if plan.path in folders
        for clause in plan.clauses
    ]


def _found(hit: directory.Hit, names: dict[str, str]) -> Found:
    about = [names.get(hit.area[: rows.VILLAGE], hit.area)]
    if hit.kind == "person":
        age = hit.age
        years = ngettext("%(n)d year old", "%(n)d years old", age) % {"n": age} if age is not None else ""
        about = [fact_words.option_word(hit.about) if hit.about != "unknown" else "", years, *about, _how(hit.how)]
    return Found(hit.name, _joined(about), rows.file_url(f"{hit.kind}:{hit.id}"), _ICONS[hit.kind])


def _tube(tube: testing.TubeHit, names: dict[str, str]) -> Found:
    """A tube leads to the file of whose it is, where that is one person's."""
    stage = fact_words.option_word(tube.result) if tube.result else kind_title(tube.stage)
    about = _joined([tube.name, stage, names.get(tube.area[: rows.VILLAGE], tube.area)])
    return Found(tube.code, about, rows.file_url(tube.subject), "test-pipe")


def _numbered(text: str, area: str) -> list[Found]:
    """Rooms and beds by number, with where they are and their state, never who is in them."""
    found = [
        Found(one.number, _joined([one.site, one.building, str(SIGNS[one.state].word)]), url, "door")
        for one in isolation.rooms_find(text, area=area, limit=EACH + 1)
        for url in (reverse("room", args=[one.id]),)
    ]
    return found + [
        Found(one.number, _joined([one.hospital, one.ward, str(SIGNS[one.state].word)]), url, "bed")
        for one in hospitals.beds_find(text, area=area, limit=EACH + 1)
        for url in (reverse("bed", args=[one.id]),)
    ]


def _how(how: str) -> str:
    return {"id": gettext("by identity number"), "phone": gettext("by phone")}.get(how, "")


def _case(case: treatment.CaseHit, names: dict[str, str]) -> Found:
    number = case.number or gettext("no number yet")
    about = _joined([case.name, names.get(case.area[: rows.VILLAGE], case.area)])
    return Found(number, about, rows.file_url(case.episode), "virus")


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))
