"""The registers of key populations: what every plan asks to be listed, and who is on each, since when and whose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.custody import selectors as custody
from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.services import told
from bulou.ledger import selectors as ledger
from bulou.ledger import shelf
from bulou.ledger.rows import Counts
from bulou.no_miss.screening import selectors as screening
from bulou.no_miss.screening.selectors import Enrolled
from bulou.plan.models import Clause, Plan
from bulou.web import links, places, rows
from bulou.web.access import Request, area_asked, page
from bulou.web.desk import in_force
from bulou.web.fact_words import option_word
from bulou.web.field.questions import Option, Question
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.hand_over import HandOver
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list
from bulou.web.words import say

CELLS = "lists/cells/"
CELL = "lists/cells/enrolment_{}.html".format
REASONS = ("completed", "transferred", "excluded", "died", "other")
"""Why somebody leaves a register."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person on one register, with names, whose it is, and what is owed about them."""

    row: Enrolled
    name: str
    url: str
    area_name: str
    words: str
    owner: rows.Owner | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Listed:
    """One category of a register: how many are on it, and the rows they are."""

    word: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Book:
    """One register a plan asks for."""

    plan: Plan
    clause: Clause
    title: str
    icon: str
    categories: Sequence[Listed]


def _filters(asked: Asked) -> dict[str, Any]:
    values = asked.values
    return {
        "category": values["category"],
        "state": {"": "on", "all": ""}.get(values["state"], values["state"]),
        "text": values["find"],
        "oldest": asked.sort == "since",
    }


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = screening.enrolled(asked.area, **_filters(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Enrolled]:
    return screening.enrolled_stream(asked.area, **_filters(asked))


def _size(asked: Asked, account: Account) -> int:
    given = _filters(asked)
    return screening.enrolled_found(asked.area, **{k: v for k, v in given.items() if k != "oldest"}).count()


def _lines(found: Sequence[Enrolled], *, linked: bool = True) -> list[Line]:
    """The rows with names, holders and what is owed. Five queries, whatever their number."""
    subjects = {f"person:{one.person}" for one in found}
    names = directory.names(subjects)
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    held = custody.holders({one.person for one in found})
    owners = rows.owners({one.unit for one in held.values() if one.unit} | {one.by for one in found if one.by})
    counts = ledger.counts_of(subjects)
    lines = []
    for one in found:
        subject = f"person:{one.person}"
        holder = held.get(one.person)
        unit = holder.unit if holder else one.by
        lines.append(
            Line(
                row=one,
                name=names.get(subject) or rows.kind_word(subject),
                url=rows.file_url(subject) if linked and subject in names else "",
                area_name=rows.place_name(one.area, areas),
                words=option_word(one.category),
                owner=owners.get(unit) if unit else None,
                counts=counts.get(subject, Counts()),
            )
        )
    return lines


def _found(keys: Sequence[str], account: Account) -> list[Line]:
    return _lines(screening.enrolled_by_id(UUID(key) for key in map(id_text, keys) if key))


def _whom(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, f"person:{one.row.person}", one.row.area


def _is_over(one: Line, account: Account) -> str:
    return gettext("This one has left the register already.") if one.row.until else ""


def _categories() -> list[tuple[str, Word, str]]:
    """The categories any register of a plan on the shelf lists people under."""
    named = {
        name
        for plan in shelf.every_plan()
        for clause in plan.clauses
        if clause.register and clause.register.of == "person"
        for name in _names(clause)
    }
    said = sorted((option_word(name), name) for name in named)
    return options((name, word) for word, name in said)


def _names(clause: Clause) -> list[str]:
    assert clause.register
    given = clause.register.category
    return [given] if isinstance(given, str) else list(given)


STATES: Sequence[tuple[str, Word, str]] = (
    ("ended", _("Has left it"), "x"),
    ("all", _("On it or not"), "stack-2"),
)
REGISTER = register(
    List(
        name="enrolments",
        title=_("On the registers"),
        columns=(
            Column("name", _("Name"), CELL("who"), lambda one: one.name, fixed=True, css="lead", sort=True),
            Column("category", _("Register"), f"{CELLS}words.html", lambda one: one.words, sort=True),
            Column("since", _("Period"), CELL("period"), lambda one: local(one.row.since), sort=True),
            Column("owner", _("Whose"), CELL("owner"), lambda one: one.owner.name if one.owner else "", sort=True),
            Column("duties", _("Duties"), CELL("duties"), lambda one: one.counts.missed, sort=True),
            Column("area", _("Area"), f"{CELLS}area.html", lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=_lines,
        stream=_stream,
        size=_size,
        told=lambda found: _lines(found, linked=False),
        more=(
            Column("until", _("Until"), "", lambda one: local(one.row.until)),
            Column("reason", _("Reason"), "", lambda one: one.row.reason),
            Column("area_code", _("Area code"), "", lambda one: one.row.area),
        ),
        personal=lambda one: True,
        found=_found,
        key=lambda one: str(one.row.id),
        filters=(
            Filter("find", _("Find"), help=_("Name, initials or last four")),
            Filter("category", _("Register"), "choice", _categories, all_word=_("Every register")),
            Filter("state", _("State"), "choice", lambda: STATES, all_word=_("On it now"), chips=True),
        ),
        native=("-since", "since"),
        acts=(
            HandOver(_("Hand over"), _whom),
            Record("follow-up", _("Record a follow-up"), "phone", "followup.made", _whom, refuse=_is_over),
            Record(
                "withdraw",
                _("Take off the register"),
                "x",
                "person.withdrawn",
                _whom,
                refuse=_is_over,
                asks=lambda account: [_why()],
                data=lambda one: {"category": one.row.category},
            ),
        ),
        by_area=True,
        row_css=lambda one: "over" if one.counts.missed else "",
        empty=_("Nobody is on this register"),
        empty_help=_("Put people on it from the list of people, or by an import; or look at those who have left it."),
    )
)


def _why() -> Question:
    """Why somebody leaves a register."""
    return Question("reason", gettext("Reason"), "choice", options=tuple(Option(c, option_word(c)) for c in REASONS))


@page
def enrolments(request: Request) -> HttpResponse:
    """Who is on the registers of an area. Whoever lists them is on record, with what they looked for."""
    asked = views.read(request, REGISTER)
    looked = told(asked.values["find"])
    if asked_for := look_at_list(request, f"enrolments {looked}".strip(), asked.area):
        return asked_for
    return views.show(request, asked, "desk/enrolments.html")


@page
def registers(request: Request) -> HttpResponse:
    """Every register the plans in force ask for, with how many are on each."""
    area = area_asked(request, request.GET.get("area"))
    plans = list({one.plan.id: one.plan for one in in_force.over(area)}.values()) or shelf.every_plan()
    people = screening.sizes(area)
    kinds, roles = directory.place_counts(area), directory.role_counts(area)
    asked = [(plan, clause) for plan in plans for clause in plan.clauses if clause.register]
    books = [_book(plan, clause, area, people, kinds, roles) for plan, clause in asked]
    picker = places.picker(request.user, area, lambda code: links.address("registers", area=code))
    others = [(option_word(name), size.now, _people_url(name, area)) for name, size in people.items()]
    named = {name for _plan, clause in asked for name in _names(clause)}
    context = {
        "books": books,
        "others": [one for name, one in zip(people, others, strict=True) if name not in named and one[1]],
        "total": sum(size.now for size in people.values()),
        "all_url": links.address("enrolments", area=area),
        "area": area,
        **picker.context(),
    }
    return render(request, "desk/registers.html", context)


def _people_url(category: str, area: str) -> str:
    return links.address("enrolments", area=area, category=category)


ICONS = {"person": "user", "household": "home", "place": "building", "unit": "sitemap"}


def _book(
    plan: Plan,
    clause: Clause,
    area: str,
    people: Mapping[str, screening.Size],
    kinds: Mapping[str, int],
    roles: Mapping[str, int],
) -> Book:
    asked = clause.register
    assert asked
    listed = []
    for name in _names(clause):
        if asked.of == "person":
            n, url = people.get(name, screening.Size()).now, _people_url(name, area)
        elif asked.of == "unit":
            n, url = roles.get(name, 0), links.address("units", area=area, role=name)
        else:
            n, url = kinds.get(name, 0), links.address("places", area=area, kind=name)
        listed.append(Listed(option_word(name), n, url if n else ""))
    return Book(plan, clause, say(asked.title), ICONS[asked.of], listed)
