"""The fever clinic's desk: received at triage, who waits for an outcome, who was turned away, who is through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory import services as directory_services
from bulou.directory.models import Account
from bulou.directory.services import NewPerson
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.no_miss.monitoring import selectors, services
from bulou.no_miss.monitoring.models import Visit
from bulou.no_miss.monitoring.services import Finding, Outcome, Triage
from bulou.web import fact_words, links, rows
from bulou.web.access import COMMAND_ROLES, Request, page
from bulou.web.looking import look_at_list, note_act
from bulou.web.rows import Owner
from bulou.web.words import Sign, signs

CLINICAL = COMMAND_ROLES | {"fever_clinic", "hospital", "designated_hospital", "township_clinic"}
"""Roles that work at the desk; others look."""
EXPOSURES = ("case", "travel", "cluster", "market", "abroad")
SYMPTOMS = ("fever", "cough", "dyspnoea", "sore_throat", "fatigue", "diarrhoea")
RECEIVERS = ("designated_hospital", "hospital", "isolation_site")
COLDEST, HOTTEST = 30.0, 45.0
SIGNS = signs(
    Sign("waiting", _("Waits for an outcome"), "clock"),
    Sign("refused", _("Turned away"), "x"),
    Sign("concluded", _("Has an outcome"), "check"),
    Sign("received", _("Received elsewhere"), "arrow-right"),
)
COLOURS = {"waiting": "open", "refused": "missed", "concluded": "met", "received": "late"}
_DOTS = str.maketrans("０１２３４５６７８９．。，,", "0123456789....")


@dataclass(frozen=True, slots=True)
class Line:
    """One visit in words. `over`: how long it should have had an outcome by now."""

    visit: Visit
    name: str
    area_name: str
    clinic: Owner | None
    to: Owner | None
    triage: str
    exposures: str
    finding: str
    outcome: str
    sign: Sign
    due: datetime
    over: timedelta | None


@page
def desk(request: Request) -> HttpResponse:
    """The desk. Whoever opens it is on record, for names stand on it."""
    return _show(request)


@require_POST
@page
def receive(request: Request) -> HttpResponse:
    """Put somebody down at triage: a person on file, or one put on file with it. 403 for who does not work here."""
    _work_here(request.user)
    form = request.POST
    try:
        _receive(form, request.user)
    except BulouError as error:
        return _show(request, error.to(get_language() or "zh"), form, 422)
    messages.success(request, gettext("Received. The visit stays here until it has an outcome."))
    return HttpResponseRedirect(reverse("fever-clinic"))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """Assess, conclude, or put down that somebody was turned away. 404 for a visit out of sight."""
    _work_here(request.user)
    found = selectors.visit(id)
    if found is None:
        raise Http404
    note_act(request, found.subject, found.area)
    try:
        said = _act(found, request.POST, request.user)
    except BulouError as error:
        return _show(request, error.to(get_language() or "zh"), status=409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("fever-clinic"))


def _act(found: Visit, form: QueryDict, by: Account) -> str:
    what, id = form.get("act", ""), _id(form.get("id", ""))
    if what == "assess" and form.get("finding") in get_args(Finding):
        services.assess(found.id, cast(Finding, form["finding"]), by=by, id=id)
        return gettext("The assessment is recorded.")
    if what == "refuse":
        services.refuse(found.id, form.get("words", "").replace("\0", "")[:500], by=by, id=id)
        return gettext("Recorded as a finding against the clinic. The person is still owed a visit.")
    if what == "conclude" and form.get("outcome") in get_args(Outcome):
        to = _id(form.get("to", "")) if form.get("to") else None
        services.conclude(found.id, cast(Outcome, form["outcome"]), by=by, to=to, id=id)
        return gettext("The visit has an outcome.")
    raise _incomplete()


def _receive(form: QueryDict, by: Account) -> None:
    triage = form.get("triage", "")
    history = {"yes": True, "no": False}.get(form.get("history", ""))
    if triage not in get_args(Triage) or history is None:
        raise BulouError.of(
            "clinic.incomplete",
            "请选择分诊结果，并询问流行病学史（有或无）；没有登记。",
            "Choose the result of triage, and ask about exposure: yes or no. Nothing was recorded.",
        )
    celsius, id = _celsius(form.get("celsius", "")), _id(form.get("id", ""))
    services.receive(
        _person(form, by),
        cast(Triage, triage),
        by=by,
        exposure_history=history,
        exposures=[code for code in form.getlist("exposure") if code in EXPOSURES] if history else (),
        celsius=celsius,
        symptoms=[code for code in form.getlist("symptom") if code in SYMPTOMS],
        id=id,
    )


def _person(form: QueryDict, by: Account) -> UUID:
    """The person chosen; else one put on file with name, number and phone as told."""
    if form.get("person"):
        return _id(form.get("person", ""))
    name = form.get("name", "").strip()
    if not name:
        raise BulouError.of(
            "clinic.nobody",
            "请选择在册人员，或填写姓名；没有登记。",
            "Choose somebody on file, or give a name; nothing was recorded.",
        )
    given = NewPerson(
        name=name[:60],
        area=by.area,
        sex=form.get("sex", "") if form.get("sex") in ("male", "female") else "",
        id_number=form.get("id_number", "").strip(),
        phone=form.get("phone", "").strip(),
        synthetic=by.synthetic,
    )
    return directory_services.person_register(given).pk


def _celsius(text: str) -> float | None:
    text = text.strip().translate(_DOTS)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not COLDEST <= value <= HOTTEST:
        raise BulouError.of(
            "clinic.celsius",
            "体温应在 30 到 45 ℃ 之间，如 38.2；没有登记。",
            "A temperature lies between 30 and 45 ℃, such as 38.2; nothing was recorded.",
        )
    return value


def _id(text: str) -> UUID:
    return id_or(text, _incomplete)


def _incomplete() -> BulouError:
    return BulouError.of("clinic.form", "请选择一项；没有登记。", "Choose one of the list; nothing was recorded.")


def _work_here(account: Account) -> None:
    if account.role not in CLINICAL:
        raise PermissionDenied


def _show(request: Request, problem: str = "", entered: QueryDict | None = None, status: int = 200) -> HttpResponse:
    may = request.user.role in CLINICAL
    if asked := look_at_list(request, "fever clinic", request.user.area, is_own=may):
        return asked
    now = clock.now()
    area, unit = request.user.area, _clinic(request)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = _lines(selectors.open_visits(area, unit=unit), now)
    through = _lines(selectors.concluded_since(area, today, unit=unit), now)
    find = request.GET.get("find", "").strip()[:100]
    context = {
        "waiting": [one for one in waiting if one.visit.state == "waiting"],
        "refused": [one for one in waiting if one.visit.state == "refused"],
        "through": through,
        "late": sum(one.over is not None for one in waiting if one.visit.state == "waiting"),
        "find": find,
        "people": directory.people_find(find, area=area, limit=8) if find and may else [],
        "may": may,
        "units": directory.units_of_roles(area[: len("120101")], RECEIVERS) if may else [],
        "triages": _words(get_args(Triage)),
        "findings": _words(get_args(Finding)),
        "outcomes": _words(get_args(Outcome)),
        "exposures": [
            (code, word, code in (entered or QueryDict()).getlist("exposure")) for code, word in _words(EXPOSURES)
        ],
        "symptoms": [
            (code, word, code in (entered or QueryDict()).getlist("symptom")) for code, word in _words(SYMPTOMS)
        ],
        "entered": entered or {},
        "problem": problem,
        "id": new_id(),
        "ours": unit is not None,
        "all_url": links.address("fever-clinic", all=1),
    }
    return render(request, "desk/fever_clinic.html", context, status=status)


def _clinic(request: Request) -> UUID | None:
    """One's own clinic, unless all of the area are asked for; for those who run none, all."""
    is_clinic = request.user.role in ("fever_clinic", "hospital")
    return request.user.unit_id if is_clinic and not request.GET.get("all") else None


def _lines(visits: Sequence[Visit], now: datetime) -> list[Line]:
    """The visits with names of clinics and places. Three queries."""
    dues = selectors.dues(visits)
    units = rows.owners(selectors.units_of(visits))
    areas = directory.area_names({code for one in visits for code in (one.area, one.area[: rows.VILLAGE])})
    return [_line(one, dues[one.id], units, areas, now) for one in visits]


def _line(visit: Visit, due: datetime, units: Mapping[UUID, Owner], areas: Mapping[str, str], now: datetime) -> Line:
    over = now - due if visit.state == "waiting" and now > due else None
    stage = SIGNS[visit.state]
    return Line(
        visit=visit,
        name=visit.person.name,
        area_name=rows.place_name(visit.area, areas),
        clinic=units.get(visit.unit) if visit.unit else None,
        to=units.get(visit.to) if visit.to else None,
        triage=fact_words.option_word(visit.triage) if visit.triage else "",
        exposures=gettext(", ").join(map(fact_words.option_word, visit.exposures)),
        finding=fact_words.option_word(visit.finding) if visit.finding else "",
        outcome=fact_words.option_word(visit.outcome) if visit.outcome else "",
        sign=Sign("missed" if over else COLOURS[visit.state], stage.word, stage.icon),
        due=due,
        over=over,
    )


def _words(codes: Sequence[str]) -> list[tuple[str, Any]]:
    return [(code, fact_words.option_word(code)) for code in codes]
