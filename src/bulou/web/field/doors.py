"""Door by door, on a phone: the next household of a campaign, what was found there, one submit."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from bulou.directory import selectors as directory
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.no_miss.screening import campaigning, rosters
from bulou.no_miss.screening.campaigns import Coverage
from bulou.web import rows
from bulou.web.access import Request, area_asked, page
from bulou.web.desk.campaigns import STATES, is_open

MOST = 99
"""People at one door: more is a slip of the finger."""
NUMBERS = ("present", "expected", "symptomatic", "arrived")


@page
def next_(request: Request, id: UUID) -> HttpResponse:
    """The next door; sent in, it is recorded and the one after it is shown. 404 for a campaign out of sight or over."""
    found = rosters.campaign(id)
    if found is None or not is_open(found):
        raise Http404
    area = area_asked(request, request.GET.get("area"))
    if not contains(found.area, area) and not contains(area, found.area):
        raise Http404
    left: UUID | None = None
    given: Mapping[str, str] = {}
    error, status = "", 200
    if request.method == "POST":
        left, given, error = _record(request, id)
        status = 422 if error else 200
    wanted = id_of(request.POST.get("place", "")) if error else None
    same = rosters.door(id, wanted) if wanted else None
    door = same or rosters.next_door(id, area, after=left) or rosters.next_door(id, area)
    names = directory.area_names({door.area, door.area[: rows.VILLAGE]}) if door else {}
    total = sum(rosters.coverage_by_area(id, area).values(), Coverage())
    context = {
        "campaign": found,
        "door": door,
        "where": rows.place_name(door.area, names) if door else "",
        "sign": STATES[door.state] if door else None,
        "total": total,
        "left": total.doors - total.visited,
        "given": given,
        "error": error,
        "area": area,
        "id": new_id(),
    }
    return render(request, "field/door.html", context, status=status)


def _record(request: Request, id: UUID) -> tuple[UUID | None, Mapping[str, str], str]:
    """Which door was recorded; or what was entered, and why it was not."""
    given = {name: request.POST.get(name, "").strip() for name in (*NUMBERS, "note")}
    place = id_of(request.POST.get("place", ""))
    if request.POST.get("nobody"):
        given |= {"present": "0", "symptomatic": "", "arrived": ""}
    numbers = {name: int(given[name]) for name in NUMBERS if given[name].isdecimal() and int(given[name]) <= MOST}
    wrong = [name for name in NUMBERS if given[name] and name not in numbers]
    if place is None or "present" not in numbers or wrong:
        return None, given, gettext("Enter how many people, 0 to 99; nothing was recorded.")
    try:
        done = campaigning.knock(
            id,
            place,
            by=request.user,
            id=id_of(request.POST.get("id", "")) or new_id(),
            present=numbers["present"],
            expected=numbers.get("expected"),
            symptomatic=numbers.get("symptomatic", 0),
            arrived=numbers.get("arrived", 0),
            note=given["note"],
        )
    except BulouError as error:
        return None, given, error.to(get_language() or "zh")
    said = STATES[done.state].word
    if done.unlisted:
        n = done.unlisted
        more = ngettext("%(n)d person on no list: put them on file.", "%(n)d people on no list: put them on file.", n)
        said = f"{said}. {more % {'n': n}}"
    messages.success(request, str(said))
    return place, {}, ""
