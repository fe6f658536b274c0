"""Zones: which are in force, how wide and how strict, what is owed in each; setting, adjusting and lifting them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger import services
from bulou.ledger.rows import Counts
from bulou.no_miss.control import selectors as control
from bulou.no_miss.control.selectors import ZoneRow
from bulou.web import links, places, rows, zone_words
from bulou.web.access import Request, area_asked, commands, page
from bulou.web.desk.files import file_context
from bulou.web.fact_words import option_word
from bulou.web.field import questions
from bulou.web.field.questions import Option, Question
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.maps import tiles

CELL = "lists/cells/zone_{}.html".format
LEVELS = ("sealed", "controlled", "watched")
UNITS = ("household", "stairwell", "building", "grid", "village", "school_class", "school", "workplace")
"""The smallest units to choose from, from the narrowest up; a fact may name any other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, in words."""

    row: ZoneRow
    name: str
    url: str
    area_name: str
    measures: str
    owner: rows.Owner | None
    counts: Counts


def _filters(asked: Asked) -> dict[str, Any]:
    state = {"": "force", "all": ""}.get(asked.values["state"], asked.values["state"])
    return {"state": state, "level": asked.values["level"], "oldest": asked.sort == "since"}


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = control.zones(asked.area, **_filters(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[ZoneRow]:
    return control.zones_stream(asked.area, **_filters(asked))


def _size(asked: Asked, account: Account) -> int:
    given = _filters(asked)
    return control.zones_found(asked.area, state=given["state"], level=given["level"]).count()


def _lines(found: Sequence[ZoneRow]) -> list[Line]:
    """The rows with names and what is owed in each zone. Three queries, whatever their number."""
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    owners = rows.owners(one.by for one in found if one.by)
    counts = ledger.counts_of(one.subject for one in found)
    return [
        Line(
            one,
            zone_words.title(one),
            rows.file_url(one.subject),
            rows.place_name(one.area, areas),
            gettext(", ").join(option_word(code) for code in one.measures.split()),
            owners.get(one.by) if one.by else None,
            counts.get(one.subject, Counts()),
        )
        for one in found
    ]


def _found(keys: Sequence[str], account: Account) -> list[Line]:
    return _lines(control.zones_by_id(UUID(key) for key in map(id_text, keys) if key))


def _which(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, one.row.subject, one.row.area


def _is_over(one: Line, account: Account) -> str:
    return gettext("This zone has been lifted already.") if one.row.until else ""


def _levels() -> list[tuple[str, Word, str]]:
    return options((level, option_word(level)) for level in LEVELS)


def _level() -> Question:
    return Question("level", gettext("How strict"), "choice", options=tuple(Option(c, option_word(c)) for c in LEVELS))


def _why() -> Question:
    return Question("reason", gettext("What allows it"), "text")


STATES: Sequence[tuple[str, Word, str]] = (
    ("lifted", _("Lifted"), "door-exit"),
    ("all", _("In force or not"), "stack-2"),
)
ZONES = register(
    List(
        name="zones",
        title=_("Zones"),
        columns=(
            Column("name", _("Zone"), CELL("name"), lambda one: one.name, fixed=True, css="lead", sort=True),
            Column("since", _("In force"), CELL("period"), lambda one: local(one.row.since), sort=True),
            Column("measures", _("Measures"), CELL("measures"), lambda one: one.measures, sort=True),
            Column("duties", _("Duties"), CELL("duties"), lambda one: one.counts.missed, sort=True),
            Column("owner", _("Who set it"), CELL("owner"), lambda one: one.owner.name if one.owner else "", sort=True),
            Column("area", _("Area"), "lists/cells/area.html", lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=_lines,
        stream=_stream,
        size=_size,
        more=(
            Column("until", _("Until"), "", lambda one: local(one.row.until)),
            Column("grounds", _("Grounds"), "", lambda one: one.row.grounds),
            Column("reason", _("Reason"), "", lambda one: one.row.reason),
            Column("area_code", _("Area code"), "", lambda one: one.row.area),
        ),
        found=_found,
        key=lambda one: str(one.row.id),
        filters=(
            Filter("level", _("How strict"), "choice", _levels, all_word=_("Any")),
            Filter("state", _("State"), "choice", lambda: STATES, all_word=_("In force now"), chips=True),
        ),
        native=("-since", "since"),
        acts=(
            Record(
                "adjust",
                _("Adjust"),
                "arrows-maximize",
                "zone.adjusted",
                _which,
                allowed=commands,
                refuse=_is_over,
                asks=lambda account: [_level()],
                data=lambda one: {"unit_kind": one.row.unit_kind, "measures": one.row.measures.split()},
            ),
            Record(
                "lift",
                _("Lift"),
                "door-exit",
                "zone.lifted",
                _which,
                allowed=commands,
                refuse=_is_over,
                asks=lambda account: [_why()],
            ),
        ),
        by_area=True,
        row_css=lambda one: "over" if one.counts.missed else "",
        empty=_("No zone is in force here"),
        empty_help=_("A command post sets one; those lifted are kept and can be looked at."),
    )
)


@page
def zones(request: Request) -> HttpResponse:
    """The zones of an area, those in force unless asked for others."""
    asked = views.read(request, ZONES)
    return views.show(request, asked, "desk/zones.html", may_set=commands(request.user), map=_map(asked.area))


def _map(area: str) -> tiles.Map | None:
    """The zones in force by the areas within. Three queries at most."""
    parts = directory.area_children(area)
    if len(parts) == 1:
        parts = directory.area_children(parts[0].code)
    counted = control.zones_by_area(one.code for one in parts)
    figures = [
        tiles.Figure(one.code, one.name, counted[one.code], links.address("zones", area=one.code)) for one in parts
    ]
    return tiles.drawn("zone-map", gettext("Zones in force"), "zones", "barrier-block", figures)


@page
def zone(request: Request, zone: str) -> HttpResponse:
    """The file of a zone: what it is, what is owed in it, what happened. 404 for one out of sight."""
    subject = f"zone:{zone}"
    row = control.zones_of([subject]).get(subject)
    if row is None:
        raise Http404
    (line,) = _lines([row])
    context = file_context(subject) | {"name": line.name, "area_name": line.area_name, "line": line}
    return render(request, "desk/zone.html", context)


@page
def new(request: Request) -> HttpResponse:
    """Set a zone in an area of the account's. 403 for whoever is no command post."""
    if not commands(request.user):
        raise PermissionDenied
    area = area_asked(request, request.POST.get("area") or request.GET.get("area"))
    form, problem, status = questions.Form("zone.set", tuple(_questions())), "", 200
    if request.method == "POST":
        data, form = _answers(request.POST)
        if questions.is_good(form):
            subject = f"zone:{request.POST.get('zone', '')}"
            now, by = clock.now(), f"unit:{request.user.unit_id}"
            fact = Fact(request.POST.get("id", ""), "zone.set", subject, area, now, by, data)
            receipt = services.record([fact], area=request.user.area, account=request.user.pk)
            if not receipt.refused:
                messages.success(request, gettext("The zone is in force; its duties are on the lists."))
                return HttpResponseRedirect(rows.file_url(subject))
            problem = receipt.refused[0].problem.to(get_language() or "zh")
        status = 422
    picker = places.picker(request.user, area, lambda code: links.address("new-zone", area=code))
    context = {
        "form": form,
        "problem": problem,
        "area": area,
        "units": [(name, zone_words.unit_word(name)) for name in UNITS],
        "id": new_id(),
        "zone": new_id(),
        **picker.context(),
    }
    return render(request, "desk/zone_new.html", context, status=status)


def _questions() -> list[Question]:
    """What is asked for a new zone: the smallest unit, how strict, and why."""
    required = questions.form("zone.set").fields
    grounds = Question("grounds", gettext("Grounds"), "text")
    return [*required, _level(), grounds]


def _answers(entered: Mapping[str, str]) -> tuple[dict[str, Any], questions.Form]:
    """The data of a new zone, and the form again with what is wrong beside each field."""
    given = {name.removeprefix("data."): value.strip() for name, value in entered.items()}
    fields = [
        questions.replaced(one, given.get(one.name, ""), "" if given.get(one.name) else gettext("Fill this in."))
        for one in _questions()
    ]
    data = {one.name: one.value for one in fields if one.value}
    return data, questions.Form("zone.set", tuple(fields))
