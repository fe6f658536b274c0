"""The round of an isolation site, or of a part of a large one: room by room, one line a person, one submit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import limits
from bulou.ledger import services as ledger
from bulou.no_miss.isolation import room_board
from bulou.no_miss.isolation.room_board import Board, Guest
from bulou.web import fact_words
from bulou.web.access import Request, page
from bulou.web.desk import site_parts
from bulou.web.desk.rooms import may, run_rooms
from bulou.web.looking import look_at_list

SYMPTOMS = ("fever", "cough", "fatigue", "sore_throat", "diarrhoea", "dyspnoea", "discomfort")
NEEDS = ("food", "medicine", "rubbish", "other")
COLDEST, HOTTEST = 30.0, 45.0


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the round: the room, what is known today, what was entered, what is wrong with it."""

    room: str
    guest: Guest
    id: str
    celsius: str = ""
    symptom: str = ""
    need: str = ""
    swab: bool = False
    error: str = ""
    saved: bool = False

    @property
    def key(self) -> str:
        return str(self.guest.person)


@page
def sheet(request: Request) -> HttpResponse:
    """The sheet; sent in, it records what was filled in and keeps what was wrong, with the reason, on its line."""
    run_rooms(request.user)
    site = _site(request)
    now = clock.now()
    if not may(request.user, site):
        raise PermissionDenied
    shown = room_board.board(site.id, now, part=site_parts.part_asked(request))
    lines = _lines(shown)
    status = 200
    if request.method == "POST":
        lines, is_good = take(request, lines, site.area, "isolation_site")
        if is_good:
            return HttpResponseRedirect(request.get_full_path())
        status = 422
    else:
        look_at_list(request, "round", site.area, subject=f"unit:{site.id}", is_own=True)
    half = limits.readings(site.area, now).half(now)
    context = {
        "site": site,
        "lines": lines,
        "half": half,
        "to_do": sum(getattr(line.guest, half) is None for line in lines),
        **choices(),
        "chips": site_parts.chips("round", site, shown),
        "back": site_parts.address("rooms", site, shown),
    }
    return render(request, "field/round.html", context, status=status)


def choices() -> dict[str, Any]:
    """What is offered on each line, in words."""
    words = {"symptoms": SYMPTOMS, "needs": NEEDS}
    return {name: [(code, fact_words.option_word(code)) for code in codes] for name, codes in words.items()}


def _site(request: Request) -> UnitRow:
    """The site asked for, else one's own. 404 where there is none in sight."""
    text = request.GET.get("site") or str(request.user.unit_id)
    try:
        site = directory.unit(UUID(text))
    except ValueError as error:
        raise Http404 from error
    is_site = site is not None and any(role == "isolation_site" for role, _ in site.roles)
    if site is None or not is_site or not site.area.startswith(request.user.area):
        raise Http404
    return site


def _lines(shown: Board) -> list[Line]:
    rooms = {guest.stay: f"{room.building}{room.number}" for room in shown.rooms for guest in room.guests}
    return [Line(rooms.get(guest.stay, "–"), guest, str(new_id())) for guest in shown.guests]


def take(request: Request, lines: Sequence[Line], area: str, setting: str) -> tuple[list[Line], bool]:
    """The lines of a sheet that was sent in, as `record` leaves them, and said so; True where none is wrong."""
    found = record(lines, request.POST, request.user, area, setting)
    saved, wrong = sum(line.saved for line in found), sum(bool(line.error) for line in found)
    if saved:
        messages.success(request, gettext("%(n)d people recorded.") % {"n": saved})
    if wrong:
        messages.error(request, gettext("%(n)d lines were not recorded; see beside them.") % {"n": wrong})
    return found, not wrong


def record(lines: Sequence[Line], form: Mapping[str, str], by: Account, area: str, setting: str) -> list[Line]:
    """The lines as sent in: those recorded are empty again, those refused hold what was entered.

    `area`: of whoever lives outside the account's; `setting`: where temperatures are taken.
    """
    entered = [_read(line, form) for line in lines]
    facts = {line.key: list(_facts(line, by, area, setting)) for line in entered if not line.error}
    receipt = ledger.record([fact for own in facts.values() for fact in own], area=by.area, account=by.pk)
    refused = {refusal.id: refusal.problem.to(get_language() or "zh") for refusal in receipt.refused}
    found = []
    for line, blank in zip(entered, lines, strict=True):
        own = facts.get(line.key, [])
        problem = next((refused[fact.id] for fact in own if fact.id in refused), "")
        if line.error or problem:
            found.append(replace(line, error=line.error or problem))
        else:
            found.append(replace(blank, saved=bool(own)))
    return found


def _read(line: Line, form: Mapping[str, str]) -> Line:
    key = line.key
    text = form.get(f"c-{key}", "").strip().replace(",", ".").replace("，", ".").replace("。", ".")
    symptom, need = form.get(f"s-{key}", ""), form.get(f"n-{key}", "")
    read = replace(
        line,
        id=form.get(f"i-{key}", line.id),
        celsius=text,
        symptom=symptom if symptom in (*SYMPTOMS, "none") else "",
        need=need if need in NEEDS else "",
        swab=bool(form.get(f"t-{key}")),
    )
    try:
        UUID(read.id)
        is_good = not text or COLDEST <= float(text) <= HOTTEST
    except ValueError:
        is_good = False
    error = gettext("A temperature lies between 30 and 45 ℃, such as 36.5.")
    return read if is_good else replace(read, error=error)


def _facts(line: Line, by: Account, elsewhere: str, setting: str) -> Iterator[Fact]:
    """What a line says happened. The ids follow from the line's, so that a sheet sent twice is one."""
    made: list[tuple[str, dict[str, Any]]] = []
    if line.celsius:
        made.append(("temperature.read", {"celsius": float(line.celsius), "setting": setting}))
    if line.symptom:
        made.append(("symptoms.reported", {"symptoms": [] if line.symptom == "none" else [line.symptom]}))
    if line.swab:
        made.append(("specimen.collected", {"risk": "at_risk"}))
    if line.need:
        made.append(("help.requested", {"need": line.need}))
    area = line.guest.area if line.guest.area.startswith(by.area) else elsewhere
    for kind, data in made:
        id = str(uuid5(UUID(line.id), kind))
        yield Fact(id, kind, f"person:{line.guest.person}", area, clock.now(), f"unit:{by.unit_id}", data)
