"""Lists of other departments beside what the village found: only theirs, only ours, in both; each to be settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.no_miss.screening import matching, settling
from bulou.no_miss.screening.listings import (
    BOTH,
    DAY,
    NAMED_ALONE,
    ONLY_OURS,
    ONLY_THEIRS,
    OPEN,
    REGISTER,
    Scope,
)
from bulou.no_miss.screening.matching import Compared
from bulou.web import links, places, rows
from bulou.web.access import Request, area_asked, page
from bulou.web.fact_words import option_word
from bulou.web.looking import look_at_list
from bulou.web.words import Sign, signs

OWNER = "village_committee"
SHOWN = 200
"""Rows of one side on a page; the number above says how many there are."""
SIDES = signs(
    Sign(ONLY_THEIRS, _("Only on their list"), "user-question"),
    Sign(ONLY_OURS, _("Only on our register"), "user-search"),
    Sign(BOTH, _("On both"), "check"),
)
SCOPES = signs(
    Sign(REGISTER, _("Everybody of this category there"), "users-group"),
    Sign(DAY, _("Everybody who came on one day"), "calendar-event"),
    Sign(NAMED_ALONE, _("Only the people it names"), "user"),
)
"""What a list claims to hold; only within that is *found by the village, not on the list* a difference."""
COLOURS = {ONLY_THEIRS: "missed", ONLY_OURS: "late", BOTH: "met"}


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a comparison, with names, what each side says, and whose it is to settle."""

    row: Compared
    name: str
    url: str
    theirs: str
    ours: str
    owner: rows.Owner | None
    settled: str
    id: UUID


@page
def received(request: Request) -> HttpResponse:
    """The lists an area received, each with how many of it are settled."""
    area = area_asked(request, request.GET.get("area"))
    picker = places.picker(request.user, area, lambda code: links.address("received", area=code))
    lists = matching.received(area)
    unstated = matching.unstated(area, lists)
    found = [
        (
            one,
            option_word(one.category),
            _address(area, one.name, one.category),
            (one.name, one.category) in unstated,
        )
        for one in lists
    ]
    return render(request, "desk/received.html", {"lists": found, **picker.context()})


@page
def reconcile(request: Request) -> HttpResponse:
    """One list beside the register, side by side. Whoever opens it is on record."""
    area = area_asked(request, request.GET.get("area"))
    name, category = request.GET.get("list", ""), request.GET.get("category", "arrival")
    scopes = matching.scopes_of(name, category, area)
    found = matching.compared(name, category, area, scopes)
    if not found:
        raise Http404
    if asked_for := look_at_list(request, f"list {name}"[:200], area):
        return asked_for
    side = request.GET.get("side", "")
    side = side if side in SIDES else ONLY_THEIRS
    picker = places.picker(request.user, area, lambda code: _address(code, name, category))
    of_side = [one for one in found if one.pair.side == side]
    ordered = sorted(of_side, key=lambda one: (one.state != OPEN, not one.pair.differs, one.at, one.pair.person))
    agreeing = [one for one in found if one.pair.side == BOTH and one.state == OPEN and not one.pair.differs]
    context = {
        "name": name,
        "category": category,
        "category_word": option_word(category),
        "tiles": [_tile(found, one, _address(area, name, category, one), one == side) for one in SIDES],
        "sign": SIDES[side],
        "side": side,
        "n": len(of_side),
        "lines": _lines(ordered[:SHOWN]),
        "agreeing": len(agreeing) if side == BOTH else 0,
        "outcomes": [(outcome, option_word(outcome)) for outcome in settling.OUTCOMES],
        "here": request.get_full_path(),
        "area": area,
        "id": new_id(),
        "scopes": _said(scopes),
        "choices": SCOPES.values(),
        **picker.context(),
    }
    return render(request, "desk/reconcile.html", context)


def _said(scopes: Sequence[Scope]) -> list[tuple[Sign, Scope, str]]:
    """What a list claims to hold, in words and with where. One query."""
    names = directory.area_names({one.area for one in scopes})
    return [(SCOPES.get(one.scope, SCOPES[NAMED_ALONE]), one, names.get(one.area, one.area)) for one in scopes]


@require_POST
@page
def state_scope(request: Request) -> HttpResponse:
    """Say what a list holds of an area, or say it anew. Back to the list."""
    area = area_asked(request, request.POST.get("area"))
    name, category = request.POST.get("list", ""), request.POST.get("category", "arrival")
    try:
        settling.state_scope(
            name,
            category,
            area,
            request.POST.get("scope", ""),
            by=request.user,
            id=id_of(request.POST.get("id", "")) or new_id(),
            day=_day(request.POST.get("day", "")),
        )
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("What the list holds is on record."))
    return HttpResponseRedirect(_address(area, name, category, ONLY_OURS))


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


@require_POST
@page
def settle(request: Request) -> HttpResponse:
    """Settle one difference, or all on which both agree. Back to the side it was on."""
    area = area_asked(request, request.POST.get("area"))
    name, category = request.POST.get("list", ""), request.POST.get("category", "arrival")
    given: dict[str, Any] = {"by": request.user, "id": _uuid(request.POST.get("id", "")) or new_id()}
    try:
        n = _settle(request, name, category, area, given)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, ngettext("%(n)d person settled.", "%(n)d people settled.", n) % {"n": n})
    return HttpResponseRedirect(_address(area, name, category, request.POST.get("side", "")))


def _settle(request: Request, name: str, category: str, area: str, given: dict[str, Any]) -> int:
    if request.POST.get("all"):
        found = matching.compared(name, category, area, ())
        agreeing = [one.listing for one in found if one.pair.side == BOTH and not one.pair.differs and one.listing]
        return settling.settle_agreeing(agreeing, **given)
    enrolment, listing = _uuid(request.POST.get("enrolment", "")), _uuid(request.POST.get("listing", ""))
    if listing is None and enrolment is not None:
        settling.tell(enrolment, name, **given)
    else:
        outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "").strip()
        settling.settle(listing or new_id(), outcome, note=note, **given)
    return 1


def _tile(found: Sequence[Compared], side: str, url: str, current: bool) -> tuple[Sign, int, int, str, str, bool]:
    """A side with how many are on it, and how many of them nobody has settled."""
    own = [one for one in found if one.pair.side == side]
    return SIDES[side], len(own), sum(one.state == OPEN for one in own), COLOURS[side], url, current


def _lines(found: Sequence[Compared]) -> list[Line]:
    """The rows with names. Four queries, whatever their number."""
    names = directory.names({f"person:{one.pair.person}" for one in found})
    codes = {code for one in found for code in (one.pair.theirs, one.pair.ours) if code}
    areas = directory.area_names(codes | {code[: rows.VILLAGE] for code in codes})
    owners = directory.owners_of(OWNER, {one.area for one in found})
    known = rows.owners(owners.values())
    lines = []
    for one in found:
        subject = f"person:{one.pair.person}"
        lines.append(
            Line(
                row=one,
                name=names.get(subject) or rows.kind_word(subject),
                url=rows.file_url(subject) if subject in names else "",
                theirs=rows.place_name(one.pair.theirs, areas) if one.pair.theirs else gettext("not named"),
                ours=rows.place_name(one.pair.ours, areas) if one.pair.ours else gettext("not on the register"),
                owner=known.get(owners[one.area]) if one.area in owners else None,
                settled=option_word(one.state) if one.state != OPEN else "",
                id=new_id(),
            )
        )
    return lines


def _address(area: str, name: str, category: str, side: str = "") -> str:
    return links.address("reconcile", area=area, list=name, category=category, side=side)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
