"""Wards and beds of the designated hospitals: a hospital, one ward bed by bed, one bed and what can be done with it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account, Unit
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.no_miss.treatment import hospitals, selectors, ward_board
from bulou.no_miss.treatment.hospitals import ROLES
from bulou.no_miss.treatment.models import BedKind, Ward, Zone
from bulou.no_miss.treatment.ward_board import BedTile
from bulou.web.access import Request, commands, page
from bulou.web.desk import numbering
from bulou.web.desk.bed_acts import ACTS
from bulou.web.desk.numbering import MOST
from bulou.web.desk.rooms import SIGNS
from bulou.web.looking import look, look_at_list
from bulou.web.words import Sign, signs

KINDS = {
    "general": pgettext_lazy("bed", "General"),
    "isolation": pgettext_lazy("bed", "Single room"),
    "negative": pgettext_lazy("bed", "Negative pressure"),
    "icu": pgettext_lazy("bed", "Intensive care"),
}
ZONES = signs(
    Sign("clean", _("Clean zone"), "check"),
    Sign("buffer", _("Buffer zone"), "door"),
    Sign("contaminated", _("Contaminated zone"), "virus"),
)
TROUBLES: Mapping[str, Any] = {
    "no_bed": _("no bed yet"),
    "taken": _("the bed is taken"),
    "unclean": _("the bed was not disinfected"),
    "broken": _("the bed is out of use"),
}
DEVICES = {
    "ventilator": pgettext_lazy("device", "Ventilator"),
    "high_flow": pgettext_lazy("device", "High-flow oxygen"),
    "ecmo": pgettext_lazy("device", "ECMO"),
    "dialysis": pgettext_lazy("device", "Blood purification"),
    "monitor": pgettext_lazy("device", "Monitor"),
}
DEVICE_TROUBLES: Mapping[str, Any] = {
    "no_device": _("it is not on the books"),
    "taken": _("somebody else is on it"),
    "unclean": _("it was not disinfected"),
    "broken": _("it is out of use"),
}


@page
def board(request: Request) -> HttpResponse:
    """A hospital: beds by kind, wards, who has no bed, who is on the way. Whoever opens it is on record."""
    found = hospitals_of(request.user)
    unit = chosen(found, request)
    if unit is None:
        return render(request, "desk/wards_none.html")
    if asked := look_at_list(request, "wards", unit.area, subject=f"unit:{unit.id}", is_own=may(request.user, unit)):
        return asked
    context = {
        "hospital": unit,
        "hospitals": [(one, f"{reverse('wards')}?{urlencode({'hospital': one.id})}") for one in found],
        "board": (shown := ward_board.hospital(unit.id, clock.now())),
        "counts": [(SIGNS[state], n) for state, n in shown.states.items()],
        "kinds": [(KINDS[kind], free, all_) for kind, free, all_ in shown.kinds],
        "bed_kinds": [(kind, KINDS[kind]) for kind in BedKind.values],
        "zones": ZONES,
        "troubles": TROUBLES,
        "devices": DEVICES,
        "may": may(request.user, unit),
    }
    return render(request, "desk/wards.html", context)


@page
def ward(request: Request, id: UUID) -> HttpResponse:
    """A ward, bed by bed. 404 for one out of sight."""
    found = ward_board.ward(id)
    unit = directory.unit(found.unit_id) if found else None
    if found is None or unit is None:
        raise Http404
    if asked := look_at_list(request, "ward", unit.area, subject=f"place:{id}", is_own=may(request.user, unit)):
        return asked
    tiles = ward_board.beds(id, clock.now())
    counts = {state: sum(_state(tile) == state for tile in tiles) for state in ward_board.STATES}
    context = {
        "hospital": unit,
        "ward": found,
        "zone": ZONES[found.zone],
        "beds": [(tile, KINDS[tile.kind], SIGNS[_state(tile)]) for tile in tiles],
        "counts": [(SIGNS[state], n) for state, n in counts.items()],
        "troubles": TROUBLES,
        "devices": DEVICES,
    }
    return render(request, "desk/ward.html", context)


@page
def bed(request: Request, id: UUID) -> HttpResponse:
    """One bed: who is in it, and what can be done. 404 for one out of sight."""
    return _show(request, *_bed(id))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """Do one of the acts of a bed, and show what came of it. 403 for whoever does not run the hospital."""
    run_wards(request.user)
    unit, found, tile = _bed(id)
    if not may(request.user, unit):
        raise PermissionDenied
    done = ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise Http404
    try:
        said = done(tile, request.POST, request.user)
    except BulouError as error:
        return _show(request, unit, found, tile, error.to(get_language() or "zh"), 409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("bed", args=[id]))


@require_POST
@page
def add(request: Request) -> HttpResponse:
    """Put a ward on the books, with beds such as 01-20 of one kind; or beds into a ward that is there."""
    run_wards(request.user)
    unit = chosen(hospitals_of(request.user), request)
    if unit is None or not may(request.user, unit):
        raise PermissionDenied
    try:
        new = _new_ward(request.POST)
        hospitals.wards_register(Unit.objects.get(id=unit.id), [new], by=request.user)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        said = gettext("%(ward)s is on the books, with %(n)d new beds.")
        messages.success(request, said % {"ward": new.name, "n": len(new.beds)})
    return HttpResponseRedirect(f"{reverse('wards')}?{urlencode({'hospital': unit.id})}")


def may(account: Account, hospital: UnitRow) -> bool:
    """Those who run the hospital, and the command posts above it, act on its beds; others look."""
    return account.unit_id == hospital.id or commands(account)


def run_wards(account: Account) -> None:
    """403 for whoever runs no hospital anywhere."""
    if account.role not in ROLES and not commands(account):
        raise PermissionDenied


def hospitals_of(account: Account) -> list[UnitRow]:
    """The designated hospitals of the area, and every other unit that has wards; one's own too. Three queries."""
    found = directory.units(account.area, role=ROLES[0], limit=200)
    known = {one.id for one in found}
    more = set(ward_board.hospitals()) | ({account.unit_id} if account.role in ROLES else set())
    return found + directory.units_by_id(more - known)


def chosen(found: list[UnitRow], request: Request) -> UnitRow | None:
    """The hospital asked for, else one's own, else the first. 404 for one out of sight."""
    wanted = request.POST.get("hospital") or request.GET.get("hospital")
    if wanted:
        unit = next((one for one in found if str(one.id) == wanted), None)
        if unit is None:
            raise Http404
        return unit
    return next((one for one in found if one.id == request.user.unit_id), found[0] if found else None)


def _bed(id: UUID) -> tuple[UnitRow, Ward, BedTile]:
    """A bed with its ward and hospital. 404 for one out of sight."""
    at = ward_board.ward_of(id)
    found, unit = (ward_board.ward(at[0]), directory.unit(at[1])) if at else (None, None)
    if at is None or found is None or unit is None:
        raise Http404
    return unit, found, ward_board.beds(at[0], clock.now(), id)[0]


def _show(
    request: Request, unit: UnitRow, found: Ward, tile: BedTile, problem: str = "", status: int = 200
) -> HttpResponse:
    now, is_ours = clock.now(), may(request.user, unit)
    if asked := _look(request, unit, tile, is_ours=is_ours):
        return asked
    find = request.GET.get("find", "").strip()
    is_free = is_ours and tile.state == "free"
    expected = ward_board.expected(unit.id) if is_free else []
    illnesses = ward_board.open_episodes([one[0] for one in expected] + ([tile.kept] if tile.kept else []))
    context = {
        "hospital": unit,
        "ward": found,
        "tile": tile,
        "kind": KINDS[tile.kind],
        "sign": SIGNS[_state(tile)],
        "troubles": TROUBLES,
        "devices": DEVICES,
        "may": is_ours,
        "free": [(b, w, n, KINDS[k]) for b, w, n, k in ward_board.free_beds(unit.id, now)] if tile.patients else [],
        "expected": [(one, illnesses.get(one[0])) for one in expected],
        "kept": illnesses.get(tile.kept) if tile.kept else None,
        "waiting": ward_board.waiting(prefix_range(request.user.area), 20) if is_free and not find else [],
        "find": find,
        "cases": _cases(find, request.user.area) if find and is_free else [],
        "problem": problem,
        "id": new_id(),
    }
    return render(request, "desk/bed.html", context, status=status)


def _cases(text: str, area: str) -> list[tuple[str, selectors.CaseHit]]:
    """Cases found by number or name, with the id of each. One query."""
    return [(hit.episode.removeprefix("episode:"), hit) for hit in selectors.find(text, clock.now(), area=area)]


def _state(tile: BedTile) -> str:
    return "kept" if tile.state == "free" and tile.kept else tile.state


def _look(request: Request, unit: UnitRow, tile: BedTile, *, is_ours: bool) -> HttpResponse | None:
    """The look at whoever is in the bed; of a free one the hospital gives, at those who may go into it."""
    for one in tile.patients:
        subject = f"episode:{one.episode}"
        if asked := look(request, subject, unit.area, ledger.duties_of(subject), is_live=is_ours):
            return asked
    if (is_ours and tile.state == "free") or tile.kept:
        return look_at_list(request, "who may have a bed", unit.area, subject=f"unit:{unit.id}", is_own=is_ours)
    return None


def _new_ward(given: Mapping[str, str]) -> hospitals.NewWard:
    """A ward as entered. BulouError where something is not so written, or it is too much at once."""
    name, building, floor = (given.get(key, "").strip() for key in ("name", "building", "floor"))
    zone, kind = given.get("zone", "contaminated"), given.get("kind", "general")
    numbers = numbering.numbers(numbering.parts(given.get("numbers", "")))
    known = zone in Zone.values and kind in BedKind.values
    if not name or not known or numbers is None or not numbering.is_floor(floor or "1"):
        raise BulouError.of(
            "wards.form",
            "请填写病区名称、楼层（数字）和床号，如 01-20、22；没有登记。",
            "Give the ward's name, the floor (a number) and bed numbers such as 01-20, 22; nothing was recorded.",
        )
    if len(numbers) > MOST:
        raise BulouError.of(
            "wards.many",
            f"一次登记最多 {MOST} 张床；没有登记。请分几次填写。",
            f"At most {MOST} beds at once; nothing was recorded. Do it in several goes.",
        )
    return hospitals.NewWard(name, int(floor or 1), building, zone, [(number, kind) for number in numbers])
