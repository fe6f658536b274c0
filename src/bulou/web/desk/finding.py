"""One finding: what is wrong, whose turn it is and what they can do; and the form that raises one."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.ledger import selectors as ledger
from bulou.ledger import shelf
from bulou.oversight.supervision import selectors as supervision
from bulou.oversight.supervision import services
from bulou.oversight.supervision.findings import OWED, closes
from bulou.oversight.supervision.models import Finding
from bulou.plan.rules import rules
from bulou.web import links, places, timeline
from bulou.web.access import Request, area_asked, page
from bulou.web.desk import in_force
from bulou.web.desk.findings import lines, may_raise
from bulou.web.finding_words import SEVERITIES

MOST_UNITS = 200
"""Units offered to put a finding right; of a larger area the largest, and a smaller area offers its own."""
GROUNDS = ("not_rectified", "dereliction")
INSPECTABLE = ("area:", "place:", "unit:")
Form = Mapping[str, str]


@page
def finding(request: Request, id: UUID) -> HttpResponse:
    """One finding. 404 for one out of sight."""
    return _show(request, _finding(id))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """One of the acts of a finding. 404 for no act; 409 where it cannot be done."""
    found = _finding(id)
    do = _ACTS.get(request.POST.get("act", ""))
    if do is None:
        raise Http404
    try:
        do(found.id, request.POST, request.user)
    except BulouError as error:
        return _show(request, found, error.to(get_language() or "zh"), 409)
    messages.success(request, gettext("Recorded."))
    return HttpResponseRedirect(reverse("finding", args=[found.id]))


@page
def new(request: Request) -> HttpResponse:
    """Raise a finding in an area of the account's. 403 for whoever inspects nobody."""
    if not may_raise(request.user):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    area = area_asked(request, given.get("area"))
    problem, status = "", 200
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_onward(_raise(given, area, request.user)))
        except BulouError as error:
            problem, status = error.to(get_language() or "zh"), 422
    about, tour = _about(given), {"tour": given.get("tour", "")[:36], "clause": given.get("clause", "")[:60]}
    picker = places.picker(
        request.user, area, lambda code: links.address("new-finding", area=code, about=about, **tour)
    )
    context = {
        "problem": problem,
        "given": given,
        "about": about,
        "about_name": directory.names([about]).get(about, "") if about else "",
        "area": area,
        "severities": SEVERITIES.values(),
        "units": directory.units(area, limit=MOST_UNITS),
        "clauses": clauses(area),
        "id": new_id(),
        **picker.context(),
    }
    return render(request, "desk/finding_new.html", context, status=status)


def _raise(given: Form, area: str, by: Account) -> Finding:
    to = id_of(given.get("to", ""))
    if to is None or to not in {one.id for one in directory.units_by_id([to])}:
        raise BulouError.of(
            "finding.to", "请选择整改单位；没有登记。", "Choose the unit that puts it right; nothing was recorded."
        )
    return services.raise_finding(
        _words(given),
        given.get("severity", ""),
        area=area,
        by=by,
        id=_id(given),
        about=_about(given) or f"area:{area}",
        to=to,
        clause=given.get("clause", "")[:60],
        tour=id_of(given.get("tour", "")),
    )


def _onward(found: Finding) -> str:
    """On with the tour it was found on, where it was one; else to the finding."""
    return reverse("tour", args=[found.tour]) if found.tour else reverse("finding", args=[found.id])


def _about(given: Form) -> str:
    about = given.get("about", "")[:60]
    return about if about.startswith(INSPECTABLE) else ""


def _finding(id: UUID) -> Finding:
    found = supervision.finding(str(id))
    if found is None:
        raise Http404
    return found


def _show(request: Request, found: Finding, problem: str = "", status: int = 200) -> HttpResponse:
    (line,) = lines([found])
    unit, owed, waits = request.user.unit_id, found.state in OWED, found.state == "rectified"
    within = contains(request.user.area, found.area)
    is_finder = within and closes(found, unit)
    context = {
        "line": line,
        "may_rectify": within and owed and (found.unit in (None, unit) or found.by == unit),
        "may_close": is_finder and waits,
        "may_remind": within and owed and unit != found.unit,
        "may_escalate": is_finder and found.state != "closed" and found.escalated_at is None,
        "waits_for_finder": waits and not is_finder,
        "days": timeline.days(ledger.facts_of(found.subject)),
        "id": new_id(),
        "problem": problem,
    }
    return render(request, "desk/finding.html", context, status=status)


def _rectify(finding: UUID, form: Form, by: Account) -> None:
    services.rectify(finding, _words(form), by=by, id=_id(form))


def _verify(finding: UUID, form: Form, by: Account) -> None:
    services.verify(finding, _words(form), by=by, id=_id(form))


def _return(finding: UUID, form: Form, by: Account) -> None:
    services.return_(finding, _words(form), by=by, id=_id(form))


def _remind(finding: UUID, form: Form, by: Account) -> None:
    services.remind(finding, _words(form), by=by, id=_id(form))


def _escalate(finding: UUID, form: Form, by: Account) -> None:
    ground = form.get("ground", "")
    services.escalate(finding, ground if ground in GROUNDS else GROUNDS[0], _words(form), by=by, id=_id(form))


_ACTS: Mapping[str, Callable[[UUID, Form, Account], None]] = {
    "rectify": _rectify,
    "verify": _verify,
    "return": _return,
    "remind": _remind,
    "escalate": _escalate,
}


def clauses(area: str) -> list[str]:
    """The clauses of the plans in force that somebody inspects by. One query."""
    found: dict[str, Any] = {}
    for one in in_force.over(area):
        found |= dict.fromkeys(_inspected(one.plan.id, shelf.folder()))
    return list(found)


@lru_cache(maxsize=64)
def _inspected(plan: str, folder: Path) -> tuple[str, ...]:
    """The clauses a plan has inspected, in the document's order. `folder`: another shelf is another plan."""
    known = shelf.plan(plan)
    asked = (rule for rule in rules(known) if rule.must.kind == "inspection.made") if known else ()
    return tuple(dict.fromkeys(rule.clause for rule in asked))


def _words(form: Form) -> str:
    return form.get("words", "").replace("\0", "").strip()[:2000]


def _id(form: Form) -> UUID:
    return id_of(form.get("id", "")) or new_id()
