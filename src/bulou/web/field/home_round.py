"""The round from door to door: everybody isolated at home by address, one line a person, one submit.

It works as the round of a site does (`rounds.py`): a sheet sent twice is one, and what is wrong stays on its line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import limits
from bulou.no_miss.isolation import observation
from bulou.no_miss.isolation.at_home import MOST, at_home
from bulou.web import links, places, rows
from bulou.web.access import Request, area_asked, page, visits_homes
from bulou.web.field import homes
from bulou.web.field.my_list import common_beginning
from bulou.web.field.rounds import Line, choices, take
from bulou.web.lists.asked import Chip
from bulou.web.looking import look_at_list

SETTING = "home"
NOBODY = "-"
"""Stands in an address for whom nobody was named to visit."""
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Door:
    """One address with everybody isolated behind it. `visitors`: who was named to look after them."""

    address: str
    area_name: str
    visitors: str
    lines: Sequence[Line]


@page
def sheet(request: Request) -> HttpResponse:
    """The sheet of an area; sent in, it records what was filled in and keeps what was wrong, with the reason."""
    if not visits_homes(request.user):
        raise PermissionDenied
    area, now = area_asked(request, request.GET.get("area")), clock.now()
    who, half = request.GET.get("who", "")[:200], limits.readings(area, now).half(now)
    everybody, visitors = _lines(area, now)
    lines = everybody[:MOST]
    counted = Counter(visitors.get(line.key, "") for line in lines)
    shown = [line for line in lines if not who or visitors.get(line.key, "") == who.removeprefix(NOBODY)]
    status = 200
    if request.method == "POST":
        shown, is_good = take(request, shown, area, SETTING)
        if is_good:
            return HttpResponseRedirect(request.get_full_path())
        status = 422
    elif asked := look_at_list(request, "home round", area, is_own=True):
        return asked
    beginning = common_beginning({line.key: homes.Home(line.room, line.room) for line in shown if line.room})
    picker = places.picker(request.user, area, lambda code: links.address("home-round", area=code))
    context = {
        "doors": _doors(shown, visitors, beginning),
        "beginning": beginning,
        "people": len(shown),
        "first": MOST if len(everybody) > MOST else 0,
        "half": half,
        "to_do": sum(getattr(line.guest, half) is None for line in shown),
        "chips": _chips(area, who, counted),
        **choices(),
        **picker.context(),
    }
    return render(request, "field/home_round.html", context, status=status)


def _lines(area: str, now: datetime) -> tuple[list[Line], dict[str, str]]:
    """A line each in the order of the addresses, and who was named to visit them, by person. Five queries."""
    guests = at_home(area, now)
    known = homes.residents(f"person:{guest.person}" for guest in guests)
    said = observation.said_of([guest.person for guest in guests], now)
    lines = []
    for guest in guests:
        home = known[f"person:{guest.person}"].home if f"person:{guest.person}" in known else None
        lines.append(Line(home.address if home else "", guest, str(new_id())))
    ordered = sorted(lines, key=lambda line: (line.guest.area[: rows.VILLAGE], not line.room, _natural(line.room)))
    return ordered, {str(person): one.manager for person, one in said.items()}


def _natural(address: str) -> list[tuple[int, int, str]]:
    """As people walk: number 9 before number 10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _NUMBERS.split(address)]


def _doors(lines: Sequence[Line], visitors: dict[str, str], beginning: str) -> list[Door]:
    """The lines by address, where the address is known, without what all addresses begin with. One query."""
    names = directory.area_names({code for one in lines for code in (one.guest.area, one.guest.area[: rows.VILLAGE])})
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.guest.area, line.room or line.key), []).append(line)
    return [
        Door(
            address=own[0].room.removeprefix(beginning),
            area_name=rows.place_name(area, names),
            visitors=gettext(", ").join(dict.fromkeys(filter(None, (visitors.get(line.key, "") for line in own)))),
            lines=own,
        )
        for (area, _), own in grouped.items()
    ]


def _chips(area: str, who: str, counted: Counter[str]) -> list[Chip]:
    """Whose visits to show: everybody's, those of each person named, and those nobody was named for."""
    everybody = Chip(gettext_lazy("Everybody"), _to(area), not who, n=counted.total())
    named = [Chip(name, _to(area, name), who == name, "user", n=n) for name, n in sorted(counted.items()) if name]
    left = counted.get("", 0)
    nobody = Chip(gettext_lazy("Nobody named"), _to(area, NOBODY), who == NOBODY, "user-question", n=left)
    return [everybody, *named, *([nobody] if left else [])]


def _to(area: str, who: str = "") -> str:
    given: dict[str, Any] = {"area": area, "who": who}
    return links.address("home-round", **given)
