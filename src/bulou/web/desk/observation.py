"""The ledger of medical observation, as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.no_miss.isolation import observation
from bulou.no_miss.isolation.observation import Observed, Said
from bulou.no_miss.isolation.room_board import let_go_by
from bulou.web import fact_words, rows
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list

CELL = "lists/cells/observed_{}.html".format


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger, in words."""

    row: Observed
    name: str
    url: str
    area_name: str
    where: str
    said: Said
    reason: str
    is_over: bool
    is_due: bool


def _kinds() -> list[tuple[str, Word, str]]:
    return options((kind, fact_words.option_word(kind)) for kind in ("home", "central"))


def _states() -> list[tuple[str, Word, str]]:
    return [("over", _("Past the end"), "alert-triangle"), ("ended", _("Released"), "door-exit")]


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = observation.observed(
        asked.area,
        kind=asked.values["kind"],
        state=asked.values["state"],
        now=clock.now(),
        after=after,
        limit=limit + 1,
    )
    return Page(found[:limit], found[limit - 1].cursor if len(found) > limit else None)


def _lines(given: Sequence[object]) -> list[Line]:
    """The rows with what was said of each person. Two queries."""
    found = cast(Sequence[Observed], given)
    now = clock.now()
    names = directory.area_names({code for one in found for code in (one.area[: rows.VILLAGE], one.area)})
    english = (get_language() or "zh").startswith("en")
    said = observation.said_of((one.person for one in found), now, english=english)
    return [_line(one, said.get(one.person, Said()), rows.place_name(one.area, names)) for one in found]


def _line(one: Observed, said: Said, area_name: str) -> Line:
    is_open, now, last = one.ended is None, clock.now(), let_go_by(one.planned_end)
    return Line(
        one,
        one.name or gettext("name not shown"),
        reverse("isolation", args=[one.person]),
        area_name,
        f"{fact_words.option_word(one.kind)} {one.number or ''}".strip(),
        said,
        fact_words.option_word(said.reason) if not is_open and said.reason else "",
        is_open and now >= last,
        is_open and one.planned_end <= now < last,
    )


OBSERVED = register(
    List(
        name="observation-register",
        title=_("Medical observation"),
        columns=(
            Column(
                "name",
                _("Name"),
                "lists/cells/name.html",
                lambda line: line.name,
                sort=True,
                fixed=True,
                css="lead",
            ),
            Column("where", _("Where"), CELL("where"), lambda line: line.where, sort=lambda line: line.row.kind),
            Column(
                "begun",
                _("Isolated since"),
                CELL("begun"),
                lambda line: local(line.row.begun),
                sort=True,
                css="nowrap",
            ),
            Column("days", _("Days"), CELL("days"), lambda line: line.row.days, sort=True),
            Column(
                "end",
                _("Grounds end"),
                CELL("end"),
                lambda line: local(line.row.planned_end),
                sort=True,
                css="nowrap",
            ),
            Column(
                "ended",
                _("Ended"),
                CELL("ended"),
                lambda line: local(line.row.ended),
                sort=True,
                css="nowrap",
            ),
            Column(
                "manager",
                _("Who answers"),
                CELL("manager"),
                lambda line: line.said.manager,
                sort=True,
            ),
            Column(
                "medic",
                _("Last seen by"),
                CELL("medic"),
                lambda line: line.said.medic,
                sort=True,
            ),
            Column(
                "area",
                _("Area"),
                "lists/cells/area.html",
                lambda line: line.area_name,
                sort=lambda line: line.row.area,
            ),
        ),
        read=_read,
        shown=_lines,
        told=_lines,
        size=lambda asked, account: observation.stays(
            asked.area, now=clock.now(), kind=asked.values["kind"], state=asked.values["state"]
        ).count(),
        more=(
            Column("reason", _("Reason"), "", lambda line: line.reason),
            Column("area_code", _("Area code"), "", lambda line: line.row.area),
        ),
        personal=lambda line: True,
        key=lambda line: str(line.row.id),
        filters=(
            Filter("state", _("State"), "choice", _states, all_word=_("Isolated now"), chips=True),
            Filter("kind", _("Kind"), "choice", _kinds, all_word=_("At home and in sites")),
        ),
        native=("end",),
        by_area=True,
        empty=_("Nobody answers to this filter"),
        empty_help=_("Whoever is isolated, at home or in a site, stands here by when the grounds end."),
    )
)


@page
def ledger(request: Request) -> HttpResponse:
    """Who is under observation in an area. Whoever lists them is on record."""
    asked = views.read(request, OBSERVED)
    if asked_for := look_at_list(request, "observation", asked.area):
        return asked_for
    return views.show(
        request, asked, about=gettext("By when each may go, the earliest first. Opening this list is recorded.")
    )
