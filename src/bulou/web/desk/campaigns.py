"""Drag-net campaigns: opened over an area, watched area by area down to the grid, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.no_miss.screening import campaigning, rosters
from bulou.no_miss.screening.campaigns import Coverage
from bulou.no_miss.screening.models import Campaign
from bulou.no_miss.screening.rosters import Knocked
from bulou.web import places, rows
from bulou.web.access import Request, area_asked, commands, page
from bulou.web.words import Sign, signs

OWNER = "village_committee"
OPENING = ("town_government", "village_committee", "health_bureau", "cdc")
"""Roles beside the command posts that open and end campaigns in their area."""
STATES = signs(
    Sign("waiting", _("Nobody has knocked"), "door"),
    Sign("no_answer", _("Return visit due"), "refresh"),
    Sign("visited", _("Visited"), "check"),
    Sign("unlisted", _("People on no list"), "user-question"),
)
GRID = 15


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an area: how far it is, and who answers for it."""

    name: str
    url: str
    coverage: Coverage
    owner: rows.Owner | None


@dataclass(frozen=True, slots=True)
class Row:
    """One door as the board lists it."""

    door: Knocked
    url: str
    area_name: str
    sign: Sign
    colour: str


def may(request: Request) -> bool:
    return commands(request.user) or request.user.role in OPENING


@page
def campaigns(request: Request) -> HttpResponse:
    """Every campaign in sight with how far it is, and the form that opens one."""
    found, now = rosters.campaigns(), clock.now()
    covered = rosters.coverages(one.pk for one in found)
    names = directory.area_names({one.area for one in found} | {request.user.area})
    listed = [(one, covered.get(one.pk, Coverage()), names.get(one.area, one.area), one.ends_at > now) for one in found]
    context = {
        "listed": listed,
        "area_name": names.get(request.user.area, ""),
        "may": may(request),
        "id": new_id(),
        "given": request.GET,
    }
    return render(request, "desk/campaigns.html", context)


@require_POST
@page
def open_(request: Request) -> HttpResponse:
    """Open a campaign over one's area, or a part of it. What is wrong is said; nothing is opened then."""
    if not may(request):
        raise PermissionDenied
    area, name, days = (request.POST.get(key, "").strip() for key in ("area", "name", "days"))
    area = area_asked(request, area)
    if not name or not days.isdecimal() or not 1 <= int(days) <= campaigning.MOST_DAYS:
        messages.error(request, gettext("Give the campaign a name and 1 to 60 days; nothing was opened."))
        return HttpResponseRedirect(f"{reverse('campaigns')}?{urlencode({'name': name[:200], 'days': days[:4]})}")
    try:
        made = campaigning.campaign_open(
            area,
            name,
            int(days),
            by=request.user,
            id=_id(request),
            question=request.POST.get("question", ""),
            clause=request.POST.get("clause", ""),
        )
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
        return HttpResponseRedirect(reverse("campaigns"))
    messages.success(request, gettext("The campaign is open; every household of the area is on its roster."))
    return HttpResponseRedirect(reverse("campaign", args=[made.pk]))


@require_POST
@page
def close(request: Request, id: UUID) -> HttpResponse:
    """End a campaign before its time."""
    if not may(request):
        raise PermissionDenied
    try:
        campaigning.campaign_close(id, by=request.user, id=_id(request))
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("The campaign has ended; what nobody did stays missed."))
    return HttpResponseRedirect(reverse("campaign", args=[id]))


@page
def campaign(request: Request, id: UUID) -> HttpResponse:
    """The board of a campaign: an area by its parts with their coverage, down to the doors of a grid."""
    found = rosters.campaign(id)
    if found is None:
        raise Http404
    own = found.area if contains(request.user.area, found.area) else request.user.area
    area = area_asked(request, request.GET.get("area") or own)
    if not contains(own, area):
        area = own
    state = request.GET.get("state", "")
    parts = rosters.coverage_by_area(id, area)
    picker = places.picker(request.user, area, lambda code: _address(id, code))
    is_over = found.ends_at <= clock.now()
    total = sum(parts.values(), Coverage())
    context = {
        "campaign": found,
        "is_over": is_over,
        "total": total,
        "areas": _parts(id, area, parts, picker.names),
        "tiles": _tiles(id, area, total, is_over),
        "rows": _rows(rosters.doors(id, area, state=state), is_over),
        "state": STATES[state].word if state in STATES else "",
        "all_url": _address(id, area),
        "may_close": may(request) and contains(request.user.area, found.area) and not is_over,
        "next_url": "" if is_over else f"{reverse('next-door', args=[id])}?area={area}",
        "id": new_id(),
        **picker.context(),
    }
    return render(request, "desk/campaign.html", context)


def _address(id: UUID, area: str, state: str = "") -> str:
    return f"{reverse('campaign', args=[id])}?area={area}" + (f"&state={state}" if state else "")


def _tiles(id: UUID, area: str, total: Coverage, is_over: bool) -> list[tuple[Sign, int, str, str]]:
    """The doors of an area by state; what nobody did of a campaign that is over is missed."""
    left = "missed" if is_over else "open"
    numbers = {"waiting": total.waiting, "no_answer": total.no_answer, "visited": total.visited}
    colours = {"waiting": left, "no_answer": "missed" if is_over else "late", "visited": "met", "unlisted": "unowned"}
    numbers["unlisted"] = total.unlisted
    return [(STATES[name], n, colours[name], _address(id, area, name)) for name, n in numbers.items()]


def _parts(id: UUID, area: str, found: Mapping[str, Coverage], names: Mapping[str, str]) -> list[Part]:
    """The parts with their owners, those with most left to do first. Two queries."""
    if len(area) >= GRID:
        return []
    named = {**directory.area_names(found), **names}
    owners = directory.owners_of(OWNER, found)
    known = rows.owners(owners.values())
    listed = [
        Part(named.get(code, code), _address(id, code), coverage, known.get(owners[code]) if code in owners else None)
        for code, coverage in found.items()
    ]
    return sorted(listed, key=lambda one: (one.coverage.percent, one.name))


def _rows(found: Sequence[Knocked], is_over: bool) -> list[Row]:
    names = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    colours = {
        "waiting": "missed" if is_over else "open",
        "no_answer": "missed" if is_over else "late",
        "visited": "met",
    }
    return [
        Row(
            one,
            rows.file_url(f"place:{one.place}"),
            rows.place_name(one.area, names),
            STATES[one.state],
            colours[one.state],
        )
        for one in found
    ]


def _id(request: Request) -> UUID:
    return id_of(request.POST.get("id", "")) or new_id()


def is_open(found: Campaign) -> bool:
    """True while doors of the campaign are knocked at."""
    return found.opened_at <= clock.now() < found.ends_at
