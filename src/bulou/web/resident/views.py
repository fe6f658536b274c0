"""A person's own page, without an account: opened by a link, which each time says anew whether it still stands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.operations.support import own_pages
from bulou.operations.support.own_pages import Opened
from bulou.web import fact_words
from bulou.web.needs import CODES, SIGNS, need_word
from bulou.web.resident import acts, closing, own
from bulou.web.resident.acts import SYMPTOMS, Entered
from bulou.web.resident.own import OwnFile

DONE = {
    "health": _("Recorded. Whoever looks after you sees it now."),
    "ask": _("Your request is recorded. Below it stands who answers for it and by when."),
    "met": _("Thank you. The request is closed."),
    "unmet": _("Recorded: it is not done yet. Whoever answers for it sees that."),
    "appeal": _("Your appeal is recorded. It must be answered within three days."),
    "history": _("Recorded. Your community sees it and may ask you more."),
}


def page(request: HttpRequest, token: str) -> HttpResponse:
    """The page, or what somebody sends in through it; each opening is counted and on record."""
    act = request.POST.get("act", "") if request.method == "POST" else "open"
    if act not in (*acts.ACTS, "open"):
        act = "unknown"
    opened = own_pages.open_by(token, ip=request.META.get("REMOTE_ADDR") or None, act=act)
    if opened.state != "open" or opened.person is None:
        return closing.closed(request, opened.state)
    with everywhere():
        file = _read(opened)
        if file is None:
            return closing.gone(request, opened.person)
        if request.method == "POST":
            return _take(request, file, act)
        return _show(request, file)


def _read(opened: Opened) -> OwnFile | None:
    return own.read(opened.person, opened.page, clock.now()) if opened.person and opened.page else None


def _take(request: HttpRequest, file: OwnFile, act: str) -> HttpResponse:
    """Record what was sent in, in the person's own name, and lead back to the page; what is wrong stays filled in."""
    made = acts.ACTS[act](file, request.POST) if act in acts.ACTS else Entered(error=gettext("Nothing was recorded."))
    if made.facts:
        receipt = ledger.record(made.facts)
        said = [refusal.problem for refusal in receipt.refused if refusal.problem.code != "fact.conflict"]
        made = replace(made, error=said[0].to(get_language() or "zh") if said else "")
    if made.error:
        return _show(request, file, {act: made.error}, request.POST, 422)
    return HttpResponseRedirect(f"{request.path}?done={act}#{_PLACES[act]}", status=303)


_PLACES = {"health": "today", "ask": "needs", "met": "needs", "unmet": "needs", "appeal": "rights", "history": "family"}
"""Where on the page it is answered what was sent in."""


def _show(
    request: HttpRequest,
    file: OwnFile,
    errors: Mapping[str, str] | None = None,
    entered: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    done = request.GET.get("done", "")
    given = entered or {}
    chosen = request.POST.getlist("symptom") if entered else []
    context = {
        "own": file,
        "done": DONE.get(done, "") if not errors else "",
        "errors": errors or {},
        "entered": given,
        "symptoms": [(code, fact_words.option_word(code), code in chosen) for code in SYMPTOMS],
        "codes": [(code, need_word(code)) for code in CODES],
        "asked": [(one, need_word(one.need.need), SIGNS[one.need.state]) for one in file.needs],
        "decisions": [(one, fact_words.option_word(one.decision)) for one in file.appeals],
        "ids": {name: str(new_id()) for name in acts.ACTS},
        "now": clock.now(),
    }
    return render(request, "resident/page.html", context, status=status)
