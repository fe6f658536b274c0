"""A list on its page, its saved views, and acts on many of its rows: preview, do, what came of it, undo."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.exchange.exports import policy
from bulou.kernel.ids import id_or, new_id
from bulou.web import places
from bulou.web.access import Request, area_asked, page
from bulou.web.lists import acts
from bulou.web.lists.asked import Asked
from bulou.web.lists.spec import LISTS, SORTABLE, List, Page
from bulou.web.looking import look_at_list
from bulou.web.models import BulkAct, SavedView
from bulou.web.rows import file_url

VIEWS_EACH = 40
IMPERSONAL = ("places", "units", "sites")
"""Lists without a person in them."""


def read(request: Request, made: List) -> Asked:
    """What the address asks. 403 and 404 for the area as everywhere."""
    area = area_asked(request, request.GET.get("area")) if made.by_area else ""
    return Asked.read(made, request.GET, area)


def show(
    request: Request, asked: Asked, template: str = "lists/list.html", *, found: Page | None = None, **more: Any
) -> HttpResponse:
    """The list as asked. `found`: its page, where that is read already; `more` is what the page says beside it."""
    made = asked.made
    found, is_long = (found, False) if found else asked.page(request.user)
    picker = places.picker(request.user, asked.area, lambda area: asked.address(area=area)) if made.by_area else None
    context = {
        "made": made,
        "asked": asked,
        "area": asked.area,
        "rows": found.rows,
        "chips": asked.chips(),
        "heads": asked.heads(),
        "acts": made.may(request.user) if found.rows else [],
        "next_url": asked.address(after=found.next) if found.next else "",
        "first_url": asked.address() if asked.after else "",
        "too_long": SORTABLE if is_long else 0,
        "views": _views(request, asked),
        "may_export": made.goes_out and made.open_to(request.user) and policy.may_export(request.user),
        **(picker.context() if picker else {}),
        **more,
    }
    return render(request, template, context)


def _views(request: Request, asked: Asked) -> list[dict[str, Any]]:
    """The account's own views of a list, and those shared in its area. One query."""
    mine = Q(account=request.user.pk) | Q(shared=True, area=request.user.area)
    found = SavedView.objects.filter(mine, list=asked.made.name).order_by("shared", "title", "id")[:VIEWS_EACH]
    now = asked.query()
    return [
        {
            "id": view.id,
            "title": view.title,
            "url": f"{reverse(asked.made.name)}?{view.query}",
            "current": view.query == now,
            "shared": view.shared,
            "mine": view.account == request.user.pk,
        }
        for view in found
    ]


@require_POST
@page
def save_view(request: Request, name: str) -> HttpResponse:
    """Keep the list as it stands under a name, for oneself or for the area. A second one of that name replaces it."""
    asked = _asked(request, _list(name), request.POST.get("query", ""))
    title = request.POST.get("title", "").strip()[:60]
    if not title:
        messages.error(request, gettext("Give the view a name; it was not saved."))
        return HttpResponseRedirect(asked.address())
    given: dict[str, Any] = {"query": asked.query()[:1000], "shared": request.POST.get("shared") == "1"}
    key: dict[str, Any] = {"account": request.user.pk, "area": request.user.area, "list": name, "title": title}
    SavedView.objects.update_or_create(**key, defaults=given)
    messages.success(request, gettext("The view “%(title)s” is saved.") % {"title": title})
    return HttpResponseRedirect(asked.address())


@require_POST
@page
def drop_view(request: Request, id: UUID) -> HttpResponse:
    """Forget one of one's own views."""
    view = SavedView.objects.filter(id=id, account=request.user.pk).first()
    if view is None:
        raise Http404
    view.delete()
    return HttpResponseRedirect(f"{reverse(view.list)}?{view.query}")


@require_POST
@page
def preview(request: Request, name: str) -> HttpResponse:
    """What an act would do to each row chosen, before anything is recorded."""
    made = _list(name)
    act = _act(request, made)
    keys, cut = request.POST.getlist("row"), False
    if request.POST.get("all") == "1":
        rows, cut = _asked(request, made, request.POST.get("query", "")).all(request.user, acts.MOST)
    else:
        rows = _found(request, made, keys)
    if cut or not rows:
        return _nothing(request, made, cut=cut)
    _look(request, made)
    entered = {"choice": request.POST["choice"]} if "choice" in request.POST else None
    planned = act.plan(rows, entered, request.user)
    return _previewed(request, made, act, planned, [made.key(row) for row in rows], str(new_id()))


@require_POST
@page
def do(request: Request, name: str) -> HttpResponse:
    """Record the act for every row of its preview that can be; then what came of each."""
    made = _list(name)
    act = _act(request, made)
    keys = request.POST.get("keys", "").split()[: acts.MOST]
    id = _uuid(request.POST.get("id", ""))
    entered = {key.removeprefix("data."): str(value) for key, value in request.POST.items()}
    rows = _found(request, made, keys)
    if not rows:
        return _nothing(request, made)
    keys = [made.key(row) for row in rows]
    planned = act.plan(rows, entered, request.user)
    if not planned.is_ready:
        return _previewed(request, made, act, planned, keys, str(id), status=422)
    done = acts.do(id, made, act, planned, request.user)
    return HttpResponseRedirect(reverse("act", args=[done.id]))


@page
def act(request: Request, id: UUID) -> HttpResponse:
    """What came of an act, row by row. 404 for one outside the account's area."""
    found = BulkAct.objects.filter(id=id).first()
    if found is None or found.list not in LISTS:
        raise Http404
    made = LISTS[found.list]
    _look(request, made)
    word = next((one.word for one in made.acts if one.name == found.act), found.act)
    unit = directory.unit_names([found.unit]).get(found.unit, "")
    context = {
        "act": found,
        "word": word,
        "unit": unit,
        "done": [_line(row) for row in found.rows if "fact" in row],
        "refused": [_line(row) for row in found.rows if "fact" not in row],
        "may_undo": acts.may_undo(found, request.user),
        "days": acts.UNDO_DAYS,
        "trip": next((row["trip"] for row in found.rows if "trip" in row), ""),
        "back": reverse(made.name),
    }
    return render(request, "lists/act.html", context)


@require_POST
@page
def undo(request: Request, id: UUID) -> HttpResponse:
    """Take an act back, every row of it. 409 where it no longer can be."""
    found = BulkAct.objects.select_for_update().filter(id=id).first()
    if found is None:
        raise Http404
    if acts.may_undo(found, request.user):
        acts.undo(found, request.user)
    else:
        messages.error(request, gettext("This can no longer be taken back here; nothing was changed."))
    return HttpResponseRedirect(reverse("act", args=[id]))


def _nothing(request: Request, made: List, *, cut: bool = False) -> HttpResponse:
    """Back to the list, with why nothing was done: no row that can be seen, or too many."""
    many = gettext("More than %(n)d rows answer to this filter. Narrow it first; nothing was recorded.")
    messages.error(request, many % {"n": acts.MOST} if cut else gettext("Choose at least one row."))
    return HttpResponseRedirect(_back(request, made))


def _previewed(
    request: Request, made: List, act: acts.Act, planned: acts.Planned, keys: Sequence[str], id: str, status: int = 200
) -> HttpResponse:
    context = {
        "made": made,
        "act": act,
        "planned": planned,
        "keys": "\n".join(keys),
        "id": id,
        "back": _back(request, made),
        "query": request.POST.get("query", ""),
    }
    return render(request, "lists/preview.html", context, status=status)


def _look(request: Request, made: List) -> None:
    """An act on people names them before and after: a look at a list, of the work one is doing."""
    if made.name not in IMPERSONAL:
        look_at_list(request, made.name, request.user.area, is_own=True)


def _list(name: str) -> List:
    if name not in LISTS:
        raise Http404
    return LISTS[name]


def _act(request: Request, made: List) -> acts.Act:
    """The act asked for, where it is open to the account."""
    found = next((act for act in made.may(request.user) if act.name == request.POST.get("act")), None)
    if found is None:
        raise Http404
    return found


def _asked(request: Request, made: List, text: str) -> Asked:
    query = QueryDict(text[:2000])
    return Asked.read(made, query, area_asked(request, query.get("area")) if made.by_area else "")


def _found(request: Request, made: List, keys: Sequence[str]) -> Sequence[Any]:
    return made.found(keys, request.user) if made.found else ()


def _back(request: Request, made: List) -> str:
    return _asked(request, made, request.POST.get("query", "")).address()


def _line(row: Mapping[str, str]) -> dict[str, str]:
    return {**row, "url": file_url(row["subject"])}


def _uuid(text: str) -> UUID:
    return id_or(text, Http404)
