"""The command room: the board, the misses, the duties behind each number, and why."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.no_miss.treatment import selectors as treatment
from bulou.web import links, places, rows, words
from bulou.web.access import Request, area_asked, page
from bulou.web.command_room import board as boards
from bulou.web.command_room import filters

FIRST = 8
"""Misses shown on the board itself."""
PAGE = 50


@page
def board(request: Request, code: str = "") -> HttpResponse:
    """Who is being missed in an area right now, by no-miss and by area within."""
    area = area_asked(request, code)
    found = ledger.board(area, timezone.localdate(clock.now()))
    picker = places.picker(request.user, area, boards.board_url)
    pillars = boards.pillars(found, area)
    today = boards.total(column.today for column in found.columns)
    context = {
        "area": area,
        "as_of": found.as_of,
        "columns": [pillar for pillar in pillars if pillar.sign.name],
        "organisation": next((pillar for pillar in pillars if not pillar.sign.name and pillar.ever.total), None),
        "children": boards.children(found, directory.area_names(row.area for row in found.children)),
        "today": today,
        "ever": boards.total(column.ever for column in found.columns),
        "links": links.behind(area, found.day),
        "rows": rows.shown(ledger.duties(area, found.day, state="missed", limit=FIRST).rows),
        "cases": treatment.case_counts(area, clock.now()),
        **picker.context(),
    }
    return render(request, "command_room/board.html", context)


@page
def misses(request: Request) -> HttpResponse:
    """Everything past due and not done in an area, page by page."""
    asked = filters.read(request)
    found = ledger.misses(
        asked.area,
        no_miss=asked.no_miss,
        clause=asked.clause or None,
        unowned=asked.unowned,
        after=asked.after or None,
        limit=PAGE,
    )
    picker = places.picker(request.user, asked.area, lambda area: asked.address("misses", area=area))
    context = {
        "area": asked.area,
        "chips": filters.miss_chips(asked),
        "rows": rows.shown(found.rows),
        "next_url": asked.address("misses", after=found.next) if found.next else "",
        "first_url": asked.address("misses") if asked.after else "",
        **picker.context(),
    }
    return render(request, "command_room/misses.html", context)


@page
def duties(request: Request) -> HttpResponse:
    """The duties due on a day in an area: the rows behind every number of the board."""
    asked = filters.read(request)
    found = ledger.duties(
        asked.area,
        asked.day,
        state=asked.state or None,
        no_miss=asked.no_miss,
        clause=asked.clause or None,
        after=asked.after or None,
        limit=PAGE,
    )
    picker = places.picker(request.user, asked.area, lambda area: asked.address("duties", area=area))
    context = {
        "area": asked.area,
        "day": asked.day,
        "sign": None if asked.no_miss is None else words.no_miss_sign(asked.no_miss),
        "chips": filters.duty_chips(asked),
        "rows": rows.shown(found.rows),
        "next_url": asked.address("duties", after=found.next) if found.next else "",
        "first_url": asked.address("duties") if asked.after else "",
        "day_before": asked.address("duties", day=_shifted(asked.day, -1)),
        "day_after": asked.address("duties", day=_shifted(asked.day, +1)),
        **picker.context(),
    }
    return render(request, "command_room/duties.html", context)


def _shifted(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
