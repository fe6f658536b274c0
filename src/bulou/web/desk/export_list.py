"""The list of exports: one's own, those that wait for one's word, and for those who audit all of the area."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.exchange.exports import policy, selectors
from bulou.exchange.exports.selectors import ExportRow
from bulou.exchange.exports.sources import sources
from bulou.web import words
from bulou.web.access import Request, page
from bulou.web.desk.exports import FORMATS, check
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register

CELL = "lists/cells/export_{}.html".format
MINE, DECIDE, AREA = "", "decide", "area"


@dataclass(frozen=True, slots=True)
class Line:
    """One export in words."""

    row: ExportRow
    name: str
    area_name: str
    state: words.Sign
    format: Word
    most: int

    @property
    def people(self) -> int | str:
        """How many people are in it; before it is made they are counted only so far."""
        return f"> {self.most}" if self.row.rows is None and self.row.people > self.most else self.row.people


def _asked(asked: Asked, account: Account) -> dict[str, Any]:
    whose = asked.values["whose"]
    return {
        "account": None if whose == DECIDE or (whose == AREA and policy.may_audit(account)) else account.pk,
        "but": account.pk if whose == DECIDE else None,
        "undecided": whose == DECIDE,
        "name": asked.values["list"],
        "format": asked.values["format"],
        "oldest": asked.sort == "asked",
    }


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = selectors.exports(**_asked(asked, account), after=id_text(after), limit=limit + 1)
    rows = found[:limit]
    if asked.values["whose"] == DECIDE:
        rows = [row for row in rows if policy.may_decide(account, asked_by=row.account, area=row.area)]
    return Page(rows, str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[ExportRow]:
    after: str | None = ""
    while after is not None:
        found = _read(asked, account, after, 1_000)
        yield from found.rows
        after = found.next


def _lines(found: Sequence[ExportRow]) -> list[Line]:
    """The rows with the names of their areas. One query."""
    areas, known = directory.area_names({row.area for row in found}), sources()
    return [
        Line(
            row,
            known[row.list].title if row.list in known else row.list,
            areas.get(row.area, row.area),
            words.EXPORTS[row.state],
            FORMATS.get(row.format, row.format),
            policy.most_people(),
        )
        for row in found
    ]


def _fetched(one: Line) -> int:
    return len(one.row.downloads)


EXPORTS = register(
    List(
        name="exports",
        title=_("Exports"),
        columns=(
            Column("list", _("List"), CELL("list"), lambda one: one.name, sort=True, fixed=True, css="lead"),
            Column("who", _("Who took it"), CELL("who"), lambda one: one.row.who, sort=True),
            Column("state", _("State"), CELL("state"), lambda one: str(one.state.word), sort=True),
            Column("people", _("People in it"), CELL("people"), lambda one: one.row.people, sort=True, css="num"),
            Column("purpose", _("Purpose"), CELL("purpose"), lambda one: one.row.purpose, sort=True),
            Column("asked", _("Asked for"), CELL("asked"), lambda one: local(one.row.asked), css="nowrap"),
            Column("fetched", _("Fetched"), CELL("fetched"), _fetched, sort=True, css="num"),
            Column("area", _("Area"), CELL("area"), lambda one: one.area_name, sort=True, shown=False),
        ),
        read=_read,
        shown=_lines,
        stream=_stream,
        key=lambda one: str(one.row.id),
        more=(
            Column("format", _("Format"), "", lambda one: str(one.format)),
            Column("full", _("in full"), "", lambda one: _yes(one.row.full)),
            Column("decided_by", _("Decided by"), "", lambda one: one.row.decided_by),
            Column("area_code", _("Area code"), "", lambda one: one.row.area),
        ),
        open_to=policy.may_export,
        filters=(
            Filter(
                "whose",
                _("Whose"),
                "choice",
                lambda: [
                    (DECIDE, _("Waiting for your word"), "users-group"),
                    (AREA, _("Who took what in my area"), "eye"),
                ],
                all_word=_("My exports"),
                chips=True,
            ),
            Filter(
                "list",
                _("List"),
                "choice",
                lambda: [(name, one.title, "") for name, one in sorted(sources().items())],
                all_word=_("Every list"),
            ),
            Filter("format", _("Format"), "choice", lambda: options(FORMATS.items()), all_word=_("Every format")),
        ),
        native=("-asked", "asked"),
        empty=_("No exports yet"),
        empty_help=_("Open a list, filter it, and choose Export."),
    )
)


def _yes(so: bool) -> str:
    return gettext("yes") if so else gettext("no")


@page
def exports(request: Request) -> HttpResponse:
    """One's own exports, those that wait for one's word, and, for those who audit, all of the area. 403 on foot."""
    check(request)
    asked = views.read(request, EXPORTS)
    chips = asked.chips()
    about = gettext(
        "Lists taken out as files: who, what, how many, for what. Above %(most)s people a second person must agree."
    )
    return views.show(
        request,
        asked,
        "desk/exports.html",
        chips=chips if policy.may_audit(request.user) else chips[:-1],
        about=about % {"most": policy.most_people()},
        waiting=0 if asked.values["whose"] == DECIDE else len(_to_decide(request.user)),
    )


def _to_decide(account: Account) -> list[UUID]:
    """What waits for the account's word, up to fifty."""
    found = selectors.exports(but=account.pk, undecided=True, oldest=True)
    return [one.id for one in found if policy.may_decide(account, asked_by=one.account, area=one.area)]
