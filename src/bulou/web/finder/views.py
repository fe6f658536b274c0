"""The search: a page of its own, and what the overlay on every page asks for."""

from django.http import HttpResponse
from django.shortcuts import render

from bulou.directory import services
from bulou.web.access import Request, page, record
from bulou.web.finder import hits

LONGEST = 60


@page
def search(request: Request) -> HttpResponse:
    """Whatever the text finds in the account's area. Each search is on record, its numbers masked."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = hits.groups(text, request.user)
    if text:
        record(request, "search", area=request.user.area, purpose=services.told(text))
    context = {"q": text, "groups": found, "each": hits.EACH}
    template = "finder/found.html" if request.htmx and not request.htmx.boosted else "finder/search.html"
    return render(request, template, context)
