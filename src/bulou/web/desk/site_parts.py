"""The parts of a large site as chips above its board or its round: which floors, and how many rooms are free there."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from bulou.directory.selectors import UnitRow
from bulou.no_miss.isolation.room_board import Board
from bulou.no_miss.isolation.site_parts import Part
from bulou.web.access import Request
from bulou.web.lists.asked import Chip


def part_asked(request: Request) -> int:
    """Which part the address asks for, counted from 1 there and from 0 here; the first where it asks for none."""
    text = request.GET.get("part", "")
    return int(text) - 1 if text.isdecimal() and len(text) < 5 and int(text) else 0


def address(page: str, site: UnitRow, shown: Board) -> str:
    """The same part on another page."""
    return _address(page, site, shown.part)


def chips(page: str, site: UnitRow, shown: Board) -> list[Chip]:
    """A chip for each part; none where the site is shown whole."""
    if len(shown.parts) < 2:
        return []
    return [
        Chip(f"{_word(one)} · {free}", _address(page, site, n), n == shown.part, "door" if one.free else "")
        for n, one in enumerate(shown.parts)
        if (free := gettext("%(free)d of %(rooms)d free") % {"free": one.free, "rooms": one.rooms})
    ]


def _address(page: str, site: UnitRow, part: int) -> str:
    return f"{reverse(page)}?{urlencode({'site': site.id, 'part': part + 1})}"


def _word(part: Part) -> str:
    """Floors 1 to 12; floor 1, rooms 501 to 900; and the building where it has a name."""
    (building, floor), (last_building, last_floor) = part.start, part.end
    if part.passed is not None:
        given = {"n": floor, "first": part.passed + 1, "last": part.passed + part.rooms}
        return _in(building, gettext("Floor %(n)s, rooms %(first)d to %(last)d") % given)
    if building != last_building:
        return f"{_floor(building, floor)} – {_floor(last_building, last_floor)}"
    if floor != last_floor:
        return _in(building, gettext("Floors %(first)s to %(last)s") % {"first": floor, "last": last_floor})
    return _floor(building, floor)


def _floor(building: str, floor: int) -> str:
    return _in(building, gettext("Floor %(n)s") % {"n": floor})


def _in(building: str, words: str) -> str:
    return f"{building} · {words}" if building else words
