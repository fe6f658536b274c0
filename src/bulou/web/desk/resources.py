"""Capacity and stocks: what every unit has, item by item; what is short, full, or was not counted for a week."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_of, id_or, new_id
from bulou.no_miss.treatment import device_board
from bulou.operations.resources import selectors, services
from bulou.operations.resources.selectors import Row, View, What
from bulou.web import fact_words, links
from bulou.web.access import Request, page
from bulou.web.field import questions
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.words import Sign, signs

CELL = "lists/cells/holding_{}.html".format
LOOKERS = frozenset({"grid_worker"})
"""Roles that count nothing in the name of a unit."""
VIEWS = signs(
    Sign("all", _("All"), "stack-2"),
    Sign("short", _("Asked for, not come"), "truck"),
    Sign("full", _("All in use"), "alert-triangle"),
    Sign("stale", _("Not counted for a week"), "clock"),
)
OF: Mapping[What, tuple[View, ...]] = {"capacity": ("all", "full", "stale"), "stock": ("all", "short", "stale")}
ITEMS: Mapping[What, tuple[str, ...]] = {
    "capacity": (
        "negative_pressure_bed",
        "critical_bed",
        "ordinary_bed",
        "temporary_bed",
        "isolation_room",
        "ventilator",
        "negative_pressure_ambulance",
        "staff",
        "nucleic_acid_tests_per_day",
    ),
    "stock": ("mask", "protective_suit", "goggles", "gloves", "disinfectant", "reagents", "medicines", "food_days"),
}
"""What is usually counted; whatever else units in sight have counted can be chosen too."""
ACTS: Mapping[str, tuple[str, What, Any]] = {
    "count": ("stock.counted", "stock", _("Count")),
    "ask": ("supply.requested", "stock", _("Ask for more")),
    "came": ("supply.delivered", "stock", _("Something came")),
    "report": ("capacity.reported", "capacity", _("Report")),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One item of one unit or area, in words."""

    row: Row
    holder: str
    url: str
    area_name: str
    books: tuple[int, int] | None

    @property
    def is_other(self) -> bool:
        """What was reported is not what stands on the books."""
        return self.books is not None and self.books[0] != self.row.quantity

    @property
    def item(self) -> str:
        return fact_words.option_word(self.row.item)

    @property
    def name(self) -> str:
        return f"{self.item} {self.holder}"


def _shown(rows: Sequence[Row]) -> list[Shown]:
    """Rows with who holds what, and how many beds and devices hospitals have on the books. Three queries."""
    names = directory.names([row.subject for row in rows])
    areas = directory.area_names({row.area[:6] for row in rows})
    counted = device_board.counted(units) if (units := {id for row in rows if (id := _unit(row))}) else {}
    return [
        Shown(
            row,
            names.get(row.subject, ""),
            _url(row.subject),
            areas.get(row.area[:6], row.area),
            counted.get((id, row.item)) if (id := _unit(row)) else None,
        )
        for row in rows
    ]


def _unit(row: Row) -> UUID | None:
    """The unit that reported a capacity."""
    kind, _colon, id = row.subject.partition(":")
    return id_of(id) if kind == "unit" else None


def _url(subject: str) -> str:
    kind, _colon, id = subject.partition(":")
    return reverse("unit", args=[id]) if kind == "unit" else reverse("area-board", args=[id])


def _list(name: str, what: What, title: Any, columns: Sequence[Column], empty_help: Any) -> List:
    def options() -> list[tuple[str, Word, str]]:
        return [(view, VIEWS[view].word, VIEWS[view].icon) for view in OF[what][1:]]

    def view(asked: Asked) -> View:
        return cast(View, asked.values["view"] or "all")

    def stream(asked: Asked, account: Account, full: bool) -> Iterator[Row]:
        return selectors.stream(what, view(asked), asked.values["item"])

    return register(
        List(
            name=name,
            title=title,
            columns=columns,
            read=lambda asked, account, after, limit: Page(
                *selectors.page(what, view(asked), after, limit, asked.values["item"])
            ),
            shown=_shown,
            stream=stream,
            more=(Column("item_code", _("Code of the item"), "", says=lambda one: one.row.item),),
            key=lambda one: str(one.row.id),
            filters=(
                Filter("view", _("Which"), "choice", options, all_word=_("All"), chips=True),
                Filter("item", _("Item"), "hidden", icon="stack-2"),
            ),
            native=("item",),
            css="holding-rows",
            empty=_("Nothing counted here"),
            empty_help=empty_help,
        )
    )


def _columns(*own: Column) -> tuple[Column, ...]:
    return (
        Column("item", _("Item"), CELL("item"), fixed=True, css="lead", says=lambda one: one.item, sort=True),
        Column("holder", _("Who has it"), CELL("holder"), says=lambda one: one.holder, sort=True),
        Column("quantity", _("How many"), CELL("quantity"), css="num", says=lambda one: one.row.quantity, sort=True),
        *own,
        Column("counted", _("Counted"), CELL("counted"), says=lambda one: local(one.row.counted), sort=True),
        Column("area", _("Area"), CELL("area"), css="nowrap", says=lambda one: one.area_name, sort=True),
    )


CAPACITY = _list(
    "capacity",
    "capacity",
    _("Capacity"),
    _columns(
        Column("in_use", _("In use"), CELL("in_use"), css="num", says=lambda one: one.row.in_use, sort=True),
        Column(
            "books",
            _("On the books"),
            CELL("books"),
            css="num",
            says=lambda one: one.books[0] if one.books else None,
            sort=True,
        ),
    ),
    _("Beds, rooms, ambulances, ventilators, staff and tests a day appear when a unit or area reports them."),
)
STOCKS = _list(
    "stocks",
    "stock",
    _("Stocks"),
    _columns(
        Column("short", _("Asked for, not come"), CELL("short"), css="num", says=lambda one: one.row.short, sort=True)
    ),
    _("What is on the shelves appears when a unit counts it, or asks for it."),
)


@page
def capacity(request: Request) -> HttpResponse:
    """What can be brought to bear, item by item, with the sums above."""
    return _show(request, CAPACITY, "capacity")


@page
def stocks(request: Request) -> HttpResponse:
    """What is on the shelves, item by item, with the sums above and what was asked for and has not come."""
    return _show(request, STOCKS, "stock")


@require_POST
@page
def act(request: Request) -> HttpResponse:
    """A count, a request or a delivery of one's own unit. 404 for no act."""
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise Http404
    if request.user.role in LOOKERS:
        raise PermissionDenied
    kind, what, _word = ACTS[name]
    made = CAPACITY if what == "capacity" else STOCKS
    entered = {key.removeprefix("data."): str(value) for key, value in request.POST.items()}
    data, form = questions.read(kind, entered)
    if used := entered.get("in_use", "").strip():
        data["in_use"] = int(used) if used.isdecimal() and len(used) < 9 else used
    if not questions.is_good(form) or not isinstance(data.get("in_use", 0), int):
        messages.error(request, gettext("Choose an item and give a whole number; nothing was recorded."))
        return HttpResponseRedirect(reverse(made.name))
    try:
        services.tell(kind, data, by=request.user, id=_id(request))
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("Recorded."))
    return HttpResponseRedirect(reverse(made.name))


def _show(request: Request, made: List, what: What) -> HttpResponse:
    asked = views.read(request, made)
    totals = selectors.totals(what)
    known = sorted({*ITEMS[what], *(one.item for one in totals)}, key=fact_words.option_word)
    more: dict[str, Any] = {
        "totals": [(one, fact_words.option_word(one.item), links.address(made.name, item=one.item)) for one in totals],
        "items": [(item, fact_words.option_word(item)) for item in known],
        "own_acts": [(name, word) for name, (_kind, own, word) in ACTS.items() if own == what],
        "may": request.user.role not in LOOKERS,
        "what": what,
        "id": new_id(),
    }
    return views.show(request, asked, "desk/resources.html", **more)


def _id(request: Request) -> UUID:
    return id_or(request.POST.get("id", ""), Http404)
