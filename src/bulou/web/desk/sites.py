"""Isolation sites of an area side by side: where rooms are free, who leaves and comes, what must be put right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.no_miss.isolation import site_board
from bulou.no_miss.isolation.room_board import STATES
from bulou.no_miss.isolation.site_board import SiteLine, View
from bulou.web import links, rows
from bulou.web.access import Request, page
from bulou.web.desk.rooms import SIGNS
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.spec import PAGE, Column, Filter, List, Page, register
from bulou.web.words import Sign, signs

CELL = "lists/cells/site_{}.html".format
VIEWS = signs(
    Sign("all", _("All"), "building"),
    Sign("pressing", _("Something to put right"), "alert-triangle"),
    Sign("room", _("Rooms free"), "door"),
    Sign("full", _("Full"), "bed"),
    Sign("closed", pgettext_lazy("site", "Closed"), "lock"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One site with the name of its area and the address of its rooms."""

    row: SiteLine
    name: str
    area_name: str

    @property
    def url(self) -> str:
        return f"{reverse('rooms')}?site={self.row.id}"

    @property
    def state(self) -> Any:
        return pgettext_lazy("site", "Open") if self.row.is_open else pgettext_lazy("site", "Closed")


def _narrowed(asked: Asked, found: Sequence[SiteLine]) -> list[SiteLine]:
    return site_board.narrowed(found, cast(View, asked.values["view"] or "all"))


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    return _page(_narrowed(asked, site_board.sites(asked.area, clock.now())), after, limit)


def _page(found: Sequence[SiteLine], after: str, limit: int) -> Page:
    """Some of the sites, and the place of the last one, behind which the next page begins."""
    first = int(after) if after.isdecimal() and len(after) < 7 else 0
    last = first + limit
    return Page(found[first:last], str(last) if len(found) > last else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[SiteLine]:
    return iter(_narrowed(asked, site_board.sites(asked.area, clock.now())))


def _shown(found: Sequence[SiteLine]) -> list[Shown]:
    """Sites with their names in the language of the session, and their areas'. Two queries."""
    names = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    units = directory.unit_names(one.id for one in found)
    return [Shown(one, units.get(one.id, one.name), rows.place_name(one.area, names)) for one in found]


def _number(name: str, word: Any, *, shown: bool = True) -> Column:
    return Column(name, word, CELL(name), lambda one: getattr(one.row, name), sort=True, css="num", shown=shown)


SITES = register(
    List(
        name="sites",
        title=_("Isolation sites"),
        columns=(
            Column("name", _("Site"), CELL("name"), says=lambda one: one.name, sort=True, fixed=True, css="lead"),
            Column("state", _("State"), CELL("state"), says=lambda one: str(one.state), sort=True),
            _number("pressing", _("To put right")),
            _number("people", _("People")),
            _number("free", _("Free")),
            _number("rooms", _("Rooms")),
            _number("cleaning", _("To be disinfected"), shown=False),
            _number("broken", _("Out of use"), shown=False),
            _number("leaving", _("Leave by tomorrow")),
            _number("expected", _("On the way here")),
            Column("area", _("Area"), "lists/cells/area.html", says=lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=_shown,
        stream=_stream,
        key=lambda one: str(one.row.id),
        filters=(
            Filter(
                "view",
                _("Which"),
                "choice",
                lambda: [(one.name, one.word, one.icon) for one in list(VIEWS.values())[1:]],
                all_word=_("All"),
                chips=True,
            ),
        ),
        native=("area",),
        by_area=True,
        css="site-rows",
        empty=_("No isolation site answers to this filter"),
        empty_help=_("Units that are isolation sites appear here, with their rooms once these are on the books."),
    )
)


@page
def sites(request: Request) -> HttpResponse:
    """The sites of an area with their numbers; all of them together stand above."""
    asked = views.read(request, SITES)
    everywhere = site_board.sites(asked.area, clock.now())
    found = _page(_narrowed(asked, everywhere), asked.after, PAGE)
    total = site_board.totals(everywhere)
    return views.show(
        request,
        asked,
        "desk/sites.html",
        found=Page(_shown(found.rows), found.next) if asked.is_native else None,
        total=total,
        sites=len(everywhere),
        open=sum(one.is_open for one in everywhere),
        wrong=links.address("sites", area=asked.area, view="pressing"),
        wrong_at=sum(one.pressing > 0 for one in everywhere),
        tiles=[(SIGNS[state], total[state]) for state in STATES],
    )
