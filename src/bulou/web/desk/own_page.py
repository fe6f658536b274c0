"""The link to a person's own page: made, shown once as a mark to scan, ended; and how often it was opened."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.custody import cards
from bulou.directory import selectors as directory
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.selectors import PersonFile
from bulou.kernel.errors import BulouError
from bulou.operations.support import own_pages
from bulou.operations.support.own_pages import LONGEST, USUAL, Given
from bulou.web.access import Request, page
from bulou.web.looking import look_at_person, note_act


@page
def own_page(request: Request, id: UUID) -> HttpResponse:
    """The links of a person. 404 for somebody outside the account's area; the look is on record, for a purpose."""
    person = _person(id)
    return look_at_person(request, id, person.area) or _show(request, person)


@require_POST
@page
def change(request: Request, id: UUID) -> HttpResponse:
    """Make a link, which ends the one before and is shown once; or end it. 403 for administrators."""
    if request.user.role in ADMINISTRATORS:
        raise PermissionDenied
    person = _person(id)
    note_act(request, f"person:{id}", person.area)
    act = request.POST.get("act", "")
    if act == "end":
        own_pages.end(id, by=request.user)
        messages.success(request, gettext("The link has ended; it opens nothing any more."))
        return HttpResponseRedirect(reverse("own-page", args=[id]))
    if act != "give":
        raise Http404
    days = request.POST.get("days", str(USUAL)).strip()
    try:
        given = own_pages.give(id, by=request.user, days=int(days) if days.isdecimal() and len(days) < 5 else 0)
    except BulouError as error:
        return _show(request, person, error=error.to(get_language() or "zh"), status=422)
    return _show(request, person, given)


def _person(id: UUID) -> PersonFile:
    found = directory.person_file(id)
    if found is None:
        raise Http404
    return found


def _show(
    request: Request, person: PersonFile, given: Given | None = None, *, error: str = "", status: int = 200
) -> HttpResponse:
    links = own_pages.links_of(person.id)
    context: dict[str, Any] = {
        "person": person,
        "given": given,
        "links": links,
        "names": directory.account_names({one.account for one in links}),
        "live": any(one.is_live for one in links),
        "days": request.POST.get("days", str(USUAL)),
        "longest": LONGEST,
        "error": error,
        "may": request.user.role not in ADMINISTRATORS,
        "short": cards.short(person.id),
    }
    if given:
        address = request.build_absolute_uri(reverse("resident", args=[given.text]))
        mark = segno.make(address, error="m").svg_data_uri(scale=6, border=2)
        context |= {"address": address, "mark": mark}
    return render(request, "desk/own_page.html", context, status=status)
