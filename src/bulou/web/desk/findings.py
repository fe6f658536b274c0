"""Findings: what inspections found, whose it is to put right, by when, and who has to look again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.ids import id_of
from bulou.ledger.rows import key_of
from bulou.oversight.supervision import selectors as supervision
from bulou.oversight.supervision.findings import OWED, closes
from bulou.oversight.supervision.models import Finding
from bulou.oversight.supervision.selectors import Clock
from bulou.web import links, rows
from bulou.web.access import Request, commands, page
from bulou.web.finding_words import COLOURS, MEASURES, SEVERITIES, STATES, title
from bulou.web.lists import views
from bulou.web.lists.acts import Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.words import Sign, signs

CELL = "lists/cells/finding_{}.html".format
INSPECTING = frozenset(
    {"supervision_group", "health_bureau", "cdc", "general_coordination_group", "discipline_commission"}
)
"""Roles beside the command posts that inspect others."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words. `owner`: whose turn it is; `over`: how long their time is past."""

    row: Finding
    name: str
    about: str
    about_url: str
    area_name: str
    sign: Sign
    severity: Sign | None
    finder: rows.Owner | None
    unit: rows.Owner | None
    owner: rows.Owner | None
    clock: Clock | None
    over: timedelta | None

    @property
    def url(self) -> str:
        return reverse("finding", args=[self.row.id])

    @property
    def why(self) -> str:
        """The page that explains the duty; empty where no plan in force asks."""
        found = self.clock
        key = key_of(found.duty, self.row.subject, found.opens_at) if found and found.duty and found.opens_at else ""
        return reverse("duty", args=[key]) if key else ""

    @property
    def measure(self) -> Word:
        return MEASURES.get(self.row.measure, "")


def may_raise(account: Account) -> bool:
    """True for whoever inspects others."""
    return commands(account) or account.role in INSPECTING


def lines(found: Sequence[Finding]) -> list[Line]:
    """The findings with names, owners and clocks. Four queries, whatever their number."""
    now, clocks = clock.now(), supervision.clocks(found)
    units = {unit for one in found for unit in (one.unit, one.by) if unit}
    known = rows.owners(units | {one.owner for one in clocks.values() if one.owner})
    names = directory.names({one.about for one in found if one.about})
    areas = directory.area_names({code for one in found for code in (one.area, one.area[: rows.VILLAGE])})
    return [_line(one, clocks.get(one.id), known, names, areas, now) for one in found]


def _line(
    one: Finding,
    found: Clock | None,
    known: Mapping[UUID, rows.Owner],
    names: Mapping[str, str],
    areas: Mapping[str, str],
    now: datetime,
) -> Line:
    over = now - found.due_at if found and now > found.due_at else None
    stage = STATES[one.state]
    return Line(
        row=one,
        name=title(one.words),
        about=names.get(one.about, "") if one.about != f"area:{one.area}" else "",
        about_url=rows.file_url(one.about) if one.about in names else "",
        area_name=rows.place_name(one.area, areas),
        sign=Sign("missed" if over else COLOURS[one.state], stage.word, stage.icon),
        severity=SEVERITIES.get(one.severity),
        finder=known.get(one.by) if one.by else None,
        unit=known.get(one.unit) if one.unit else None,
        owner=known.get(found.owner) if found and found.owner else None,
        clock=found,
        over=over,
    )


TILES = signs(
    Sign("over", _("Past their time"), "circle"),
    Sign("owed", _("To be put right"), "clock"),
    Sign("rectified", _("To be looked at again"), "eye"),
    Sign("escalated", _("Passed on"), "arrow-up"),
    Sign("closed", pgettext_lazy("findings", "Closed"), "check"),
)
TILE_COLOURS = {"over": "missed", "owed": "open", "rectified": "unowned", "escalated": "late", "closed": "met"}
ALL = ("all", _("Open or closed"), "stack-2")


def _states() -> Sequence[tuple[str, Word, str]]:
    return [*((sign.name, sign.word, sign.icon) for sign in TILES.values()), ALL]


def _wanted(asked: Asked, account: Account) -> Any:
    state = {"": "open", "all": ""}.get(asked.values["state"], asked.values["state"])
    mine = account.unit_id if asked.values["ours"] else None
    found = account.unit_id if asked.values["found"] else None
    return supervision.findings_found(
        asked.area,
        clock.now(),
        state=state,
        severity=asked.values["severity"],
        clause=asked.values["clause"],
        unit=mine,
        by=found,
        tour=id_of(asked.values["tour"]),
        about=asked.values["about"],
    )


def _is_newest(asked: Asked) -> bool:
    return asked.sort == "-raised"


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    wanted = _wanted(asked, account)
    found = supervision.findings_page(wanted, newest=_is_newest(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Finding]:
    return supervision.findings_stream(_wanted(asked, account), newest=_is_newest(asked))


def _found(keys: Sequence[str], account: Account) -> list[Line]:
    return lines(supervision.findings_by_id(id for key in keys if (id := id_of(key))))


def _row(one: Line) -> tuple[str, str, str, str]:
    return str(one.row.id), one.name, one.row.subject, one.row.area


def _of(one: Line) -> Mapping[str, Any]:
    return {"finding": str(one.row.id), "clause": one.row.clause} if one.row.clause else {"finding": str(one.row.id)}


def _not_owed(one: Line, account: Account) -> str:
    return "" if one.row.state in OWED else gettext("The unit does not owe it now.")


def _not_ours(one: Line, account: Account) -> str:
    if one.row.state != "rectified":
        return gettext("The unit has not said yet that it is right.")
    return "" if closes(one.row, account.unit_id) else gettext("Whoever found it closes it.")


FINDINGS = register(
    List(
        name="findings",
        title=_("Findings"),
        columns=(
            Column(
                "words", _("What is wrong"), CELL("words"), lambda one: one.row.words, fixed=True, css="lead", sort=True
            ),
            Column("state", _("State"), CELL("state"), lambda one: str(one.sign.word), fixed=True, sort=True),
            Column(
                "due",
                pgettext_lazy("deadline", "By"),
                CELL("due"),
                lambda one: local(one.clock.due_at if one.clock else None),
                sort=True,
            ),
            Column("owner", _("Whose turn"), CELL("owner"), lambda one: one.owner.name if one.owner else "", sort=True),
            Column(
                "finder",
                _("Found by"),
                CELL("finder"),
                lambda one: one.finder.name if one.finder else "",
                shown=False,
                sort=True,
            ),
            Column("raised", _("Found"), CELL("raised"), lambda one: local(one.row.raised_at), sort=True),
            Column("area", _("Area"), "lists/cells/area.html", lambda one: one.area_name, sort=True),
        ),
        read=_read,
        shown=lines,
        stream=_stream,
        size=lambda asked, account: _wanted(asked, account).count(),
        more=(
            Column("severity", _("How grave"), "", lambda one: str(one.severity.word) if one.severity else ""),
            Column("about", _("Inspected"), "", lambda one: one.about),
            Column("unit", _("Puts it right"), "", lambda one: one.unit.name if one.unit else ""),
            Column("clause", _("Clause"), "", lambda one: one.row.clause),
            Column("answer", _("What was done"), "", lambda one: one.row.answer),
            Column("returned", _("Not yet right, times"), "", lambda one: one.row.returned),
            Column("reminded", _("Reminders"), "", lambda one: one.row.reminded),
            Column("rectified", _("Put right"), "", lambda one: local(one.row.rectified_at)),
            Column("closed", pgettext_lazy("findings", "Closed"), "", lambda one: local(one.row.closed_at)),
            Column("measure", _("Decided"), "", lambda one: str(one.measure)),
        ),
        found=_found,
        key=lambda one: str(one.row.id),
        filters=(
            Filter(
                "severity",
                _("How grave"),
                "choice",
                lambda: options((s.name, s.word) for s in SEVERITIES.values()),
                all_word=_("Any"),
            ),
            Filter("clause", _("Clause")),
            Filter("state", _("State"), "choice", _states, all_word=_("Open"), chips=True),
            Filter("ours", _("We put right"), "flag", chips=True, icon="clock"),
            Filter("found", _("We found"), "flag", chips=True, icon="search"),
            Filter("tour", _("Tour"), "hidden"),
            Filter("about", _("Inspected"), "hidden"),
        ),
        native=("due", "-raised"),
        acts=(
            Record(
                "remind", _("Remind"), "bell", "finding.reminded", _row, refuse=_not_owed, allowed=may_raise, data=_of
            ),
            Record("verify", _("Close"), "check", "finding.verified", _row, refuse=_not_ours, data=_of),
        ),
        by_area=True,
        row_css=lambda one: "over" if one.over else "",
        empty=_("No finding is open here"),
        empty_help=_("Whoever inspects raises one; it stays here until they have seen that it is right."),
    )
)


@page
def findings(request: Request) -> HttpResponse:
    """The findings of an area, what is due first."""
    asked = views.read(request, FINDINGS)
    counted = supervision.standing(asked.area, clock.now())
    tiles = [
        (sign, counted[name], TILE_COLOURS[name], links.address("findings", area=asked.area, state=name))
        for name, sign in TILES.items()
    ]
    return views.show(request, asked, "desk/findings.html", tiles=tiles, may_raise=may_raise(request.user))
