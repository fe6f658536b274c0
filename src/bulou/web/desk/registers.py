"""The registers: people, places and units, as lists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory import services
from bulou.directory.models import Account, Sex
from bulou.directory.roles import ROLES
from bulou.kernel.ids import ids_of
from bulou.web import fact_words, rows
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.hand_over import HandOver
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list
from bulou.web.words import say

CELLS = "lists/cells/"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a register: what it is, its words, where it is."""

    row: Any
    name: str
    url: str
    area_name: str
    words: str = ""


def _lines(
    kind: str, found: Sequence[Any], words: Mapping[str, str] | None = None, *, linked: bool = True
) -> list[Line]:
    """The rows with the names of their areas. One query. A file needs no links."""
    names = directory.area_names({code for one in found for code in (one.area[: rows.VILLAGE], one.area)})
    said = words or {}
    return [
        Line(
            one,
            one.name,
            rows.file_url(f"{kind}:{one.id}") if linked else "",
            rows.place_name(one.area, names),
            said.get(str(one.id), ""),
        )
        for one in found
    ]


def _cut(found: Sequence[Any], limit: int) -> Page:
    """A page of the rows read, one more than it holds, and the id behind which the next begins."""
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _sexes() -> list[tuple[str, Word, str]]:
    return options((sex.value, fact_words.option_word(sex.value)) for sex in (Sex.MALE, Sex.FEMALE))


def _people(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = directory.people_page(
        asked.area,
        text=asked.values["find"],
        sex=asked.values["sex"],
        sort=asked.sort if asked.is_native and asked.sort else "name",
        after=after,
        limit=limit + 1,
    )
    return _cut(found, limit)


def _people_lines(found: Sequence[directory.PersonRow]) -> list[Line]:
    return _lines("person", found, {str(one.id): fact_words.option_word(one.sex) for one in found})


def _person(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, f"person:{one.row.id}", one.row.area


def _place(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, f"place:{one.row.id}", one.row.area


def _people_told(found: Sequence[directory.PersonTaken]) -> list[Line]:
    said = {sex.value: fact_words.option_word(sex.value) for sex in Sex}
    names = directory.area_names({code for one in found for code in (one.area[: rows.VILLAGE], one.area)})
    placed = {code: rows.place_name(code, names) for code in {one.area for one in found}}
    return [Line(one, one.name, "", placed[one.area], said.get(one.sex, one.sex)) for one in found]


def _people_stream(asked: Asked, account: Account, full: bool) -> Iterator[directory.PersonTaken]:
    sort = asked.sort if asked.is_native and asked.sort else "name"
    return directory.people_stream(asked.area, text=asked.values["find"], sex=asked.values["sex"], sort=sort, full=full)


def _said_words(one: Line) -> str:
    return one.words


NAME = Column("name", _("Name"), f"{CELLS}name.html", lambda one: one.name, sort=True, fixed=True, css="lead")
AREA = Column("area", _("Area"), f"{CELLS}area.html", lambda one: one.area_name, sort=lambda one: one.row.area)
CODE = Column("area_code", _("Area code"), "", lambda one: one.row.area)
FIND = Filter("find", _("Find"), help=_("Name, initials or last four"))
PEOPLE = register(
    List(
        name="people",
        title=_("People"),
        columns=(
            NAME,
            Column("sex", _("Sex"), f"{CELLS}words.html", _said_words, sort=True),
            Column("age", _("Age"), f"{CELLS}age.html", lambda one: one.row.age, sort=True, css="num"),
            Column("phone", _("Phone"), f"{CELLS}phone.html", lambda one: one.row.phone, css="nowrap"),
            AREA,
        ),
        read=_people,
        shown=_people_lines,
        stream=_people_stream,
        size=lambda asked, account: directory.people_found(
            asked.area, asked.values["find"], asked.values["sex"]
        ).count(),
        told=_people_told,
        more=(
            Column("id_number", _("ID number"), "", lambda one: one.row.id_number),
            Column("address", _("Address"), "", lambda one: one.row.address),
            CODE,
        ),
        personal=lambda one: True,
        found=lambda keys, account: _people_lines(directory.people_by_id(ids_of(keys))),
        key=lambda one: str(one.row.id),
        filters=(FIND, Filter("sex", _("Sex"), "choice", _sexes, all_word=_("Every sex"))),
        native=("name", "-name", "area", "-area"),
        acts=(
            HandOver(_("Hand over"), _person),
            Record("enrol", _("Put under management"), "user-search", "person.enrolled", _person),
        ),
        by_area=True,
        empty=_("Nobody answers to this filter"),
        empty_help=_("Try the beginning of a name, its pinyin initials, or the last four of an ID or phone."),
    )
)


def _places(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = directory.places_page(
        asked.area,
        text=asked.values["find"],
        kind=asked.values["kind"],
        sort=asked.sort if asked.is_native and asked.sort else "name",
        after=after,
        limit=limit + 1,
    )
    return _cut(found, limit)


def _place_lines(found: Sequence[directory.PlaceRow], *, linked: bool = True) -> list[Line]:
    return _lines("place", found, {str(one.id): fact_words.option_word(one.kind) for one in found}, linked=linked)


def _places_stream(asked: Asked, account: Account, full: bool) -> Iterator[directory.PlaceRow]:
    sort = asked.sort if asked.is_native and asked.sort else "name"
    return directory.places_stream(asked.area, text=asked.values["find"], kind=asked.values["kind"], sort=sort)


PLACES = register(
    List(
        name="places",
        title=_("Places"),
        columns=(
            NAME,
            Column("kind", _("Kind"), f"{CELLS}words.html", _said_words, sort=True),
            AREA,
        ),
        read=_places,
        shown=_place_lines,
        stream=_places_stream,
        size=lambda asked, account: directory.places_found(
            asked.area, asked.values["find"], asked.values["kind"]
        ).count(),
        told=lambda found: _place_lines(found, linked=False),
        more=(CODE,),
        found=lambda keys, account: _place_lines(
            sorted(directory.places(ids_of(keys)).values(), key=lambda one: (one.name, one.id))
        ),
        key=lambda one: str(one.row.id),
        filters=(
            Filter("find", _("Find"), help=_("Any part of the name, or initials")),
            Filter("kind", _("Kind"), "hidden"),
        ),
        native=("name", "-name", "area", "-area"),
        acts=(Record("disinfect", _("Record a disinfection"), "shield-half", "place.disinfected", _place),),
        by_area=True,
        empty=_("No place answers to this filter"),
        empty_help=_("Try any part of its name, or its pinyin initials."),
    )
)


def _roles() -> list[tuple[str, Word, str]]:
    return options((role.role, say(role.title)) for role in ROLES.values())


def _units(asked: Asked, account: Account, after: str, limit: int) -> Page:
    role, text = asked.values["role"], asked.values["find"]
    after = next(map(str, ids_of([after])), "")
    return _cut(directory.units(asked.area, role=role, text=text, after=after, limit=limit + 1), limit)


def _unit_lines(found: Sequence[directory.UnitRow]) -> list[Line]:
    return [
        Line(
            one,
            one.name,
            rows.file_url(f"unit:{one.id}"),
            one.area_name,
            gettext(", ").join(say(title) for _name, title in one.roles),
        )
        for one in found
    ]


UNITS = register(
    List(
        name="units",
        title=_("Units"),
        columns=(
            NAME,
            Column("roles", _("Answers for"), f"{CELLS}words.html", _said_words, sort=True),
            AREA,
        ),
        read=_units,
        shown=_unit_lines,
        stream=lambda asked, account, full: directory.units_stream(
            asked.area, role=asked.values["role"], text=asked.values["find"]
        ),
        size=lambda asked, account: directory.units_found(
            asked.area, role=asked.values["role"], text=asked.values["find"]
        ).count(),
        more=(Column("phone", _("Phone"), "", lambda one: one.row.phone), CODE),
        key=lambda one: str(one.row.id),
        filters=(
            Filter("find", _("Find"), help=_("Any part of the name, or initials")),
            Filter("role", _("Role"), "choice", _roles, all_word=_("Every role")),
        ),
        native=("area",),
        by_area=True,
        empty=_("No unit answers to this filter"),
        empty_help=_("Try any part of its name, or another role."),
    )
)


@page
def people(request: Request) -> HttpResponse:
    """The people of an area. Whoever lists them is on record, with what they looked for."""
    asked = views.read(request, PEOPLE)
    told = services.told(asked.values["find"])
    if asked_for := look_at_list(request, f"people {told}".strip(), asked.area):
        return asked_for
    return views.show(request, asked, about=gettext("One person, one file. Opening this list is recorded."))


@page
def places(request: Request) -> HttpResponse:
    """The places of an area: households, schools, markets, rooms."""
    return views.show(request, views.read(request, PLACES), about=gettext("Where something can be asked or closed."))


@page
def units(request: Request) -> HttpResponse:
    """The units of an area, and what each answers for."""
    return views.show(request, views.read(request, UNITS), about=gettext("Who answers for what."))
