"""Handovers in words: the five links with their times, who holds, whose turn it is, who answers for the delay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.custody import cards
from bulou.custody.clocks import ANSWERS, CLOCKS, NEXT, TURNS
from bulou.custody.models import OPEN
from bulou.custody.selectors import HandoverRow
from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import clocks
from bulou.web import rows
from bulou.web.rows import Owner
from bulou.web.words import Sign, signs

LINKS: Sequence[tuple[str, str | Promise, str]] = (
    ("requested", pgettext_lazy("link", "Identify"), "user-search"),
    ("accepted", pgettext_lazy("link", "Notify"), "bell"),
    ("departed", pgettext_lazy("link", "Transport"), "truck"),
    ("received", pgettext_lazy("link", "Admit"), "home-shield"),
    ("settled", pgettext_lazy("link", "Manage"), "clipboard-check"),
)
"""The five links (甄别、对接、转运、收隔、管理), each reached with the fact of this name."""
STAGES = signs(
    Sign("requested", _("Waiting for an answer"), "bell"),
    Sign("accepted", _("Waiting for the car"), "clock"),
    Sign("departed", _("On the way"), "truck"),
    Sign("received", _("Received, no room yet"), "home-shield"),
    Sign("settled", _("Settled"), "check"),
    Sign("refused", _("Not accepted"), "x"),
    Sign("cancelled", _("Called off"), "minus"),
    Sign("passed_on", _("Handed on"), "arrow-right"),
    Sign("ended", _("Ended"), "minus"),
)
COLOURS = {"settled": "met", "refused": "waived", "cancelled": "waived", "passed_on": "met", "ended": "void"}
WAITS = {
    "requested": _("to answer"),
    "accepted": _("to leave"),
    "departed": _("to arrive"),
    "received": _("to settle"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One link: reached `at`, or the one waited for (`now`), which may be overdue, or still to come."""

    word: str | Promise
    icon: str
    at: datetime | None
    state: str
    waits: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One handover with everything a row says. `name` is the card's code where the person is not in one's area."""

    row: HandoverRow
    name: str
    url: str
    area_name: str
    sender: Owner
    receiver: Owner
    steps: Sequence[Step]
    sign: Sign
    due: datetime | None
    over: timedelta | None
    turn: Owner | None
    answers: Owner | None

    @property
    def waits(self) -> str | Promise:
        return WAITS.get(self.row.stage, "")


def limits(area: str) -> dict[str, timedelta]:
    """How long each link may take in an area: as the plans in force say, else as the product does. One query."""
    return {**CLOCKS, **clocks.within(NEXT, area, clock.now())}


def shown(found: Iterable[HandoverRow], allowed: Mapping[str, timedelta]) -> list[Shown]:
    """The rows with names: three queries, whatever their number."""
    found = list(found)
    names = directory.names({f"person:{row.person}" for row in found})
    areas = directory.area_names({code for row in found for code in (row.area, row.area[: rows.VILLAGE])})
    units = rows.owners({unit for row in found for unit in (row.sender, row.receiver)})
    return [_shown(row, names, areas, units, allowed) for row in found]


def _shown(
    row: HandoverRow,
    names: Mapping[str, str],
    areas: Mapping[str, str],
    units: Mapping[UUID, Owner],
    allowed: Mapping[str, timedelta],
) -> Shown:
    now = clock.now()
    known = names.get(f"person:{row.person}")
    due = row.stage_at + allowed[row.stage] if row.is_open else None
    over = now - due if due and due < now else None
    sides = {"sender": units[row.sender], "receiver": units[row.receiver]}
    return Shown(
        row=row,
        name=known or cards.short(row.person),
        url=reverse("person", args=[row.person]) if known else "",
        area_name=rows.place_name(row.area, areas),
        sender=sides["sender"],
        receiver=sides["receiver"],
        steps=steps(row, over),
        sign=_sign(row, over),
        due=due,
        over=over,
        turn=sides[TURNS[row.stage]] if row.is_open else None,
        answers=sides[ANSWERS[row.stage]] if row.is_open else None,
    )


def _sign(row: HandoverRow, over: timedelta | None) -> Sign:
    """The stage as a badge; red while it waits too long."""
    stage = STAGES[row.stage]
    return Sign("missed" if over else COLOURS.get(row.stage, "open"), stage.word, stage.icon)


def steps(row: HandoverRow, over: timedelta | None) -> list[Step]:
    """The five links of a handover, as far as it has come."""
    now = clock.now()
    times = {name: getattr(row, f"{name}_at") for name, *_ in LINKS}
    reached = max((place for place, (name, *_) in enumerate(LINKS) if times[name]), default=0)
    found = []
    for place, (name, word, icon) in enumerate(LINKS):
        at = times[name]
        waiting = row.stage in OPEN and place == reached + 1
        state = "done" if at else "skipped" if place < reached else ("over" if over else "now") if waiting else "later"
        found.append(Step(word, icon, at, state, now - row.stage_at if waiting else None))
    return found
