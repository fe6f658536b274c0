"""What is behind a mask: one number or address at a time, for a reason, on record."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory import services
from bulou.directory.services import Masked
from bulou.kernel.errors import BulouError
from bulou.web import fact_words
from bulou.web.access import Request, denied, page

PURPOSES = {
    "tracing": _("Contact tracing"),
    "care": _("Medical care or transport"),
    "identity": _("Making sure who it is"),
    "supplies": _("Bringing what they need"),
}
COLUMNS = {"id_number": "id", "phone": "phone", "address": "home"}


@require_POST
@page
def reveal(request: Request, id: UUID) -> HttpResponse:
    """One masked value in full. 404 for somebody outside the area, 422 without a purpose; the look is on record."""
    person, column = directory.person(id), request.POST.get("column", "")
    if person is None or column not in COLUMNS:
        denied(request, f"person:{id}")
        raise Http404
    purpose = request.POST.get("purpose", "")
    context = {"person": person, "column": column, "icon": COLUMNS[column], "purposes": PURPOSES}
    try:
        given = purpose if purpose in PURPOSES else ""
        address = request.META.get("REMOTE_ADDR") or None
        value = services.person_reveal(
            person, cast(Masked, column), by=request.user, purpose=given, page=request.path, ip=address
        )
    except BulouError as error:
        problem = error.problems[0].to(get_language() or "zh")
        return _answer(request, context | {"problem": problem}, status=422)
    return _answer(request, context | {"value": value or fact_words.option_word("unknown")})


def _answer(request: Request, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "desk/revealed.html" if request.htmx else "desk/revealed_page.html"
    return render(request, template, context, status=status)
