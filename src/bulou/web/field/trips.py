"""A trip: several people in one vehicle, each in a handover of their own. Who is on it, who has arrived, who stayed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from bulou.custody import cards
from bulou.custody import selectors as custody
from bulou.custody.selectors import HandoverRow
from bulou.web import handovers, rows
from bulou.web.access import Request, page
from bulou.web.field.handovers import grouped, open_here
from bulou.web.handovers import STAGES, Shown
from bulou.web.looking import look_at_list

GONE = ("departed", "received", "settled", "passed_on", "ended")
"""Stages of those who travelled."""
WAITING = ("requested", "accepted")


@page
def trip(request: Request, id: UUID) -> HttpResponse:
    """Everybody of a trip with where they are, and what is one's own turn. 404 for one out of sight."""
    found = _trip(request, id)
    if isinstance(found, HttpResponse):
        return found
    shown = _shown(request, found)
    mine = {row.id for row in open_here(request)}
    groups = grouped(request, [one for one in shown if one.row.id in mine])
    context = {
        **_head(found, shown),
        "turns": [group for group in groups if group.mine],
        "others": [group for group in groups if not group.mine],
        "everybody": [(one, _stayed(one.row, found)) for one in shown],
        "counts": [(sign, n) for name, sign in STAGES.items() if (n := sum(row.stage == name for row in found))],
    }
    return render(request, "field/trip.html", context)


@page
def sheet(request: Request, id: UUID) -> HttpResponse:
    """The trip on paper: its mark, and a line with name, code and mark for each, ticked as they get in and out."""
    found = _trip(request, id)
    if isinstance(found, HttpResponse):
        return found
    shown = _shown(request, found)
    context = {
        **_head(found, shown),
        "mark": _mark(request, reverse("trip", args=[id]), 4),
        "lines": [
            (
                one,
                cards.short(one.row.person),
                _mark(request, f"{reverse('scan')}?code={cards.code(one.row.person)}", 2),
            )
            for one in shown
            if one.row.stage not in ("refused", "cancelled")
        ],
    }
    return render(request, "field/trip_sheet.html", context)


def _trip(request: Request, id: UUID) -> list[HandoverRow] | HttpResponse:
    """The handovers of a trip, or the page that asks what for. The look is on record."""
    found = custody.of_trip(id)
    if not found:
        raise Http404
    unit = request.user.unit_id
    is_own = any(unit in (row.sender, row.receiver, row.carrier) for row in found)
    return look_at_list(request, "trip", request.user.area, is_own=is_own) or found


def _shown(request: Request, found: Sequence[HandoverRow]) -> list[Shown]:
    """The handovers with names, sender by sender. Four queries."""
    shown = handovers.shown(found, handovers.limits(request.user.area))
    return sorted(shown, key=lambda one: (one.sender.name, one.name, one.row.id))


def _head(found: Sequence[HandoverRow], shown: Sequence[Shown]) -> dict[str, Any]:
    """What is said of the whole: from whom to whom, in what, driven by whom. One query."""
    carriers = rows.owners({row.carrier for row in found if row.carrier})
    return {
        "trip": found[0].trip,
        "people": len(found),
        "senders": list(dict.fromkeys(one.sender.name for one in shown)),
        "receivers": list(dict.fromkeys(one.receiver.name for one in shown)),
        "vehicles": list(dict.fromkeys(row.vehicle for row in found if row.vehicle)),
        "crews": list(dict.fromkeys(row.crew for row in found if row.crew)),
        "carriers": list(carriers.values()),
    }


def _stayed(row: HandoverRow, found: Sequence[HandoverRow]) -> bool:
    """True for whoever was not in the vehicle when the others left."""
    return row.stage in WAITING and any(other.stage in GONE for other in found)


def _mark(request: Request, path: str, scale: int) -> str:
    return segno.make(request.build_absolute_uri(path), error="m").svg_data_uri(scale=scale, border=2)
