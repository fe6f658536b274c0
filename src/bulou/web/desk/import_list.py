"""The list of imports: every run over a file, rehearsed or taken in, with what became of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.exchange.exports import policy
from bulou.exchange.imports import selectors, services
from bulou.exchange.imports.kinds import kinds
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel.facts import KINDS
from bulou.web.access import Request, page
from bulou.web.desk import import_words
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.words import Sign, say

CELL = "lists/cells/import_{}.html".format


@dataclass(frozen=True, slots=True)
class Line:
    """One run in words."""

    row: ImportBatch
    name: str
    sign: Sign
    kind: str
    tiles: Sequence[Mapping[str, Any]]
    who: str


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "name": asked.values["file"],
        "kind": asked.values["kind"],
        "state": asked.values["state"],
        "oldest": asked.sort == "begun",
    }


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = selectors.batches(**_asked(asked), after=id_text(after), limit=limit + 1)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[ImportBatch]:
    return selectors.batches_found(**_asked(asked)).iterator(chunk_size=1_000)


def _size(asked: Asked, account: Account) -> int:
    return selectors.batches_found(**_asked(asked)).count()


def _lines(found: Sequence[ImportBatch]) -> list[Line]:
    """The runs with who sent them. One query."""
    who = directory.account_names({one.account for one in found if one.account})
    return [_line(one, who) for one in found]


def _line(one: ImportBatch, who: Mapping[UUID, str]) -> Line:
    told = import_words.told(one)
    name = who.get(one.account, "") if one.account else str(_("by the command"))
    return Line(one, one.file.name, told["sign"], say(told["kind"]), told["tiles"], name)


def _kinds() -> list[tuple[str, Word, str]]:
    named = [(one.name, one.title) for one in kinds().values()]
    named += [(name, data.title) for name, data in sorted(KINDS.items())]
    return options((name, say(title)) for name, title in named)


IMPORTS = register(
    List(
        name="imports",
        title=_("Imports"),
        columns=(
            Column("file", _("File"), CELL("file"), lambda one: one.name, sort=True, fixed=True, css="lead"),
            Column("kind", _("What is in it"), CELL("kind"), lambda one: one.kind, sort=True),
            Column("state", _("State"), CELL("state"), lambda one: str(one.sign.word), sort=True),
            Column("rows", _("Rows"), CELL("rows"), lambda one: one.row.rows_in, sort=True, css="num"),
            Column("became", _("What became of them"), CELL("became"), lambda one: _became(one)),
            Column("begun", _("When"), CELL("begun"), lambda one: local(one.row.begun_at), css="nowrap"),
            Column("who", _("Who sent it"), CELL("who"), lambda one: one.who, sort=True, shown=False),
        ),
        read=_read,
        shown=_lines,
        stream=_stream,
        size=_size,
        more=tuple(
            Column(name, sign.word, "", lambda one, name=name: getattr(one.row, name))  # type: ignore[misc]
            for name, sign in import_words.OUTCOMES
        ),
        key=lambda one: str(one.row.id),
        filters=(
            Filter("file", _("File"), help=_("Any part of the file's name")),
            Filter("kind", _("What is in it"), "choice", _kinds, all_word=_("Everything")),
            Filter(
                "state",
                _("State"),
                "choice",
                lambda: [(name, sign.word, sign.icon) for name, sign in import_words.STATES.items()],
                chips=True,
            ),
        ),
        native=("-begun", "begun"),
        empty=_("Nothing has been imported yet"),
        empty_help=_(
            "Begin with a template, or with the list you keep: headings are matched, and nothing is kept before you"
            " say so."
        ),
    )
)


def _became(one: Line) -> str:
    return " + ".join(f"{tile['number']} {tile['sign'].word}" for tile in one.tiles)


@page
def imports(request: Request) -> HttpResponse:
    """The imports of one's area, the latest first; those whose process is gone are seen to be."""
    services.settle()
    return views.show(
        request,
        views.read(request, IMPORTS),
        "desk/imports.html",
        about=_("Spreadsheets become people, cases and facts. Every row is accounted for."),
        doubts=selectors.doubts_open(),
        outgoing=kinds().values() if policy.may_export(request.user) else (),
    )
