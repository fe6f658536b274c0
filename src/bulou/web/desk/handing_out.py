"""An arrival handed out to the wrong community is handed out anew: to which, chosen by name."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from bulou.directory import selectors as directory
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.no_miss.screening import receiving
from bulou.no_miss.screening import selectors as screening
from bulou.no_miss.screening.arrivals import HERE
from bulou.no_miss.screening.receiving import VILLAGE
from bulou.web import links, rows
from bulou.web.access import Request, page
from bulou.web.looking import look_at_list, note_act
from bulou.web.public.arriving import STATES

FOUND = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """A community found by its name, with what it lies in."""

    code: str
    name: str
    within: str


@page
def hand_out(request: Request, id: UUID) -> HttpResponse:
    """Who, what their community said, and which community they are handed out to. 404 for one out of sight."""
    found = next(iter(screening.arrivals_by_id([id])), None)
    if found is None or found.state == HERE:
        raise Http404
    subject = f"person:{found.person}"
    if request.method == "POST":
        note_act(request, subject, found.area)
        fact, note = id_of(request.POST.get("id", "")) or new_id(), request.POST.get("note", "").strip()[:500]
        try:
            receiving.hand_out(id, request.POST.get("area", ""), by=request.user, id=fact, note=note)
        except BulouError as error:
            messages.error(request, error.to(get_language() or "zh"))
            return HttpResponseRedirect(request.get_full_path())
        messages.success(request, gettext("Handed out anew; the community finds them on its list."))
        return HttpResponseRedirect(links.address("arrivals"))
    if asked_for := look_at_list(request, "arrival handed out", found.area):
        return asked_for
    said = screening.declared_names([found.person]).get(found.person, ("", ""))
    name = directory.names([subject]).get(subject) or said[0] or rows.kind_word(subject)
    areas = directory.area_names({found.area, found.area[: rows.VILLAGE]})
    query = request.GET.get("q", "").strip()[:40]
    context = {
        "arrival": found,
        "name": name,
        "sign": STATES[found.state],
        "area_name": rows.place_name(found.area, areas),
        "query": query,
        "choices": _choices(request, query, found.area) if query else [],
        "id": new_id(),
    }
    return render(request, "desk/hand_out.html", context)


def _choices(request: Request, query: str, but: str) -> list[Choice]:
    """Communities of the account's area by name, but the one it is with. Two queries."""
    found = [
        one
        for one in directory.areas_find(query, least=VILLAGE, most=VILLAGE, within=request.user.area, limit=FOUND)
        if one.code != but
    ]
    above = directory.area_names({code for one in found for code in (one.code[:6], one.code[:9])})
    return [
        Choice(one.code, one.name, " ".join(above.get(code, "") for code in (one.code[:6], one.code[:9])))
        for one in found
    ]
