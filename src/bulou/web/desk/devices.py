"""Devices of the designated hospitals: all of a hospital's, one and what can be done with it, more put on the books."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
from bulou.kernel.ids import id_or, new_id
from bulou.ledger import selectors as ledger
from bulou.no_miss.treatment import device_acts, device_board, hospitals, ward_board
from bulou.no_miss.treatment.device_board import STATES, DeviceTile
from bulou.no_miss.treatment.models import Ward
from bulou.operations.resources import selectors as resources
from bulou.web import links
from bulou.web.access import Request, page
from bulou.web.desk import numbering
from bulou.web.desk.bed_acts import not_filled_in, words
from bulou.web.desk.wards import DEVICE_TROUBLES, DEVICES, chosen, hospitals_of, may, run_wards
from bulou.web.looking import look, look_at_list
from bulou.web.words import Sign, signs

Form = Mapping[str, str]
SIGNS = signs(
    Sign("occupied", _("In use"), "stethoscope"),
    Sign("free", _("Free"), "check"),
    Sign("cleaning", _("To be disinfected"), "spray"),
    Sign("broken", _("Out of use"), "tool"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """The devices of one kind, with how many were last reported where that is not how many there are."""

    name: str
    word: Any
    tiles: list[DeviceTile]
    reported: int | None
    reported_at: datetime | None

    @property
    def free(self) -> int:
        return sum(tile.state == "free" for tile in self.tiles)

    @property
    def is_other(self) -> bool:
        return self.reported is not None and self.reported != len(self.tiles)

    @property
    def url(self) -> str:
        return links.address("capacity", item=self.name)


@page
def listed(request: Request) -> HttpResponse:
    """A hospital's devices by kind, with who is on each, beside what was reported. Whoever opens it is on record."""
    found = hospitals_of(request.user)
    unit = chosen(found, request)
    if unit is None:
        return render(request, "desk/wards_none.html")
    if asked := look_at_list(request, "devices", unit.area, subject=f"unit:{unit.id}", is_own=may(request.user, unit)):
        return asked
    tiles = device_board.of_hospital(unit.id)
    told = resources.reported(f"unit:{unit.id}")
    states = {state: sum(tile.state == state for tile in tiles) for state in STATES}
    context = {
        "hospital": unit,
        "hospitals": [(one, f"{reverse('devices')}?{urlencode({'hospital': one.id})}") for one in found],
        "any": bool(tiles),
        "counts": [(SIGNS[state], n) for state, n in states.items()],
        "kinds": [kind for name in DEVICES if (kind := _kind(name, tiles, told.get(name)))],
        "signs": SIGNS,
        "troubles": DEVICE_TROUBLES,
        "bare": [one for one in ward_board.troubled(unit.id, clock.now()) if one.is_bare],
        "wards": Ward.objects.filter(unit=unit.id, beds__isnull=False).distinct().order_by("floor", "name"),
        "words": DEVICES.items(),
        "may": may(request.user, unit),
    }
    return render(request, "desk/devices.html", context)


@page
def device(request: Request, id: UUID) -> HttpResponse:
    """One device: who is on it, and what can be done. 404 for one out of sight."""
    return _show(request, *_device(id))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """Do one of the acts of a device, and show what came of it. 403 for whoever does not run the hospital."""
    run_wards(request.user)
    unit, tile = _device(id)
    if not may(request.user, unit):
        raise PermissionDenied
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise Http404
    try:
        said = done(tile, request.POST, request.user)
    except BulouError as error:
        return _show(request, unit, tile, error.to(get_language() or "zh"), 409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("device", args=[id]))


@require_POST
@page
def add(request: Request) -> HttpResponse:
    """Put devices of one kind on the books, with numbers such as V01-V12."""
    run_wards(request.user)
    unit = chosen(hospitals_of(request.user), request)
    if unit is None or not may(request.user, unit):
        raise PermissionDenied
    try:
        kind, numbers, ward = _new(request.POST, unit.id)
        hospitals.devices_register(Unit.objects.get(id=unit.id), kind, numbers, ward=ward, by=request.user)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("%(n)d devices are on the books.") % {"n": len(numbers)})
    return HttpResponseRedirect(f"{reverse('devices')}?{urlencode({'hospital': unit.id})}")


def _kind(name: str, tiles: list[DeviceTile], told: resources.Row | None) -> Kind | None:
    """A kind of device; None where the hospital has none and reported none."""
    own = [tile for tile in tiles if tile.kind == name]
    reported, at = (told.quantity, told.counted) if told else (None, None)
    return Kind(name, DEVICES[name], own, reported, at) if own or reported else None


def _device(id: UUID) -> tuple[UnitRow, DeviceTile]:
    """A device with its hospital. 404 for one out of sight."""
    tile = device_board.one(id)
    unit = directory.unit(tile.unit) if tile else None
    if tile is None or unit is None:
        raise Http404
    return unit, tile


def _show(request: Request, unit: UnitRow, tile: DeviceTile, problem: str = "", status: int = 200) -> HttpResponse:
    is_ours = may(request.user, unit)
    is_free = is_ours and tile.state == "free"
    for one in tile.on:
        subject = f"episode:{one.episode}"
        if asked := look(request, subject, unit.area, ledger.duties_of(subject), is_live=is_ours):
            return asked
    wanting = ward_board.troubled(unit.id, clock.now()) if is_free and tile.kind in ward_board.BREATHING else []
    bare = [one for one in wanting if one.is_bare]
    subject, purpose = f"unit:{unit.id}", "who may have a device"
    if bare and (asked := look_at_list(request, purpose, unit.area, subject=subject, is_own=True)):
        return asked
    context = {
        "hospital": unit,
        "tile": tile,
        "word": DEVICES[tile.kind],
        "sign": SIGNS[tile.state],
        "troubles": DEVICE_TROUBLES,
        "bare": bare,
        "may": is_ours,
        "problem": problem,
        "id": new_id(),
    }
    return render(request, "desk/device.html", context, status=status)


def _attach(tile: DeviceTile, form: Form, by: Account) -> str:
    device_acts.attach(_id(form, "episode"), tile.place, by=by, id=_id(form, "id"))
    return gettext("The patient is on %(device)s.") % {"device": tile.number}


def _free(tile: DeviceTile, form: Form, by: Account) -> str:
    device_acts.free(_id(form, "episode"), tile.place, by=by, id=_id(form, "id"))
    return gettext("The patient is off %(device)s, which is to be disinfected.") % {"device": tile.number}


def _disinfect(tile: DeviceTile, form: Form, by: Account) -> str:
    device_acts.clean(tile.place, by=by, agent=form.get("agent", ""), id=_id(form, "id"))
    return gettext("%(device)s was disinfected and is free.") % {"device": tile.number}


def _break(tile: DeviceTile, form: Form, by: Account) -> str:
    device_acts.take_out_of_use(tile.place, words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("%(device)s is out of use.") % {"device": tile.number}


def _repair(tile: DeviceTile, form: Form, by: Account) -> str:
    device_acts.put_back_into_use(tile.place, by=by, id=_id(form, "id"))
    return gettext("%(device)s is in use again.") % {"device": tile.number}


_ACTS: Mapping[str, Callable[[DeviceTile, Form, Account], str]] = {
    "attach": _attach,
    "free": _free,
    "disinfect": _disinfect,
    "break": _break,
    "repair": _repair,
}


def _id(form: Form, name: str) -> UUID:
    return id_or(form.get(name, ""), not_filled_in)


def _new(given: Form, unit: UUID) -> tuple[str, list[str], Ward | None]:
    """Kind, numbers and ward as entered. BulouError where something is not so written, or it is too much at once."""
    kind, ward = given.get("kind", ""), given.get("ward", "")
    numbers = numbering.numbers(numbering.parts(given.get("numbers", "")))
    if kind not in DEVICES or not numbers or len(numbers) > numbering.MOST:
        raise BulouError.of(
            "devices.form",
            f"请选择设备种类并填写编号，如 V01-12；一次最多 {numbering.MOST} 台；没有登记。",
            f"Choose a kind and give numbers such as V01-12, at most {numbering.MOST} at once; nothing was recorded.",
        )
    return kind, numbers, Ward.objects.filter(unit=unit, place=_id(given, "ward")).first() if ward else None
