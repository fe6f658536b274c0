"""The list of volunteers of an area: who helps, with what, how many needs each sees to now; who joins, who leaves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from bulou.directory import selectors as directory
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.operations.support import selectors as support
from bulou.operations.support import services
from bulou.web import rows
from bulou.web.access import Request, page
from bulou.web.looking import look_at_list


@page
def volunteers(request: Request) -> HttpResponse:
    """The list, and a form for who joins. Whoever lists people is on record."""
    if request.method == "POST":
        return _change(request)
    return _show(request)


def _change(request: Request) -> HttpResponse:
    form = request.POST
    try:
        person, id = UUID(form.get("person", "")), UUID(form.get("id", ""))
        if form.get("act") == "leave":
            services.leave(person, by=request.user, id=id)
            said = gettext("Taken off the list.")
        else:
            services.join(person, form.get("skills", "").replace("\0", "").strip()[:200], by=request.user, id=id)
            said = gettext("On the list.")
    except ValueError:
        return _show(request, gettext("Choose somebody first; nothing was recorded."), 422)
    except BulouError as error:
        return _show(request, error.to(get_language() or "zh"), 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("volunteers"))


def _show(request: Request, problem: str = "", status: int = 200) -> HttpResponse:
    area = request.user.area
    look_at_list(request, "volunteers", area, is_own=True)
    found = support.volunteers(area)
    busy = support.busy(one.person_id for one in found)
    names = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    find = request.GET.get("find", "").strip()[:100]
    context = {
        "lines": [(one, rows.place_name(one.area, names), busy.get(one.person_id, 0)) for one in found],
        "find": find,
        "people": directory.people_find(find, area=area, limit=8) if find else [],
        "problem": problem,
        "id": new_id(),
    }
    return render(request, "desk/volunteers.html", context, status=status)
