"""People who may be one: side by side, for somebody to decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.exchange.imports import selectors, services
from bulou.exchange.imports.models import ImportDoubt
from bulou.kernel.errors import BulouError
from bulou.web import fact_words
from bulou.web.access import Request, page
from bulou.web.looking import look_at_list


@page
def doubles(request: Request) -> HttpResponse:
    """The pairs of one's area that are still to be decided. The look at them is on record."""
    if asked := look_at_list(request, "doubles", request.user.area):
        return asked
    found, lately = selectors.open_doubts(), selectors.decided_lately()
    people = {
        one.id: one for one in directory.people_sides(id for doubt in found for id in (doubt.person, doubt.other))
    }
    areas = directory.area_names({one.area for one in people.values()})
    pairs = [_pair(d, people, areas) for d in found if d.person in people and d.other in people]
    names = directory.names(f"person:{id}" for doubt in lately for id in (doubt.person, doubt.other))
    decided = [(d, [names.get(f"person:{id}", "") for id in (d.other, d.person)]) for d in lately]
    return render(request, "desk/doubles.html", {"pairs": pairs, "decided": decided})


@require_POST
@page
def decide(request: Request, id: UUID) -> HttpResponse:
    """Say whether two are one. 404 where there is nothing to decide."""
    decision = request.POST.get("decision", "")
    found = selectors.doubt(id, decided=decision == "anew")
    if found is None or decision not in ("same", "different", "anew"):
        raise Http404
    stayed = 0
    try:
        if decision == "anew":
            services.decide_anew(found, by=request.user.pk)
        else:
            stayed = services.decide(found, decision, by=request.user.pk).stayed
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        said = {
            "same": gettext("One person: the older file has what was new."),
            "different": gettext("Two people; nothing was changed."),
            "anew": gettext("Taken back; decide anew."),
        }
        messages.success(request, said[decision])
        if stayed:
            told = gettext("%(n)d records of handovers do not fit the older file's; they stay on the newer one.")
            messages.info(request, told % {"n": stayed})
    return HttpResponseRedirect(reverse("doubles"))


def _pair(doubt: ImportDoubt, people: dict[UUID, Any], areas: dict[str, str]) -> dict[str, Any]:
    left, right = people[doubt.other], people[doubt.person]
    fields = (
        (gettext("Name"), "name"),
        (gettext("Sex"), "sex_word"),
        (gettext("Born"), "birth_date"),
        (gettext("ID"), "id_number"),
        (gettext("Phone"), "phone"),
        (gettext("Area"), "area_name"),
    )
    sides = [_side(one, areas) for one in (left, right)]
    rows = [(word, *(side[name] for side in sides)) for word, name in fields]
    return {
        "id": doubt.id,
        "rows": [(word, a, b, bool(a) and a == b) for word, a, b in rows],
        "file": doubt.batch.file.name,
        "row": doubt.row,
        "score": doubt.score,
    }


def _side(one: Any, areas: dict[str, str]) -> dict[str, str]:
    return {
        "name": one.name,
        "sex_word": fact_words.option_word(one.sex),
        "birth_date": str(one.birth_date or ""),
        "id_number": one.id_number,
        "phone": one.phone,
        "area_name": areas.get(one.area, one.area),
    }
