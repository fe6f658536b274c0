"""The room board of an isolation site, one room with what can be done in it, and rooms put on the books."""

from collections.abc import Mapping
from typing import Any
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
from bulou.directory.models import Account, Unit
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.isolation import forecast, going_home, release, room_board, selectors, site_state, sites
from bulou.no_miss.isolation.room_board import Guest, RoomTile
from bulou.web import ahead
from bulou.web.access import Request, commands, page
from bulou.web.desk import numbering, site_panel, site_parts
from bulou.web.desk.numbering import MOST
from bulou.web.desk.room_acts import ACTS
from bulou.web.looking import look, look_at_list, look_at_person
from bulou.web.words import Sign, signs

SITE = "isolation_site"
SIGNS = signs(
    Sign("occupied", _("Occupied"), "bed"),
    Sign("free", _("Free"), "door"),
    Sign("kept", _("Reserved"), "bookmark"),
    Sign("cleaning", _("To be disinfected"), "spray"),
    Sign("broken", _("Out of use"), "tool"),
)
TROUBLES: Mapping[str, Any] = {
    "no_room": _("no room yet"),
    "taken": _("the room is taken"),
    "unclean": _("the room was not disinfected"),
    "broken": _("the room is out of use"),
    "full": _("the room is full"),
}


@page
def board(request: Request) -> HttpResponse:
    """Every room of a site by floor. Whoever opens it is on record, for names stand in it."""
    found = directory.units(request.user.area, role=SITE, limit=200)
    site = _chosen(found, request, site_state.pressing([one.id for one in found], clock.now()))
    if site is None:
        return render(request, "desk/rooms_none.html", {"sites": found})
    if asked := look_at_list(request, "rooms", site.area, subject=f"unit:{site.id}", is_own=may(request.user, site)):
        return asked
    shown = room_board.board(site.id, clock.now(), part=site_parts.part_asked(request))
    context = {
        "site": site,
        "sites": [(one, f"{reverse('rooms')}?{urlencode({'site': one.id})}") for one in found],
        "board": shown,
        "expected": (expected := selectors.expected(site.id)),
        "forecast": (days := forecast.forecast(shown, len(expected))),
        "ahead": ahead.picture(days) if days.days else None,
        "counts": [(SIGNS[state], n) for state, n in shown.counts.items()],
        "signs": SIGNS,
        "troubles": TROUBLES,
        "may": may(request.user, site),
        "id": new_id(),
        "chips": site_parts.chips("rooms", site, shown),
        "round": site_parts.address("round", site, shown),
        **site_panel.context(site),
    }
    return render(request, "desk/rooms.html", context)


@page
def room(request: Request, id: UUID) -> HttpResponse:
    """One room: who is in it, what the release guard says of each, and what can be done."""
    site, tile = _room(id)
    return _show(request, site, tile)


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """Do one of the acts of a room, and show what came of it. 403 for whoever does not run the site, 404 for no act."""
    run_rooms(request.user)
    site, tile = _room(id)
    if not may(request.user, site):
        raise PermissionDenied
    done = ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise Http404
    try:
        said = done(tile, request.POST, request.user)
    except BulouError as error:
        return _show(request, site, tile, error.to(get_language() or "zh"), 409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("room", args=[id]))


@require_POST
@page
def add(request: Request) -> HttpResponse:
    """Put rooms on the books: a building, a floor and numbers such as 301-320."""
    run_rooms(request.user)
    site = _chosen(directory.units(request.user.area, role=SITE, limit=200), request, {})
    if site is None or not may(request.user, site):
        raise PermissionDenied
    back = f"{reverse('rooms')}?{urlencode({'site': site.id})}"
    try:
        made = sites.rooms_register(Unit.objects.get(id=site.id), _new_rooms(request.POST), by=request.user)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("%(n)d rooms are on the books.") % {"n": len(made)})
    return HttpResponseRedirect(back)


def may(account: Account, site: UnitRow) -> bool:
    """Those who run the site, and the command posts above it, act on its rooms; others look."""
    return account.unit_id == site.id or commands(account)


def run_rooms(account: Account) -> None:
    """403 for whoever runs no isolation site anywhere."""
    if account.role != SITE and not commands(account):
        raise PermissionDenied


def _chosen(found: list[UnitRow], request: Request, pressing: Mapping[UUID, int]) -> UnitRow | None:
    """The site asked for, else one's own, else where most must be put right. 404 for one out of sight."""
    wanted = request.POST.get("site") or request.GET.get("site")
    if wanted:
        site = next((one for one in found if str(one.id) == wanted), None)
        if site is None:
            raise Http404
        return site
    own = next((one for one in found if one.id == request.user.unit_id), None)
    return own or max(found, key=lambda one: pressing.get(one.id, 0), default=None)


def _room(id: UUID) -> tuple[UnitRow, RoomTile]:
    """The site of a room, and the room. 404 for one out of sight."""
    unit = selectors.site_of(id)
    site = directory.unit(unit) if unit else None
    tile = room_board.room(id, unit, clock.now()) if unit else None
    if site is None or tile is None:
        raise Http404
    return site, tile


def _show(request: Request, site: UnitRow, tile: RoomTile, problem: str = "", status: int = 200) -> HttpResponse:
    now, is_ours = clock.now(), may(request.user, site)
    for guest in tile.guests:
        if asked := _look(request, site, guest, is_ours=is_ours):
            return asked
    find = request.GET.get("find", "").strip()
    people = directory.people_find(find, area=request.user.area, limit=8) if find and is_ours else []
    context = {
        "site": site,
        "tile": tile,
        "sign": SIGNS["kept" if tile.state == "free" and tile.kept else tile.state],
        "troubles": TROUBLES,
        "follow_up": going_home.DAYS,
        "guests": [(guest, release.check_of(guest.stay, now)) for guest in tile.guests],
        "may": is_ours,
        "free": selectors.free_rooms(site.id, now) if is_ours and tile.guests else [],
        "asked": selectors.asked_to_share([guest.person for guest in tile.guests]) if tile.guests else [],
        "expected": selectors.expected(site.id) if is_ours and tile.state == "free" else [],
        "waiting": selectors.waiting(site.id) if is_ours and tile.state == "free" else [],
        "find": find,
        "people": people,
        "problem": problem,
        "ids": _Ids(),
        "me": request.user.pk,
    }
    return render(request, "desk/room.html", context, status=status)


class _Ids:
    """A fresh id for each form that asks for one."""

    def __iter__(self) -> "_Ids":
        return self

    @property
    def next(self) -> str:
        return str(new_id())


def _look(request: Request, site: UnitRow, guest: Guest, *, is_ours: bool) -> HttpResponse | None:
    """A look at one guest: whoever runs the site owes them something, of others it is asked what for."""
    area = guest.area if guest.area.startswith(request.user.area) else site.area
    if is_ours:
        return look(request, f"person:{guest.person}", area, (), is_live=True)
    return look_at_person(request, guest.person, area)


def _new_rooms(given: Mapping[str, str]) -> list[sites.NewRoom]:
    """`301-320, 401` on a floor of a building. BulouError where it is not so written, or too much at once."""
    building, negative = given.get("building", "").strip(), bool(given.get("negative"))
    floor = given.get("floor", "").strip()
    parts = numbering.parts(given.get("numbers", ""))
    numbers = numbering.numbers(parts)
    if not parts or numbers is None or not numbering.is_floor(floor):
        raise BulouError.of(
            "rooms.numbers",
            "请填写楼层（数字）和房号，如 301-320、401；没有登记。",
            "Give the floor (a number) and room numbers such as 301-320, 401; nothing was recorded.",
        )
    if not 0 < len(numbers) <= MOST:
        raise BulouError.of(
            "rooms.many",
            f"一次登记 1 到 {MOST} 间；没有登记。请分几次填写。",
            f"Between 1 and {MOST} rooms at once; nothing was recorded. Do it in several goes.",
        )
    return [sites.NewRoom(number, int(floor), building, negative) for number in numbers]
