"""The inbox: what a unit must know, who of it has read it, and where each alert leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.alerts import selectors, services
from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.areas import contains
from bulou.kernel.text import Text
from bulou.web.access import Request, audits, page
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register


@dataclass(frozen=True, slots=True)
class Line:
    """One alert in words."""

    row: selectors.AlertRow
    name: str
    url: str
    area_name: str


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = selectors.inbox(
        account,
        unread=asked.values["state"] == "unread",
        kind=asked.values["kind"],
        after=after if _is_uuid(after) else "",
        limit=limit + 1,
    )
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _lines(found: Sequence[selectors.AlertRow]) -> list[Line]:
    """The alerts with the names of their areas. One query."""
    names = directory.area_names({row.place for row in found})
    return [Line(row, _said(row), reverse("alert", args=[row.id]), names.get(row.place, row.place)) for row in found]


def _kinds() -> list[tuple[str, Word, str]]:
    return [("urgent", _("Urgent"), "alert-triangle"), ("security", _("Security"), "shield-half")]


def _state(one: Line) -> str:
    return gettext("Read") if one.row.is_read else gettext("Unread")


CELLS = "lists/cells/"
ALERTS = register(
    List(
        name="alerts",
        title=_("Alerts"),
        columns=(
            Column(
                "what", _("What"), f"{CELLS}alert_what.html", lambda one: one.name, fixed=True, css="lead", sort=True
            ),
            Column("where", _("Where"), f"{CELLS}area.html", lambda one: one.area_name, sort=True),
            Column("at", _("When"), f"{CELLS}alert_at.html", lambda one: local(one.row.at), css="nowrap", sort=True),
            Column("state", _("State"), f"{CELLS}alert_state.html", _state, css="nowrap", sort=True),
        ),
        read=_read,
        shown=_lines,
        key=lambda one: str(one.row.id),
        more=(Column("area_code", _("Area code"), "", lambda one: one.row.place),),
        filters=(
            Filter("state", _("State"), "choice", lambda: [("unread", _("Unread"), "bell")], chips=True),
            Filter("kind", _("Kind"), "choice", _kinds, chips=True, all_word=_("Every kind")),
        ),
        row_css=lambda one: "" if one.row.is_read else "unread",
        empty=_("No alerts"),
        empty_help=_("What is missed, and goes up unread, appears here and at the bell."),
    )
)


@page
def inbox(request: Request) -> HttpResponse:
    """The alerts of one's unit."""
    about = gettext("What your unit must know. What nobody reads in time is told to the tier above.")
    return views.show(request, views.read(request, ALERTS), "alerts/inbox.html", about=about)


@page
def alert(request: Request, id: UUID) -> HttpResponse:
    """One alert; opening it is reading it. 404 for one of another unit."""
    found = selectors.alert_of(id, request.user)
    if found is None:
        raise Http404
    services.read([id], by=request.user)
    (line,) = _lines([found])
    context = {"line": line, "leads_to": _leads_to(found, request.user), "readers": selectors.readers(id, request.user)}
    return render(request, "alerts/alert.html", context)


@require_POST
@page
def read_all(request: Request) -> HttpResponse:
    """One has read them all."""
    count = services.read_all(by=request.user)
    messages.success(request, gettext("%(n)d alerts marked as read.") % {"n": count})
    return HttpResponseRedirect(reverse("alerts"))


def _said(row: selectors.AlertRow) -> str:
    return Text(zh=row.zh, en=row.en).to(get_language() or "zh")


def _leads_to(row: selectors.AlertRow, account: Account) -> str:
    """The page an alert is about: one duty, the misses of a clause, or whose looks; empty where there is none."""
    data: Mapping[str, Any] = row.data
    if "duty" in data:
        return reverse("duty", args=[data["duty"]])
    if "clause" in data:
        given = {"clause": data["clause"]}
        inside = row.place and contains(account.area, row.place)
        return f"{reverse('misses')}?{urlencode(given | ({'area': row.place} if inside else {}))}"
    if "account" in data and audits(account):
        name = directory.account_names({UUID(data["account"])}).get(UUID(data["account"]), "")
        return f"{reverse('looks')}?{urlencode({'who': name.rpartition('（')[2].rstrip('）')})}"
    return ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
