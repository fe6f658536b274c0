"""The search: a page of its own, and what the overlay on every page asks for."""

from django.http import HttpResponse
from django.shortcuts import render

from bulou.directory import services
from bulou.web.access import Request, page, record
from bulou.web.finder import hits
from bulou.web.looking import look_at_list

LONGEST = 60


@page
def search(request: Request) -> HttpResponse:
    """Whatever the text finds in the account's area. Each search is on record, its numbers masked.

    One that names people is a look at a list, for a purpose: the overlay leads to the page where it is asked.
    """
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = hits.groups(text, request.user)
    is_part = bool(request.htmx) and not request.htmx.boosted
    if any(group.is_personal for group in found):
        asked_for = look_at_list(request, services.told(text), request.user.area, act="search")
        if asked_for:
            return render(request, "finder/purpose.html", {"q": text}) if is_part else asked_for
    elif text:
        record(request, "search", area=request.user.area, purpose=services.told(text))
    context = {"q": text, "groups": found, "each": hits.EACH}
    template = "finder/found.html" if is_part else "finder/search.html"
    return render(request, template, context)
