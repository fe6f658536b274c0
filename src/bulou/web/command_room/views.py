"""The command room: the board, the misses, the duties behind each number, and why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.no_miss.treatment import selectors as treatment
from bulou.web import links, places, rows, words
from bulou.web.access import Request, area_asked, page
from bulou.web.command_room import board as boards
from bulou.web.command_room import lists
from bulou.web.lists import views
from bulou.web.looking import look_at_list

STALE = timedelta(minutes=5)
"""The ledger passes every minute; older numbers mean that it stands still."""
FIRST = 8
"""Misses shown on the board itself."""


@page
def board(request: Request, code: str = "") -> HttpResponse:
    """Who is being missed in an area right now, by no-miss and by area within."""
    return render(request, "command_room/board.html", _board(request, code, boards.board_url))


@page
def wall(request: Request, code: str = "") -> HttpResponse:
    """The board for a wall: large, nothing to press, and loud where its numbers are old."""
    context = _board(request, code, lambda area: reverse("area-wall", args=[area]) if area else reverse("wall"))
    stale = clock.now() - context["as_of"] > STALE
    return render(request, "command_room/board.html", context | {"wall": True, "stale": stale})


def _board(request: Request, code: str, url: Callable[[str], str]) -> dict[str, Any]:
    area = area_asked(request, code)
    found = ledger.board(area, timezone.localdate(clock.now()))
    picker = places.picker(request.user, area, url)
    pillars = boards.pillars(found, area)
    today = boards.total(column.today for column in found.columns)
    children = boards.children(found, directory.area_names(row.area for row in found.children))
    return {
        "area": area,
        "as_of": found.as_of,
        "now": timezone.localtime(clock.now()),
        "columns": [pillar for pillar in pillars if pillar.sign.name],
        "organisation": next((pillar for pillar in pillars if not pillar.sign.name and pillar.ever.total), None),
        "children": children,
        "map": boards.area_map(children, request.GET.get("map", "")),
        "measures": boards.MEASURES.items(),
        "today": today,
        "ever": boards.total(column.ever for column in found.columns),
        "links": links.behind(area, found.day),
        "rows": rows.masked(rows.shown(ledger.duties(area, found.day, state="missed", limit=FIRST).rows)),
        "cases": treatment.case_counts(area, clock.now()),
        **picker.context(),
    }


@page
def misses(request: Request) -> HttpResponse:
    """Everything past due and not done in an area, page by page."""
    asked = views.read(request, lists.MISSES)
    if asked_for := look_at_list(request, "misses", asked.area):
        return asked_for
    return views.show(request, asked, "command_room/misses.html")


@page
def duties(request: Request) -> HttpResponse:
    """The duties due on a day in an area: the rows behind every number of the board."""
    asked = views.read(request, lists.DUTIES)
    if asked_for := look_at_list(request, "duties", asked.area):
        return asked_for
    family = asked.values["no_miss"]
    more = {
        "day": asked.value("day"),
        "sign": words.no_miss_sign(family) if family else None,
        "day_before": asked.address(day=_shifted(asked.value("day"), -1)),
        "day_after": asked.address(day=_shifted(asked.value("day"), +1)),
    }
    return views.show(request, asked, "command_room/duties.html", **more)


def _shifted(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
