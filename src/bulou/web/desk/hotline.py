"""The hotline: calls as they come, each with what came of it; what cannot be answered at once becomes a need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy

from bulou.directory import selectors as directory
from bulou.directory.models import Account, Person
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.operations.support import selectors as support
from bulou.operations.support import services
from bulou.operations.support.models import Call
from bulou.operations.support.services import Outcome
from bulou.web import fact_words, rows
from bulou.web.access import Request, page
from bulou.web.lists.spec import PAGE
from bulou.web.looking import look_at_list
from bulou.web.needs import CODES, need_word
from bulou.web.words import Sign, signs

TOPICS = (*CODES, "complaint", "advice", "tip_off")
OUTCOMES = signs(
    Sign("answered", pgettext_lazy("call", "Answered at once"), "check"),
    Sign("request", pgettext_lazy("call", "Put down as a need"), "hand-stop"),
    Sign("referred", pgettext_lazy("call", "Sent on"), "arrow-right"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One call in words."""

    call: Call
    topic: str
    outcome: Sign
    name: str
    url: str
    area_name: str


@page
def hotline(request: Request) -> HttpResponse:
    """Calls of the area, the latest first, and a form for the next. Whoever lists them is on record."""
    if request.method == "POST":
        return _take(request)
    return _show(request)


def _take(request: Request) -> HttpResponse:
    """Put a call down; with the need it is, where it is one."""
    form = request.POST
    try:
        with transaction.atomic():
            _put_down(form, request.user)
    except BulouError as error:
        return _show(request, error.to(get_language() or "zh"), form, 422)
    messages.success(request, gettext("The call is on the register."))
    return HttpResponseRedirect(reverse("hotline"))


def _put_down(form: Mapping[str, str], by: Account) -> None:
    topic, outcome = form.get("topic", ""), form.get("outcome", "")
    words = form.get("words", "").replace("\0", "").strip()[:500]
    if topic not in TOPICS or outcome not in get_args(Outcome):
        raise _incomplete()
    id = _uuid(form.get("id", ""))
    subject, area = _about(form.get("person", ""), by)
    services.take_call(subject, area, topic, cast(Outcome, outcome), words, by=by, id=uuid5(id, "call"))
    if outcome == "request":
        services.ask(subject, area, topic, words, by=by, channel="hotline", id=id)


def _about(person: str, by: Account) -> tuple[str, str]:
    """Whom a call is about, and where: a person in scope, else the area whose hotline it is."""
    if not person:
        return f"area:{by.area}", by.area
    found = Person.objects.filter(id=_uuid(person)).first()
    if found is None or not contains(by.area, found.area_id):
        raise _incomplete()
    return f"person:{found.pk}", found.area_id


def _uuid(text: str) -> UUID:
    return id_or(text, _incomplete)


def _incomplete() -> BulouError:
    return BulouError.of(
        "call.incomplete",
        "请选择来电事由和处理结果；没有登记。",
        "Choose what the call was about and what came of it; nothing was recorded.",
    )


def _show(
    request: Request, problem: str = "", entered: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    look_at_list(request, "hotline", request.user.area, is_own=True)
    find = request.GET.get("find", "").strip()[:100]
    calls = support.calls(request.user.area, after=_after(request), limit=PAGE + 1)
    people = directory.people_find(find, area=request.user.area, limit=8) if find else []
    context = {
        "lines": _lines(calls[:PAGE]),
        "next_url": f"?after={calls[PAGE - 1].id}" if len(calls) > PAGE else "",
        "topics": [(code, need_word(code)) for code in TOPICS],
        "outcomes": list(OUTCOMES.values()),
        "find": find,
        "people": people,
        "entered": entered or {},
        "problem": problem,
        "id": new_id(),
    }
    return render(request, "desk/hotline.html", context, status=status)


def _after(request: Request) -> str:
    try:
        return str(UUID(request.GET.get("after", "")))
    except ValueError:
        return ""


def _lines(calls: Sequence[Call]) -> list[Line]:
    names = directory.names({call.subject for call in calls})
    areas = directory.area_names({code for call in calls for code in (call.area, call.area[: rows.VILLAGE])})
    return [
        Line(
            call,
            fact_words.option_word(call.topic),
            OUTCOMES.get(call.outcome, OUTCOMES["answered"]),
            names.get(call.subject, ""),
            rows.file_url(call.subject) if call.subject.startswith("person:") else "",
            rows.place_name(call.area, areas),
        )
        for call in calls
    ]
