"""The registers of monitoring as one list: what was sold, counted and sampled, line by line; and a new line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.selectors import paging
from bulou.kernel import clock
from bulou.kernel.ids import id_of, new_id
from bulou.no_miss.monitoring import register as registers
from bulou.no_miss.monitoring.facts import FeverMedicineSold, SyndromeCounted
from bulou.no_miss.monitoring.models import Entry
from bulou.no_miss.monitoring.register import REGISTERS, Wanted
from bulou.web import fact_words, links, rows
from bulou.web.access import Request, page
from bulou.web.desk import trend
from bulou.web.lists import views
from bulou.web.lists.asked import Asked, Chip
from bulou.web.lists.plain import day, id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list
from bulou.web.words import kind_title

CELL = "lists/cells/entry_{}.html".format
ITEMS: tuple[str, ...] = (
    *get_args(SyndromeCounted.model_fields["syndrome"].annotation),
    *get_args(FeverMedicineSold.model_fields["item"].annotation),
)

COUNTS: Mapping[str, Word] = {
    "syndrome.counted": _("Patients with a syndrome"),
    "fever_medicine.sold": _("Packs against fever and cough sold"),
    "environment.sampled": _("Positive samples of the environment"),
}
"""What the numbers of each register come to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line in words. `told`: what a pharmacy asked whoever bought; who that is stays in the fact."""

    row: Entry
    name: str
    url: str
    by: str
    area_name: str
    what: str
    n: int | None
    of: int | None
    told: str

    @property
    def kind_word(self) -> str:
        return kind_title(self.row.kind)

    @property
    def is_pending(self) -> bool:
        return self.n is None

    @property
    def is_positive(self) -> bool:
        return self.row.kind == "environment.sampled" and bool(self.n)

    @property
    def same_url(self) -> str:
        """The lines of the same subject in the same register."""
        return links.address("monitoring", area=self.row.area, kind=self.row.kind, of=self.row.subject)


def _lines(found: Sequence[Entry]) -> list[Line]:
    """The rows with names. Two queries, whatever their number."""
    names = directory.names({one.subject for one in found} | {one.by for one in found if one.by})
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    return [_line(one, names, areas) for one in found]


def _line(one: Entry, names: Mapping[str, str], areas: Mapping[str, str]) -> Line:
    item = registers.item_of(one)
    return Line(
        row=one,
        name=names.get(one.subject) or rows.kind_word(one.subject),
        url=rows.file_url(one.subject),
        by=names.get(one.by, "") if one.by else "",
        area_name=rows.place_name(one.area, areas),
        what=fact_words.option_word(item) if item else "",
        n=registers.number_of(one),
        of=registers.out_of(one),
        told=gettext(", ").join(fact_words.option_word(str(code)) for code in one.data.get("symptoms", ())),
    )


def _wanted(asked: Asked, account: Account) -> QuerySet[Entry]:
    given = asked.values
    return registers.lines(
        asked.area,
        Wanted(
            kind=given["kind"],
            item=given["item"],
            since=asked.value("since"),
            until=asked.value("until"),
            subject=given["of"],
            by=f"unit:{account.unit_id}" if given["ours"] else "",
            name=given["find"],
            found=bool(given["found"]),
        ),
        clock.now(),
    )


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = paging.beyond(_wanted(asked, account), "at", id_text(after)).order_by("-at", "-id")[: limit + 1]
    shown = list(found)
    return Page(shown[:limit], str(shown[limit - 1].id) if len(shown) > limit else None)


def _kinds() -> list[tuple[str, Word, str]]:
    return options((kind, kind_title(kind)) for kind in REGISTERS)


def _items() -> list[tuple[str, Word, str]]:
    return options((item, fact_words.option_word(item)) for item in ITEMS)


def _is_about_a_person(one: Entry | Line) -> bool:
    return (one.row if isinstance(one, Line) else one).subject.startswith("person:")


def _subject(text: str) -> str | None:
    """A reference of an address; None for what is none."""
    kind, _colon, id = text.partition(":")
    return text if (kind == "area" and id.isdecimal()) or (kind in ("unit", "place", "person") and id_of(id)) else None


MONITORING = register(
    List(
        name="monitoring",
        title=_("Monitoring registers"),
        columns=(
            Column("name", _("Whom it is of"), CELL("name"), lambda one: one.name, fixed=True, css="lead", sort=True),
            Column("what", pgettext_lazy("counted", "What"), CELL("what"), lambda one: one.what, sort=True),
            Column("kind", _("Register"), CELL("kind"), lambda one: one.kind_word, fixed=True, sort=True),
            Column(
                "n", pgettext_lazy("counted", "Count"), CELL("n"), lambda one: one.n, fixed=True, css="num", sort=True
            ),
            Column("of", _("Out of"), CELL("of"), lambda one: one.of, css="num", sort=True),
            Column("at", _("When"), CELL("at"), lambda one: local(one.row.at), sort=True),
            Column("told", _("Symptoms told"), CELL("told"), lambda one: one.told, sort=True),
            Column("by", _("Recorded by"), CELL("by"), lambda one: one.by, shown=False, sort=True),
            Column("area", _("Area"), "lists/cells/area.html", lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=_lines,
        size=lambda asked, account: _wanted(asked, account).count(),
        more=(Column("area_code", _("Area code"), "", lambda one: one.row.area),),
        personal=_is_about_a_person,
        key=lambda one: str(one.row.id),
        filters=(
            Filter("kind", _("Register"), "choice", _kinds, all_word=_("Every register"), chips=True),
            Filter("ours", _("Of my unit"), "flag", chips=True, icon="building"),
            Filter("found", _("Something was found"), "flag", chips=True, icon="alert-triangle"),
            Filter("find", _("Find"), help=_("Any part of the name of a place or unit")),
            Filter("item", pgettext_lazy("counted", "What"), "choice", _items, all_word=_("Whatever was counted")),
            Filter("since", _("First day"), "day", reads=day),
            Filter("until", _("Last day"), "day", reads=day),
            Filter("of", _("Whom it is of"), "hidden", reads=_subject),
        ),
        native=("-at",),
        by_area=True,
        row_css=lambda one: "over" if one.is_positive else "",
        empty=_("No line yet"),
        empty_help=_("Try other days, another register, or a larger area; a line of your unit is entered above."),
    )
)


@page
def monitoring(request: Request) -> HttpResponse:
    """The list. A sale may be of a person, so whoever opens it is on record."""
    asked = views.read(request, MONITORING)
    if asked_for := look_at_list(request, "monitoring", asked.area, is_own=bool(asked.values["ours"])):
        return asked_for
    found = _wanted(asked, request.user)
    sums = registers.counted(found)
    more: dict[str, Any] = {
        "tiles": [(COUNTS[kind], *sums[kind], asked.address(kind=kind)) for kind in REGISTERS if kind in sums],
        "forms": trend.forms(),
        "chips": _chips(asked),
        "answered": "",
        "id": new_id(),
    }
    return views.show(request, asked, "desk/monitoring.html", **more)


def _chips(asked: Asked) -> list[Chip]:
    """The chips, with the name of whom the list is narrowed to in the place of a reference."""
    of = asked.values["of"]
    name = directory.names({of}).get(of) or rows.kind_word(of) if of else ""
    return [replace(chip, word=name) if of and chip.word == of else chip for chip in asked.chips()]
