"""Tours: what teams planned to visit, stop by stop; one tour with its route; planning one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, new_id
from bulou.oversight.supervision import routes, touring
from bulou.oversight.supervision.models import Stop
from bulou.oversight.supervision.routes import Round
from bulou.oversight.supervision.tours import LONGEST
from bulou.web import links, rows
from bulou.web.access import Request, page
from bulou.web.desk.finding import clauses
from bulou.web.desk.findings import may_raise
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.words import Sign, signs

CELL = "lists/cells/tour_{}.html".format
SITES = ("isolation_site", "hospital", "fever_clinic", "school", "care_home", "checkpoint", "company", "venue")
"""Units a team goes to beside villages."""
STATES = signs(
    Sign("over", _("Nobody came in time"), "circle"),
    Sign("waiting", _("To be visited"), "clock"),
    Sign("visited", pgettext_lazy("tour", "Visited"), "check"),
)
COLOURS = {"over": "missed", "waiting": "open", "visited": "met"}


@dataclass(frozen=True, slots=True)
class Line:
    """One stop in words. `found`: findings the team raised there; `over`: how long the visit is past its time."""

    row: Stop
    name: str
    url: str
    area_name: str
    sign: Sign
    team: rows.Owner | None
    found: int
    over: timedelta | None

    @property
    def tour_url(self) -> str:
        return links.address("tours", tour=self.row.tour_id, state="all")

    @property
    def findings_url(self) -> str:
        tour, about = self.row.tour_id, self.row.subject
        return links.address("findings", area=self.row.area, state="all", tour=tour, about=about)


def lines(found: Sequence[Stop]) -> list[Line]:
    """The stops with names and teams. Four queries, whatever their number."""
    now = clock.now()
    names = directory.names({one.subject for one in found})
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    teams = rows.owners({one.by for one in found if one.by})
    raised = routes.found_at(found)
    return [_line(one, names, areas, teams, raised.get(one.id, 0), now) for one in found]


def _line(
    one: Stop,
    names: Mapping[str, str],
    areas: Mapping[str, str],
    teams: Mapping[UUID, rows.Owner],
    raised: int,
    now: datetime,
) -> Line:
    over = now - one.due_at if one.visited_at is None and now > one.due_at else None
    state = "visited" if one.visited_at else "over" if over else "waiting"
    sign = STATES[state]
    return Line(
        row=one,
        name=names.get(one.subject) or rows.kind_word(one.subject),
        url=rows.file_url(one.subject),
        area_name=rows.place_name(one.area, areas),
        sign=Sign(COLOURS[state], sign.word, sign.icon),
        team=teams.get(one.by) if one.by else None,
        found=raised,
        over=over,
    )


def _wanted(asked: Asked) -> Any:
    state = {"": "left", "all": ""}.get(asked.values["state"], asked.values["state"])
    return routes.stops_found(asked.area, clock.now(), state=state, tour=id_of(asked.values["tour"]))


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = routes.stops_page(_wanted(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Stop]:
    return routes.stops_stream(_wanted(asked))


def _states() -> Sequence[tuple[str, Word, str]]:
    return [*((sign.name, sign.word, sign.icon) for sign in STATES.values()), ("all", _("Visited or not"), "stack-2")]


def _passed(one: Line) -> str:
    if one.row.visited_at is None or one.row.passed is None:
        return ""
    return gettext("All was well") if one.row.passed else gettext("Something was wrong")


TOURS = register(
    List(
        name="tours",
        title=_("Tours"),
        columns=(
            Column("name", _("Where"), CELL("where"), lambda one: one.name, fixed=True, css="lead", sort=True),
            Column("state", _("State"), CELL("state"), lambda one: str(one.sign.word), fixed=True, sort=True),
            Column("due", pgettext_lazy("deadline", "By"), CELL("due"), lambda one: local(one.row.due_at), sort=True),
            Column("seen", _("What was seen"), CELL("seen"), lambda one: one.row.words, sort=True),
            Column("found", _("Findings"), CELL("found"), lambda one: one.found, css="num", sort=True),
            Column("tour", _("Tour"), CELL("tour"), lambda one: one.row.name, sort=True),
            Column("team", _("Team"), CELL("team"), lambda one: one.team.name if one.team else "", sort=True),
            Column("area", _("Area"), "lists/cells/area.html", lambda one: one.area_name, shown=False, sort=True),
        ),
        read=_read,
        shown=lines,
        stream=_stream,
        size=lambda asked, account: _wanted(asked).count(),
        more=(
            Column("visited", pgettext_lazy("tour", "Visited"), "", lambda one: local(one.row.visited_at)),
            Column("passed", _("How it was"), "", _passed),
            Column("n", _("Number on the route"), "", lambda one: one.row.n),
            Column("clause", _("Clause"), "", lambda one: one.row.clause),
        ),
        found=lambda keys, account: lines(routes.stops_by_id(id for key in keys if (id := id_of(key)))),
        key=lambda one: str(one.row.id),
        filters=(
            Filter("state", _("State"), "choice", _states, all_word=_("Not yet visited"), chips=True),
            Filter("tour", _("Tour"), "hidden"),
        ),
        native=("due",),
        by_area=True,
        row_css=lambda one: "over" if one.over else "",
        empty=_("No visit is planned here"),
        empty_help=_("Whoever inspects plans a tour: who goes, where to, within how many days."),
    )
)


@page
def tours(request: Request) -> HttpResponse:
    """The visits planned in an area, and the tours they belong to."""
    asked, now = views.read(request, TOURS), clock.now()
    counted = routes.standing(asked.area, now, id_of(asked.values["tour"]))
    tiles = [(sign, counted[name], COLOURS[name], asked.address(state=name, after="")) for name, sign in STATES.items()]
    going = [_going(one, now) for one in routes.rounds(asked.area, now)]
    may = may_raise(request.user)
    return views.show(request, asked, "desk/tours.html", tiles=tiles, going=going, may_plan=may)


def _going(one: Round, now: datetime) -> tuple[Round, str, bool]:
    return one, reverse("tour", args=[one.tour.id]), one.tour.ends_at > now


@page
def tour(request: Request, id: UUID) -> HttpResponse:
    """One tour with its route. 404 for one out of sight."""
    return _show(request, id)


@require_POST
@page
def visit(request: Request, id: UUID) -> HttpResponse:
    """The team was at one stop of a tour. What is wrong is said, and nothing recorded then."""
    stop, passed = id_of(request.POST.get("stop", "")), request.POST.get("passed", "")
    if stop is None or passed not in ("1", "0"):
        return _show(request, id, gettext("Say whether all was well; nothing was recorded."), 422)
    words = request.POST.get("words", "").replace("\0", "")[:2000]
    try:
        touring.visit(stop, words, passed == "1", by=request.user, id=id_of(request.POST.get("id", "")) or new_id())
    except BulouError as error:
        return _show(request, id, error.to(get_language() or "zh"), 409)
    messages.success(request, gettext("The visit is on record."))
    wrong = routes.stops_by_id([stop]) if passed == "0" else []
    return HttpResponseRedirect(_raising(wrong[0]) if wrong else reverse("tour", args=[id]))


def _raising(one: Stop) -> str:
    """The form of a finding at a stop, with what is known filled in."""
    return links.address("new-finding", area=one.area, about=one.subject, clause=one.clause, tour=one.tour_id)


def _show(request: Request, id: UUID, problem: str = "", status: int = 200) -> HttpResponse:
    found = routes.round_(id, clock.now())
    if found is None:
        raise Http404
    stops = lines(list(routes.stops_page(routes.stops_found("", clock.now(), tour=id), limit=touring.MOST)))
    context = {
        "round": found,
        "members": found.tour.members.splitlines(),
        "team": rows.owners([found.tour.by] if found.tour.by else []).get(found.tour.by) if found.tour.by else None,
        "lines": [(one, _raising(one.row)) for one in stops],
        "may_visit": found.tour.by == request.user.unit_id or may_raise(request.user),
        "own": contains(request.user.area, found.tour.area),
        "is_over": found.tour.ends_at <= clock.now(),
        "id": new_id(),
        "problem": problem,
    }
    return render(request, "desk/tour.html", context, status=status)


@page
def new(request: Request) -> HttpResponse:
    """Plan a tour of one's area. 403 for whoever inspects nobody."""
    if not may_raise(request.user):
        raise PermissionDenied
    area, problem, status = request.user.area, "", 200
    given = request.POST
    if request.method == "POST":
        try:
            made = touring.plan_tour(
                given.get("name", "")[:200],
                given.get("members", "")[:2000].splitlines(),
                given.getlist("stop"),
                int(given.get("days", "")) if given.get("days", "").isdecimal() else 0,
                by=request.user,
                id=id_of(given.get("id", "")) or new_id(),
                clause=given.get("clause", "")[:60],
            )
        except BulouError as error:
            problem, status = error.to(get_language() or "zh"), 422
        else:
            messages.success(request, gettext("The tour is planned; each stop is due."))
            return HttpResponseRedirect(reverse("tour", args=[made.id]))
    villages = directory.units(area, role="village_committee", limit=touring.MOST)
    sites = directory.units_of_roles(area, SITES)
    chosen = set(given.getlist("stop"))
    context = {
        "problem": problem,
        "given": given,
        "villages": [(f"area:{one.area}", one.name, one.area_name, f"area:{one.area}" in chosen) for one in villages],
        "sites": [(f"unit:{one.id}", one.name, one.area_name, f"unit:{one.id}" in chosen) for one in sites],
        "days": given.get("days") or str(LONGEST),
        "longest": LONGEST,
        "clauses": clauses(area),
        "area_name": directory.area_names([area]).get(area, area),
        "id": new_id(),
    }
    return render(request, "desk/tour_new.html", context, status=status)
