"""A person's isolation on one page: the order and its paper, how long, who may go, what the person says to it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import cast, get_args
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
from bulou.directory.models import Account
from bulou.directory.selectors import PersonFile
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.no_miss.isolation import going_home, orders, release, releasing
from bulou.no_miss.isolation.models import Stay
from bulou.no_miss.isolation.orders import Decision
from bulou.no_miss.isolation.release import Reason
from bulou.web import fact_words
from bulou.web.access import COMMAND_ROLES, Request, page
from bulou.web.looking import look_at_person, note_act
from bulou.web.models import PaperScan
from bulou.web.words import Sign, signs

Form = Mapping[str, str]
ORDERING = COMMAND_ROLES | {"cdc", "health_bureau"}
"""Roles that decide on isolation and answer appeals."""
ENDING = ORDERING | {"village_committee", "isolation_site", "isolation_team", "township_clinic"}
"""Roles that look after people in isolation and may end it, once the guard is met."""
STATES = signs(
    Sign("in_force", _("In force"), "check"),
    Sign("replaced", _("Replaced"), "arrow-right"),
    Sign("withdrawn", _("Withdrawn"), "x"),
    Sign("over", _("Over"), "minus"),
)
WHERE = {"home": _("At home"), "central": _("In an isolation site")}
LONGEST = 365


@page
def isolation(request: Request, id: UUID) -> HttpResponse:
    """The page. 404 for somebody outside the account's area; the look is on record, for a purpose."""
    person = person_or_404(id)
    return look_at_person(request, id, person.area) or show(request, person)


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """One of the acts of the page. 403 for a role it is not for, 404 for no act."""
    person = person_or_404(id)
    note_act(request, f"person:{id}", person.area)
    found = _ACTS.get(request.POST.get("act", ""))
    if found is None:
        raise Http404
    roles, do = found
    if roles and request.user.role not in roles:
        raise PermissionDenied
    try:
        said = do(id, request.POST, request.user)
    except BulouError as error:
        return show(request, person, error.to(get_language() or "zh"), 409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("isolation", args=[id]))


def person_or_404(id: UUID) -> PersonFile:
    """Somebody's file. 404 for somebody out of sight."""
    found = directory.person_file(id)
    if found is None:
        raise Http404
    return found


def show(request: Request, person: PersonFile, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with what is wrong, where something is."""
    now = clock.now()
    stay = Stay.objects.filter(person=person.id, ended_at__isnull=True).first()
    record = orders.record_of(person.id)
    context = {
        "person": person,
        "stay": stay,
        "check": release.check(stay, now) if stay else None,
        "follow_up": going_home.DAYS,
        "kind_word": WHERE.get(stay.kind, stay.kind) if stay else "",
        "orders": [
            (one, STATES[one.state], WHERE.get(one.kind, one.kind), record.handed(one.fact)) for one in record.orders
        ],
        "releases": [(one, record.handed(one.fact)) for one in record.releases],
        "scans": set(PaperScan.objects.filter(person=person.id).values_list("id", flat=True)),
        "appeals": [(one, one.is_late(now), fact_words.option_word(one.decision)) for one in record.appeals],
        "may_order": request.user.role in ORDERING,
        "may_end": request.user.role in ENDING,
        "me": request.user.pk,
        "problem": problem,
        "entered": request.POST if problem else {},
        "id": new_id(),
    }
    return render(request, "desk/isolation.html", context, status=status)


def _order(person: UUID, form: Form, by: Account) -> str:
    kind = form.get("kind", "")
    if kind not in ("home", "central"):
        raise incomplete()
    given = form.get("counted_from", "").strip()
    try:
        counted = date.fromisoformat(given) if given else None
    except ValueError as error:
        raise incomplete() from error
    orders.order(
        person,
        "home" if kind == "home" else "central",
        _days(form),
        _words(form, "grounds"),
        by=by,
        basis=form.get("basis", "").strip(),
        number=form.get("number", "").strip(),
        counted_from=counted,
        id=_id(form, "id"),
    )
    return gettext("The order is recorded; its paper can be printed below.")


def _extend(person: UUID, form: Form, by: Account) -> str:
    change = releasing.shorten if form.get("way") == "shorten" else releasing.extend
    change(person, _days(form), _words(form, "grounds"), by=by, id=_id(form, "id"))
    return gettext("The end of the isolation is changed.")


def _end(person: UUID, form: Form, by: Account) -> str:
    reason = form.get("reason", "completed")
    if reason not in get_args(Reason):
        raise incomplete()
    follow = form.get("follow_up_days", "").strip()
    releasing.end(
        person,
        by=by,
        reason=cast(Reason, reason),
        follow_up_days=_days(form, "follow_up_days") if follow else None,
        id=_id(form, "id"),
    )
    return gettext("The isolation has ended; the certificate can be printed below.")


def _ask_early(person: UUID, form: Form, by: Account) -> str:
    releasing.ask_to_go_early(person, _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The request is recorded. Another account must agree within a day.")


def _agree_early(person: UUID, form: Form, by: Account) -> str:
    releasing.agree_to_go_early(person, _id(form, "request"), by=by, id=_id(form, "id"))
    return gettext("Agreed. The person may go within a day.")


def _appeal(person: UUID, form: Form, by: Account) -> str:
    orders.appeal(person, _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The appeal is recorded, and must be answered within three days.")


def _answer(person: UUID, form: Form, by: Account) -> str:
    decision = form.get("decision", "")
    if decision not in get_args(Decision):
        raise incomplete()
    answered = cast(Decision, decision)
    orders.answer(person, _id(form, "appeal"), answered, _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The answer is recorded.")


_ACTS: Mapping[str, tuple[frozenset[str], Callable[[UUID, Form, Account], str]]] = {
    "order": (ORDERING, _order),
    "change-end": (ORDERING, _extend),
    "end": (ENDING, _end),
    "ask-early": (ENDING, _ask_early),
    "agree-early": (ENDING, _agree_early),
    "appeal": (frozenset(), _appeal),
    "answer": (ORDERING, _answer),
}


def _id(form: Form, name: str) -> UUID:
    return id_or(form.get(name, ""), incomplete)


def _days(form: Form, name: str = "days") -> int:
    text = form.get(name, "").strip()
    if not text.isdecimal() or not 0 < int(text) <= LONGEST:
        raise incomplete()
    return int(text)


def _words(form: Form, name: str) -> str:
    text = form.get(name, "").strip()
    if not text:
        raise incomplete()
    return text


def incomplete() -> BulouError:
    """Something of a form is missing or no such thing."""
    return BulouError.of(
        "form.incomplete",
        "有一项没有填好（方式、1 到 365 的天数、日期、依据或理由），没有登记；已填的还在。",
        "Something is not filled in (kind, days from 1 to 365, a date, grounds or a reason); nothing was recorded, "
        "and what you entered is still here.",
    )
