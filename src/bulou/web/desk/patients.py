"""Patients: who is ill or has just recovered, where they lie, and what nobody has done for them yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.ids import id_of
from bulou.no_miss.treatment import patients
from bulou.no_miss.treatment.hospitals import ROLES
from bulou.no_miss.treatment.patients import Row, View
from bulou.web import fact_words, links
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.looking import look_at_list
from bulou.web.words import Sign, signs

COUNTY = 6
CELL = "lists/cells/patient_{}.html".format
ILL: View = "ill"
"""What the list shows where nothing else is chosen."""
VIEWS = signs(
    Sign(ILL, _("Ill"), "virus"),
    Sign("no_bed", _("Without a bed"), "bed"),
    Sign("grave", _("Severe or critical"), "alert-triangle"),
    Sign("convalescent", _("Followed at home"), "home"),
)
MISSING: dict[str, Any] = {
    "bed": _("no bed"),
    "report": _("not reported"),
    "severe_report": _("severe, not reported"),
    "plan": _("no plan of treatment"),
    "consultation": _("no consultation"),
    "device": _("on no device"),
    "visit": _("not visited for a week"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A patient with the names around them."""

    row: Row
    hospital: str
    area_name: str

    @property
    def name(self) -> str:
        return self.row.name or self.row.number or gettext("name not shown")

    @property
    def url(self) -> str:
        return reverse("care", args=[self.row.episode])

    @property
    def grade(self) -> str:
        return fact_words.option_word(self.row.severity) if self.row.severity else ""

    @property
    def status(self) -> str:
        return fact_words.option_word(self.row.status)

    @property
    def where(self) -> str:
        return " ".join(filter(None, (self.hospital, self.row.ward, self.row.bed)))

    @property
    def missing(self) -> list[str]:
        return [str(MISSING[what]) for what in self.row.missing]


def _views() -> list[tuple[str, Word, str]]:
    return [(sign.name, sign.word, sign.icon) for name, sign in VIEWS.items() if name != ILL]


def _view(asked: Asked) -> View:
    return cast(View, asked.values["view"] or ILL)


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    return Page(*patients.page(_view(asked), after, limit, id_of(asked.values["unit"])))


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Row]:
    return patients.stream(_view(asked), id_of(asked.values["unit"]))


def shown(rows: Sequence[Row]) -> list[Shown]:
    """Rows with the names of hospitals and counties. Two queries."""
    units = directory.unit_names({row.unit for row in rows})
    areas = directory.area_names({row.area[:COUNTY] for row in rows})
    return [
        Shown(row, units.get(row.unit, "") if row.unit else "", areas.get(row.area[:COUNTY], row.area)) for row in rows
    ]


PATIENTS = register(
    List(
        name="patients",
        title=_("Patients"),
        columns=(
            Column("who", _("Patient"), CELL("who"), fixed=True, css="lead", says=lambda one: one.name, sort=True),
            Column("status", _("Status"), CELL("status"), css="nowrap", says=lambda one: one.status, sort=True),
            Column("severity", _("Severity"), CELL("severity"), css="nowrap", says=lambda one: one.grade, sort=True),
            Column("where", _("Hospital and bed"), CELL("where"), says=lambda one: one.where, sort=True),
            Column(
                "missing", _("Missing"), CELL("missing"), fixed=True, says=lambda one: ", ".join(one.missing), sort=True
            ),
            Column("begun", _("Since"), CELL("begun"), css="nowrap", says=lambda one: local(one.row.begun), sort=True),
            Column(
                "visited",
                _("Last visit"),
                CELL("visited"),
                shown=False,
                says=lambda one: local(one.row.visited),
                sort=True,
            ),
        ),
        read=_read,
        shown=shown,
        stream=_stream,
        more=(
            Column("number", _("Case"), "", says=lambda one: one.row.number),
            Column("area", _("Area"), "", says=lambda one: one.area_name),
        ),
        personal=lambda one: True,
        key=lambda one: str(one.row.episode),
        filters=(
            Filter("view", _("Who"), "choice", _views, all_word=_("Ill"), chips=True),
            Filter("unit", _("Hospital"), "hidden", icon="building", reads=id_of),
        ),
        native=("begun",),
        css="patient-rows",
        empty=_("Nobody here"),
        empty_help=_("A patient appears with the first suspicion, and stays four weeks after discharge."),
    )
)


@page
def listed(request: Request) -> HttpResponse:
    """The list; a hospital sees its own patients first. Whoever lists people is on record."""
    asked = views.read(request, PATIENTS)
    if answer := look_at_list(request, "patients", request.user.area, is_own=request.user.role in ROLES):
        return answer
    unit = id_of(asked.values["unit"])
    counted = patients.counts(unit)
    own = request.user.unit_id if request.user.role in ROLES and not unit else None
    more: dict[str, Any] = {
        "stages": [
            (VIEWS[name], n, links.address("patients", view="" if name == ILL else name, unit=unit or ""))
            for name, n in counted.items()
        ],
        "own": links.address("patients", view=asked.values["view"], unit=own) if own else "",
    }
    return views.show(request, asked, "desk/patients.html", **more)
