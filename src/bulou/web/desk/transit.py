"""In transit: everybody on the way from one hand to another, link by link, the most overdue first; and their cards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.custody import cards
from bulou.custody import selectors as custody
from bulou.custody.models import OPEN
from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.ids import id_of
from bulou.web import handovers, links, rows
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.looking import look_at_list, look_at_person

CELL = "lists/cells/handover_{}.html".format
TOGETHER = 1_000
"""Rows whose names a file asks for at once."""


def _stages() -> list[tuple[str, Word, str]]:
    return [(name, handovers.STAGES[name].word, handovers.STAGES[name].icon) for name in OPEN]


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    """Some of the board with names. Five queries."""
    allowed = handovers.limits(account.area)
    found = custody.on_the_way(
        allowed,
        clock.now(),
        stage=asked.values["stage"],
        unit=id_of(asked.values["unit"]),
        overdue=bool(asked.values["overdue"]),
        after=after,
        limit=limit + 1,
    )
    more = len(found) > limit
    shown = handovers.shown((row for row, _due in found[:limit]), allowed)
    return Page(shown, custody.key_of(*found[limit - 1]) if more else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[handovers.Shown]:
    """Every row of the board with its names, for a file."""
    after = ""
    while True:
        found = _read(asked, account, after, TOGETHER)
        yield from found.rows
        if not found.next:
            return
        after = found.next


def _waits(one: handovers.Shown) -> str:
    return f"{one.turn.name} {one.waits}" if one.turn else ""


TRANSIT = register(
    List(
        name="transit",
        title=_("In transit"),
        columns=(
            Column("who", _("Who"), CELL("who"), lambda one: one.name, fixed=True, css="lead", sort=True),
            Column(
                "links",
                _("Five links"),
                CELL("links"),
                lambda one: str(one.sign.word),
                fixed=True,
                css="bare",
                sort=True,
            ),
            Column("from", pgettext_lazy("handover", "From"), CELL("from"), lambda one: one.sender.name, sort=True),
            Column("to", pgettext_lazy("handover", "To"), CELL("to"), lambda one: one.receiver.name, sort=True),
            Column("waits", _("Waits for"), CELL("waits"), _waits, sort=True),
            Column("vehicle", _("Vehicle"), CELL("vehicle"), lambda one: one.row.vehicle, shown=False, sort=True),
        ),
        read=_read,
        stream=_stream,
        told=lambda found: found,
        more=(
            Column("due", _("Due"), "", lambda one: local(one.due)),
            Column("area", _("Area"), "", lambda one: one.area_name),
            Column("area_code", _("Area code"), "", lambda one: one.row.area),
        ),
        personal=lambda one: True,
        key=lambda one: str(one.row.id),
        filters=(
            Filter("stage", _("Link"), "choice", _stages, all_word=_("Every link"), chips=True),
            Filter("overdue", _("Overdue"), "flag", chips=True, icon="alert-triangle"),
            Filter("unit", _("Unit"), "hidden", icon="building", reads=id_of),
        ),
        native=("due",),
        css="handover-rows",
        row_css=lambda one: "over" if one.over else "",
        empty=_("Nobody is on the way"),
        empty_help=_("A handover appears here when somebody asks a unit to take a person."),
    )
)


@page
def transit(request: Request) -> HttpResponse:
    """The board. Whoever lists people is on record."""
    asked = views.read(request, TRANSIT)
    if asked_for := look_at_list(request, "transit", request.user.area):
        return asked_for
    return views.show(request, asked, "desk/transit.html", **_counted(asked, handovers.limits(request.user.area)))


def _counted(asked: Asked, allowed: Mapping[str, timedelta]) -> dict[str, Any]:
    """What stands above the rows: how many are at each link, and at which units. Two queries."""
    counted = custody.tally(allowed, clock.now())
    chosen = id_of(asked.values["unit"])
    sides = {unit for unit, _number in (*counted.senders, *counted.receivers)}
    units = rows.owners(sides | {chosen} if chosen else sides)
    name = units[chosen].name if chosen in units else asked.values["unit"]
    stages = [(handovers.STAGES[stage], number, stage) for stage, number in counted.stages.items()]
    return {
        "chips": [replace(one, word=name) if one.word == asked.values["unit"] else one for one in asked.chips()],
        "total": counted.total,
        "stages": [(sign, number, links.address("transit", stage=stage)) for sign, number, stage in stages],
        "sides": [(_("By sender"), _side(counted.senders, units)), (_("By receiver"), _side(counted.receivers, units))],
        "allowed": [(handovers.STAGES[stage], allowed[stage]) for stage in OPEN],
    }


def _side(found: Sequence[tuple[UUID, custody.Counted]], units: dict[UUID, rows.Owner]) -> list[tuple[Any, ...]]:
    return [(units[unit], number, links.address("transit", unit=unit)) for unit, number in found if unit in units]


@page
def card(request: Request, id: UUID) -> HttpResponse:
    """A person's card for printing: name, and a mark that each hand scans. Nothing about the person is in the mark."""
    found = directory.person_file(id)
    if found is None:
        raise Http404
    if asked_for := look_at_person(request, id, found.area):
        return asked_for
    address = request.build_absolute_uri(f"{reverse('scan')}?code={cards.code(id)}")
    mark = segno.make(address, error="m")
    context = {
        "person": found,
        "mark": mark.svg_data_uri(scale=6, border=2),
        "short": cards.short(id),
        "holder": _holder(id),
    }
    return render(request, "desk/card.html", context)


def _holder(person: UUID) -> rows.Owner | None:
    held = custody.holders([person]).get(person)
    return rows.owners([held.unit]).get(held.unit) if held and held.unit else None
