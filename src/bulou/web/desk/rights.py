"""What people ask about their data, as a list with owners and clocks; one request with its answer; the copy itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory import services as people
from bulou.directory.models import Account, Person
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, ids_of, new_id
from bulou.ledger import erasing
from bulou.ledger import selectors as ledger
from bulou.operations.support import answering
from bulou.operations.support import selectors as support
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import RightsRequest
from bulou.operations.support.rights import ANSWERING, RIGHTS, Decision
from bulou.web import fact_words, rows, timeline
from bulou.web.access import Request, command_page, recent_authentication
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list, look_at_person, note_act
from bulou.web.rights import COLOURS, SIGNS, right_word
from bulou.web.rows import Owner
from bulou.web.words import Sign

CELL = "lists/cells/right_{}.html".format
ROLE = "county_command"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One request in words. `over`: how long it should have been answered by now."""

    row: RightsRequest
    name: str
    url: str
    area_name: str
    word: str
    sign: Sign
    owner: Owner | None
    clock: Clock
    over: timedelta | None

    @property
    def key(self) -> str:
        return str(self.row.id)

    @property
    def why(self) -> str:
        """The page that explains the duty; empty where no plan asks."""
        key = self.clock.key(self.row.subject)
        return reverse("duty", args=[key]) if key else ""


def lines(found: Sequence[RightsRequest], now: datetime) -> list[Line]:
    """The requests with names, owners and clocks: five queries, whatever their number."""
    near = directory.owners_of(ROLE, {one.area for one in found})
    clocks = answering.clocks(found, now, near)
    units = rows.owners(one.owner for one in clocks.values() if one.owner)
    names = directory.names({one.subject for one in found})
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    return [_line(one, clocks[one.id], units, names, areas, now) for one in found]


def _line(
    row: RightsRequest, found: Clock, units: Mapping[UUID, Owner], names: Mapping[str, str], areas: Mapping[str, str],
    now: datetime,
) -> Line:  # fmt: skip
    over = now - found.due_at if row.state == "open" and now > found.due_at else None
    stage, name = SIGNS[row.state], names.get(row.subject, "")
    return Line(
        row=row,
        name=name or gettext("Somebody who is erased"),
        url=rows.file_url(row.subject) if name else "",
        area_name=rows.place_name(row.area, areas),
        word=right_word(row.right),
        sign=Sign("missed" if over else COLOURS[row.state], stage.word, stage.icon),
        owner=units.get(found.owner) if found.owner else None,
        clock=found,
        over=over,
    )


def _states() -> list[tuple[str, Word, str]]:
    return [(sign.name, sign.word, sign.icon) for sign in SIGNS.values() if sign.name != "open"]


def _rights() -> list[tuple[str, Word, str]]:
    return options((right, right_word(right)) for right in RIGHTS)


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    state = "" if asked.values["state"] == "all" else asked.values["state"] or "open"
    wanted = answering.found(asked.area, state=state, right=asked.values["right"])
    found = support.page_of(wanted, after=after if ids_of([after]) else "", limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


REQUESTS = register(
    List(
        name="rights",
        title=_("Requests about data"),
        columns=(
            Column("who", _("Who"), CELL("who"), fixed=True, css="lead", says=lambda one: one.name, sort=True),
            Column(
                "what",
                pgettext_lazy("rights", "Asks for"),
                CELL("what"),
                fixed=True,
                says=lambda one: f"{one.word} {one.row.words}".strip(),
                sort=True,
            ),
            Column("asked", _("Asked"), CELL("asked"), says=lambda one: local(one.row.asked_at), sort=True),
            Column(
                "owner", _("Answers"), CELL("owner"), says=lambda one: one.owner.name if one.owner else "", sort=True
            ),
            Column(
                "due", pgettext_lazy("deadline", "By"), CELL("due"), says=lambda one: local(one.clock.due_at), sort=True
            ),
            Column("reason", _("Answer"), CELL("reason"), shown=False, says=lambda one: one.row.reason, sort=True),
        ),
        read=_read,
        shown=lambda found: lines(found, clock.now()),
        told=lambda found: lines(found, clock.now()),
        found=lambda keys, account: lines(answering.requests_by_id(ids_of(keys)), clock.now()),
        more=(
            Column("state", _("State"), "", says=lambda one: str(one.sign.word)),
            Column("clause", _("Clause"), "", says=lambda one: one.clock.clause),
            Column("area", _("Area"), "", says=lambda one: one.area_name),
        ),
        personal=lambda one: True,
        key=lambda one: str(one.row.id if isinstance(one, Line) else one.id),
        filters=(
            Filter(
                "state",
                _("State"),
                "choice",
                lambda: [*_states(), ("all", _("All"), "list-check")],
                all_word=pgettext_lazy("rights", "To be answered"),
                chips=True,
            ),
            Filter("right", pgettext_lazy("rights", "Asks for"), "choice", _rights, all_word=_("Everything")),
        ),
        native=("asked",),
        by_area=True,
        row_css=lambda one: "over" if one.over else "",
        empty=_("Nobody waits for an answer about their data"),
        empty_help=_("What people ask on their own page about what is kept of them appears here, with its clock."),
    )
)


@command_page
def requests(request: Request) -> HttpResponse:
    """The requests of an area, the longest waiting first. Whoever lists people is on record."""
    asked = views.read(request, REQUESTS)
    if asked_for := look_at_list(request, "rights", asked.area):
        return asked_for
    about = gettext("Copy, correction, erasure: answered in time with a reason; what is granted is carried out.")
    return views.show(request, asked, about=about)


@command_page
def one(request: Request, id: UUID) -> HttpResponse:
    """One request and its answer. 404 for one out of sight; the look is on record."""
    found = _request(id)
    return look_at_person(request, found.person_id, found.area) or _show(request, found)


@require_POST
@command_page
@recent_authentication
def answer(request: Request, id: UUID) -> HttpResponse:
    """Grant or decline, with the reason the person reads. What may be erased by now is, at once."""
    found, form = _request(id), request.POST
    note_act(request, found.subject, found.area)
    reason = form.get("reason", "").replace("\0", "").strip()[:LONGEST]
    if form.get("decision") not in get_args(Decision) or not reason:
        return _show(request, found, gettext("Choose, and write the reason for the person; nothing was recorded."), 422)
    try:
        decision, fact = cast(Decision, form["decision"]), id_or(form.get("id", ""), _too_old)
        gone = answering.answer(id, decision, reason, by=request.user, fact=fact)
    except BulouError as error:
        return _show(request, found, error.to(get_language() or "zh"), 409)
    said = ngettext("Answered; %(n)d file is erased.", "Answered; %(n)d files are erased.", gone) % {"n": gone}
    messages.success(request, said if gone else gettext("Answered. The person reads it on their own page."))
    return HttpResponseRedirect(reverse("right", args=[id]))


@command_page
@recent_authentication
def copy(request: Request, id: UUID) -> HttpResponse:
    """Everything kept about whoever asked for a copy, in full, to be handed over: one look, for the request."""
    found = _request(id)
    person = Person.objects.select_related("household").filter(id=found.person_id).first()
    if person is None or found.right != "copy":
        raise Http404
    given: dict[str, Any] = {"page": request.path, "ip": request.META.get("REMOTE_ADDR") or None}
    context = {
        "line": lines([found], clock.now())[0],
        "person": person,
        "sex": fact_words.option_word(person.sex),
        "numbers": people.person_in_full(person, by=request.user, purpose="answer", **given),
        "days": timeline.days(ledger.facts_of(found.subject)),
        "at": clock.now(),
    }
    return render(request, "desk/right_copy.html", context)


def _request(id: UUID) -> RightsRequest:
    found = answering.request(id)
    if found is None:
        raise Http404
    return found


def _show(request: Request, found: RightsRequest, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "line": lines([found], clock.now())[0],
        "bar": erasing.barred([found.person_id]).get(found.person_id) if found.right == "erasure" else None,
        "may": request.user.role in ANSWERING and found.state == "open",
        "entered": request.POST if problem else {},
        "id": new_id(),
        "problem": problem,
    }
    return render(request, "desk/right.html", context, status=status)


def _too_old() -> BulouError:
    return BulouError.of(
        "rights.too_old",
        "页面已经过期，没有登记。请重新打开本页。",
        "This page is too old. Open it again; nothing was recorded.",
    )
