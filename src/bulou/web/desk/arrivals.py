"""Arrivals: who has come from where and when, who told of it, and whether the community has confirmed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.services import told
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger.rows import Counts
from bulou.no_miss.screening import receiving
from bulou.no_miss.screening import selectors as screening
from bulou.no_miss.screening.arrivals import RISKS, WAITING
from bulou.no_miss.screening.selectors import Came
from bulou.web import links, rows
from bulou.web.access import Request, page
from bulou.web.fact_words import option_word
from bulou.web.field.questions import Option, Question
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list
from bulou.web.public.arriving import STATES
from bulou.web.words import Sign, signs

CELL = "lists/cells/arrival_{}.html".format
SIGNED: Mapping[str, str] = {"waiting": "open", "here": "met", "not_here": "missed", "gone_on": "waived"}
"""State of an arrival to the colours it is shown in."""
DANGER = signs(
    Sign("low", _("low risk"), "circle"),
    Sign("medium", _("medium risk"), "alert-triangle"),
    Sign("high", _("high risk"), "alert-triangle"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One arrival with names. `phone` is masked, of what the person said; `counts` is what is owed about them."""

    row: Came
    name: str
    url: str
    phone: str
    whence: str
    area_name: str
    told: str
    sign: Sign
    colour: str
    risk: Sign
    counts: Counts
    id: UUID

    @property
    def waits(self) -> bool:
        return self.row.state == WAITING

    @property
    def is_astray(self) -> bool:
        """True where the community it was handed out to has not found them, or knows that they went on."""
        return self.row.state in ("not_here", "gone_on")


def _filters(asked: Asked) -> dict[str, str]:
    return {"state": asked.values["state"], "risk": asked.values["risk"], "text": asked.values["find"]}


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = screening.arrivals(asked.area, **_filters(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Came]:
    return screening.arrivals_stream(asked.area, **_filters(asked))


def _lines(found: Sequence[Came], *, linked: bool = True) -> list[Line]:
    """The rows with names. Four queries, whatever their number. Who is on file elsewhere is called as they said."""
    subjects = {f"person:{one.person}" for one in found}
    names, counts = directory.names(subjects), ledger.counts_of(subjects)
    said = screening.declared_names({one.person for one in found})
    codes = {code for one in found for code in (one.area, one.area[: rows.VILLAGE], one.from_area, one.from_area[:4])}
    areas = directory.area_names(codes - {""})
    lines = []
    for one in found:
        subject = f"person:{one.person}"
        name, phone = said.get(one.person, ("", ""))
        lines.append(
            Line(
                row=one,
                name=names.get(subject) or name or rows.kind_word(subject),
                url=rows.file_url(subject) if linked and subject in names else "",
                phone=phone,
                whence=_whence(one.from_area, areas),
                area_name=rows.place_name(one.area, areas),
                told=gettext(", ").join(option_word(word) for word in one.told.split()),
                sign=STATES[one.state],
                colour=SIGNED[one.state],
                risk=DANGER[one.gravest],
                counts=counts.get(subject, Counts()),
                id=new_id(),
            )
        )
    return lines


def _whence(area: str, names: Mapping[str, str]) -> str:
    if not area:
        return gettext("abroad")
    steps = [area[:4], area] if len(area) > len("1201") else [area]
    return " ".join(names.get(step, step) for step in steps)


def _found(keys: Sequence[str], account: Account) -> list[Line]:
    return _lines(screening.arrivals_by_id(UUID(key) for key in map(id_text, keys) if key))


def _whom(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, f"person:{one.row.person}", one.row.area


def _confirmed(one: Line, account: Account) -> str:
    return gettext("The community has confirmed this one already.") if one.row.state == "here" else ""


def _states() -> list[tuple[str, Word, str]]:
    return [(name, STATES[name].word, STATES[name].icon) for name in STATES]


def _missing() -> Question:
    answers = tuple(Option(name, option_word(name)) for name in receiving.ANSWERS)
    return Question("outcome", gettext("What was found"), "choice", options=answers)


ARRIVALS = register(
    List(
        name="arrivals",
        title=_("Arrivals"),
        columns=(
            Column("who", _("Who"), CELL("who"), fixed=True, css="lead", says=lambda one: one.name, sort=True),
            Column("state", _("State"), CELL("state"), fixed=True, says=lambda one: str(one.sign.word), sort=True),
            Column("from", pgettext_lazy("arrival", "From"), CELL("from"), says=lambda one: one.whence, sort=True),
            Column("at", _("Arrived"), CELL("at"), says=lambda one: local(one.row.at), sort=True),
            Column("told", _("Told by"), CELL("told"), says=lambda one: one.told, sort=True),
            Column("area", _("Community"), "lists/cells/area.html", says=lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=_lines,
        stream=_stream,
        size=lambda asked, account: screening.arrivals_found(asked.area, **_filters(asked)).count(),
        told=lambda found: _lines(found, linked=False),
        more=(
            Column("risk", _("Risk"), "", says=lambda one: str(one.risk.word)),
            Column("vehicle", _("Vehicle"), "", says=lambda one: one.row.vehicle),
            Column("checked", _("Checked"), "", says=lambda one: local(one.row.checked_at)),
            Column("area_code", _("Area code"), "", says=lambda one: one.row.area),
        ),
        personal=lambda one: True,
        found=_found,
        key=lambda one: str(one.row.id),
        filters=(
            Filter("find", _("Find"), help=_("Name, initials or last four")),
            Filter(
                "risk",
                _("Risk"),
                "choice",
                lambda: options((name, DANGER[name].word) for name in RISKS),
                all_word=_("Every risk"),
            ),
            Filter("state", _("State"), "choice", _states, all_word=_("Every state"), chips=True),
        ),
        native=("-at",),
        acts=(
            Record(
                "answer-arrivals",
                _("Say what was found"),
                "check",
                "arrival.received",
                _whom,
                refuse=_confirmed,
                asks=lambda account: [_missing()],
            ),
        ),
        by_area=True,
        css="arrival-rows",
        empty=_("Nobody has come"),
        empty_help=_(
            "Arrivals come from the public page, from lists of carriers and checkpoints, and from other departments."
        ),
    )
)


@page
def arrivals(request: Request) -> HttpResponse:
    """The list. Whoever opens it is on record."""
    asked = views.read(request, ARRIVALS)
    looked = told(asked.values["find"])
    if asked_for := look_at_list(request, f"arrivals {looked}".strip(), asked.area):
        return asked_for
    counted = screening.states(asked.area)
    tiles = [(STATES[name], counted.get(name, 0), SIGNED[name], asked.address(state=name)) for name in STATES]
    public = request.build_absolute_uri(reverse("arrive"))
    return views.show(request, asked, "desk/arrivals.html", tiles=tiles, public=public)


@require_POST
@page
def answer(request: Request, id: UUID) -> HttpResponse:
    """One tap of the community: they are here, or they are not. Back to the list it was made on."""
    given: dict[str, Any] = {"outcome": request.POST.get("outcome", ""), "note": request.POST.get("note", "").strip()}
    try:
        fact = UUID(request.POST.get("id", ""))
    except ValueError:
        fact = new_id()
    try:
        done = receiving.answer(id, **given, by=request.user, id=fact)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, f"{STATES[done.state].word}.")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(back if is_ours else links.address("arrivals"))
