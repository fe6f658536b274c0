"""What people need, as a list: who answers, by when, how far it is; and one need with what can be done about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, ids_of, new_id
from bulou.operations.support import selectors as support
from bulou.operations.support import services
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import HelpNeed
from bulou.web import rows
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list, look_at_person, note_act
from bulou.web.needs import CODES, COLOURS, SIGNS, TOLD, need_word
from bulou.web.rows import Owner
from bulou.web.words import Sign

CELL = "lists/cells/need_{}.html".format
ROLE = "village_committee"
REFERRED_TO = ("psychological_service", "hospital", "township_clinic", "civil_affairs_bureau", "police_station")
"""Roles a need may be sent on to."""
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One need in words. `over`: how long it should have been answered, or brought, by now."""

    need: HelpNeed
    name: str
    url: str
    area_name: str
    word: str
    sign: Sign
    owner: Owner | None
    volunteer: str
    clock: Clock
    over: timedelta | None

    @property
    def key(self) -> str:
        return str(self.need.id)

    @property
    def why(self) -> str:
        """The page that explains the duty; empty where no plan asks."""
        key = self.clock.key(self.need.subject)
        return reverse("duty", args=[key]) if key else ""


def lines(needs: Sequence[HelpNeed], now: datetime) -> list[Line]:
    """The needs with names, owners and clocks: five queries, whatever their number."""
    near = directory.owners_of(ROLE, {need.area for need in needs})
    clocks = support.clocks(needs, now, near)
    units = rows.owners(one.owner for one in clocks.values() if one.owner)
    people = {f"person:{need.volunteer}" for need in needs if need.volunteer}
    names = directory.names({need.subject for need in needs} | people)
    areas = directory.area_names({code for need in needs for code in (need.area, need.area[: rows.VILLAGE])})
    return [_line(need, clocks[need.id], units, names, areas, now) for need in needs]


def _line(
    need: HelpNeed,
    found: Clock,
    units: Mapping[UUID, Owner],
    names: Mapping[str, str],
    areas: Mapping[str, str],
    now: datetime,
) -> Line:
    waits = need.state in ("asked", "unmet")
    over = now - found.due_at if waits and now > found.due_at else None
    stage = SIGNS[need.state]
    return Line(
        need=need,
        name=names.get(need.subject) or rows.kind_word(need.subject),
        url=rows.file_url(need.subject),
        area_name=rows.place_name(need.area, areas),
        word=need_word(need.need),
        sign=Sign("missed" if over else COLOURS[need.state], stage.word, stage.icon),
        owner=units.get(found.owner) if found.owner else None,
        volunteer=names.get(f"person:{need.volunteer}", "") if need.volunteer else "",
        clock=found,
        over=over,
    )


def _states() -> list[tuple[str, Word, str]]:
    return [(sign.name, sign.word, sign.icon) for sign in SIGNS.values()]


def _codes() -> list[tuple[str, Word, str]]:
    return options((code, need_word(code)) for code in (*CODES, TOLD))


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    state = asked.values["state"] or "open"
    unit = account.unit_id if asked.values["ours"] else None
    wanted = support.found(asked.area, state=state, code=asked.values["need"], referred_to=unit)
    last = str(after) if ids_of([after]) else ""
    found = support.page_of(wanted, after=last, limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _row(one: Line) -> tuple[str, str, str, str]:
    return one.key, f"{one.name} · {one.word}", one.need.subject, one.need.area


def _of(one: Line) -> Mapping[str, Any]:
    return {"request": one.key, "need": one.need.need}


def _closed(one: Line, account: Account) -> str:
    return gettext("Closed already") if one.need.state == "closed" else ""


NEEDS = register(
    List(
        name="needs",
        title=_("Needs"),
        columns=(
            Column("who", _("Who"), CELL("who"), fixed=True, css="lead", says=lambda one: one.name, sort=True),
            Column(
                "need",
                _("Need"),
                CELL("what"),
                fixed=True,
                says=lambda one: f"{one.word} {one.need.words}".strip(),
                sort=True,
            ),
            Column("asked", _("Asked"), CELL("asked"), says=lambda one: local(one.need.asked_at), sort=True),
            Column(
                "owner", _("Answers"), CELL("owner"), says=lambda one: one.owner.name if one.owner else "", sort=True
            ),
            Column(
                "due", pgettext_lazy("deadline", "By"), CELL("due"), says=lambda one: local(one.clock.due_at), sort=True
            ),
            Column(
                "volunteer", _("Volunteer"), CELL("volunteer"), shown=False, says=lambda one: one.volunteer, sort=True
            ),
        ),
        read=_read,
        shown=lambda found: lines(found, clock.now()),
        told=lambda found: lines(found, clock.now()),
        found=lambda keys, account: lines(support.needs_by_id(ids_of(keys)), clock.now()),
        more=(
            Column("state", _("State"), "", says=lambda one: str(one.sign.word)),
            Column("clause", _("Clause"), "", says=lambda one: one.clock.clause),
            Column("area", _("Area"), "", says=lambda one: one.area_name),
        ),
        personal=lambda one: (one.need if isinstance(one, Line) else one).person_id is not None,
        key=lambda one: str(one.need.id),
        filters=(
            Filter("state", _("State"), "choice", _states, all_word=_("Open"), chips=True),
            Filter("need", _("Need"), "choice", _codes, all_word=_("Every need")),
            Filter("ours", _("Sent on to us"), "flag", chips=True, icon="arrow-right"),
        ),
        native=("asked",),
        acts=(
            Record("accept", _("Take up"), "user", "help.answered", _row, refuse=_closed, data=_of),
            Record("deliver", _("Record as done"), "truck", "help.delivered", _row, refuse=_closed, data=_of),
        ),
        by_area=True,
        row_css=lambda one: "over" if one.over else "",
        empty=_("Nobody waits for help"),
        empty_help=_("What people ask for on their own page, at the door or by telephone appears here."),
    )
)


@page
def needs(request: Request) -> HttpResponse:
    """The needs of an area, the longest waiting first. Whoever lists people is on record."""
    asked = views.read(request, NEEDS)
    if asked_for := look_at_list(request, "needs", asked.area):
        return asked_for
    return views.show(request, asked, about=gettext("Asked, taken up, brought; closed only when the person confirms."))


@page
def need(request: Request, id: UUID) -> HttpResponse:
    """One need and what can be done about it. 404 for one out of sight; the look is on record."""
    found = _need(id)
    asked_for = look_at_person(request, found.person_id, found.area) if found.person_id else None
    return asked_for or _show(request, found)


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """One of the acts of a need. 404 for no act."""
    found = _need(id)
    note_act(request, found.subject, found.area)
    do = _ACTS.get(request.POST.get("act", ""))
    if do is None:
        raise Http404
    try:
        do(found.id, request.POST, request.user)
    except BulouError as error:
        return _show(request, found, error.to(get_language() or "zh"), 409)
    messages.success(request, gettext("Recorded."))
    return HttpResponseRedirect(reverse("need", args=[id]))


def _need(id: UUID) -> HelpNeed:
    found = support.need(id)
    if found is None:
        raise Http404
    return found


def _show(request: Request, found: HelpNeed, problem: str = "", status: int = 200) -> HttpResponse:
    (line,) = lines([found], clock.now())
    volunteers = support.volunteers(request.user.area)
    busy = support.busy(one.person_id for one in volunteers)
    units = directory.units_of_roles(found.area[: len("120101")], REFERRED_TO)
    context = {
        "line": line,
        "volunteers": sorted(
            ((one, busy.get(one.person_id, 0)) for one in volunteers), key=lambda one: (one[1], one[0].person.name)
        ),
        "units": [one for one in units if one.id != found.unit],
        "mine": request.user.pk in found.hands,
        "seen_to": bool(found.hands),
        "id": new_id(),
        "problem": problem,
    }
    return render(request, "desk/need.html", context, status=status)


def _accept(need: UUID, form: Form, by: Account) -> None:
    services.accept(need, by=by, words=_words(form), id=_id(form, "id"))


def _assign(need: UUID, form: Form, by: Account) -> None:
    services.assign(need, _id(form, "volunteer"), by=by, id=_id(form, "id"))


def _refer(need: UUID, form: Form, by: Account) -> None:
    services.refer(need, _id(form, "to"), by=by, words=_words(form), id=_id(form, "id"))


def _deliver(need: UUID, form: Form, by: Account) -> None:
    services.deliver(need, by=by, words=_words(form), id=_id(form, "id"))


def _confirm(need: UUID, form: Form, by: Account) -> None:
    services.confirm(
        need, "visit" if form.get("how") == "visit" else "call", by=by, words=_words(form), id=_id(form, "id")
    )


def _unmet(need: UUID, form: Form, by: Account) -> None:
    services.unmet(need, by=by, words=_words(form), id=_id(form, "id"))


_ACTS: Mapping[str, Callable[[UUID, Form, Account], None]] = {
    "accept": _accept,
    "assign": _assign,
    "refer": _refer,
    "deliver": _deliver,
    "confirm": _confirm,
    "unmet": _unmet,
}


def _words(form: Form) -> str:
    return form.get("words", "").replace("\0", "").strip()[:500]


def _id(form: Form, name: str) -> UUID:
    def unchosen() -> BulouError:
        return BulouError.of(
            "help.incomplete",
            "请选择一项；没有登记。",
            "Choose one of the list; nothing was recorded.",
            field=name,
        )

    return id_or(form.get(name, ""), unchosen)
