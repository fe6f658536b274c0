"""Who looked at whom, when, what for, from which page: for security and audit; of one file, for command too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors
from bulou.directory.models import Account
from bulou.directory.purposes import PURPOSES
from bulou.web import rows
from bulou.web.access import Request, audits, commands, page, record
from bulou.web.account import paper_words
from bulou.web.account.administration import WORDS
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.words import Sign, say, signs

ACTS: Mapping[str, Sign] = signs(
    Sign("view", _("File or list opened"), "eye"),
    Sign("reveal", _("Shown in full"), "id"),
    Sign("search", _("Searched"), "search"),
    Sign("export", _("Exported"), "download"),
    Sign("denied", _("Refused"), "barrier-block"),
    Sign("account", _("Account"), "settings"),
    Sign("paper", _("Template of papers"), "file-text"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One look in words."""

    row: selectors.LookRow
    name: str
    who: str
    act: str
    icon: str
    whom: str
    url: str
    why: str


def _lines(found: Sequence[selectors.LookRow]) -> list[Line]:
    """The looks with the names of who and whom. Two queries."""
    known = {UUID(row.subject[8:]) for row in found if row.subject.startswith("account:")}
    accounts = selectors.account_names({row.account for row in found} | known)
    whom = selectors.names(row.subject for row in found if row.subject)
    whom |= {f"account:{id}": name for id, name in accounts.items()}
    return [_line(row, accounts, whom) for row in found]


def _line(row: selectors.LookRow, accounts: Mapping[UUID, str], whom: Mapping[str, str]) -> Line:
    sign = ACTS.get(row.act, ACTS["view"])
    named = whom.get(row.subject, row.subject)
    url = rows.file_url(row.subject) if row.subject.startswith(("person:", "episode:")) and row.act != "denied" else ""
    who = accounts.get(row.account, str(row.account))
    return Line(row, who, who, str(sign.word), sign.icon, named, url, _why(row))


def _why(row: selectors.LookRow) -> str:
    """The purpose in words: a shown number says which, an administrator's act what was done."""
    if row.act == "account":
        return str(WORDS[row.purpose][0]) if row.purpose in WORDS else gettext("Account opened")
    if row.act == "paper":
        return paper_words.told(row.purpose)
    what, colon, purpose = row.purpose.rpartition(": ")
    if row.act in ("view", "reveal", "export") and colon and purpose in PURPOSES:
        name, space, rest = what.partition(" ")
        return f"{SHOWN.get(name, name)}{space}{rest} · {_said(purpose)}"
    return _said(row.purpose)


SHOWN: Mapping[str, Word] = {
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "address": _("Address"),
    "people": _("People"),
    "transit": _("In transit"),
    "rooms": _("Rooms"),
    "round": _("Round"),
    "doubles": _("Perhaps the same person"),
    "import": _("Imports"),
    "conflicts": _("Conflicts"),
    "handovers": _("Handovers"),
    "my": _("My list"),
    "misses": _("Misses"),
    "duties": _("Duties of a day"),
    "unit": _("Units"),
    "carried": _("My list, taken along on a phone"),
    "arrivals": _("Arrivals"),
    "enrolments": _("Registers"),
    "observation": _("Medical observation"),
}
"""What was shown, of a number or a list, in words."""


def _said(purpose: str) -> str:
    return say(PURPOSES[purpose]) if purpose in PURPOSES else purpose


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    text = asked.values["who"]
    found = selectors.looks_page(
        asked.area,
        accounts=selectors.accounts_named(text, account.area) if text else None,
        act=asked.values["act"],
        purpose=asked.values["purpose"],
        subject=asked.values["subject"],
        days=asked.value("day"),
        sort=asked.sort if asked.is_native and asked.sort else "-at",
        after=after if _is_uuid(after) else "",
        limit=limit + 1,
    )
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> tuple[datetime, datetime] | None:
    """The day of real time an address asks for; None for none."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    if day is None:
        return None
    start = timezone.make_aware(datetime.combine(day, time()))
    return start, start + timedelta(days=1)


def _device(one: Line) -> str:
    return one.row.ip or ""


def _is_personal(one: Any) -> bool:
    """Of a look, or of one with its names."""
    return str(getattr(one, "row", one).subject).startswith("person:")


CELLS = "lists/cells/"
LOOKS = register(
    List(
        name="looks",
        title=_("Who looked at whom"),
        columns=(
            Column("at", _("When"), f"{CELLS}look_at.html", lambda one: local(one.row.at), css="nowrap", fixed=True),
            Column("who", _("Who looked"), f"{CELLS}look_who.html", lambda one: one.who, sort=True, css="lead"),
            Column("act", _("What was done"), f"{CELLS}look_act.html", lambda one: one.act, sort=True),
            Column("whom", _("Whom"), f"{CELLS}look_whom.html", lambda one: one.whom, sort=True),
            Column("why", _("What for"), f"{CELLS}look_why.html", lambda one: one.why, sort=True),
            Column("page", _("From which page"), f"{CELLS}look_page.html", lambda one: one.row.page, sort=True),
            Column("ip", _("Address of the device"), f"{CELLS}look_ip.html", _device, sort=True, shown=False),
        ),
        read=_read,
        shown=_lines,
        key=lambda one: str(one.row.id),
        more=(Column("area_code", _("Area code"), "", lambda one: one.row.area),),
        personal=_is_personal,
        open_to=audits,
        filters=(
            Filter("who", _("Who looked"), help=_("Any part of the account's or person's name")),
            Filter(
                "purpose",
                _("What for"),
                "choice",
                lambda: [(name, say(word), "") for name, word in PURPOSES.items()],
                all_word=_("Every purpose"),
            ),
            Filter("day", _("Day"), "day", reads=_day),
            Filter(
                "act",
                _("What was done"),
                "choice",
                lambda: [(s.name, s.word, s.icon) for s in ACTS.values()],
                chips=True,
            ),
            Filter("subject", _("Whom"), "hidden"),
        ),
        native=("-at", "at"),
        by_area=True,
        empty=_("Nobody looked"),
        empty_help=_("Try another day, another person, or a larger area."),
    )
)


@page
def looks(request: Request) -> HttpResponse:
    """The record of access of the area. 403 for all but security and audit; command posts may ask about one file."""
    asked = views.read(request, LOOKS)
    if not audits(request.user) and not (commands(request.user) and asked.values["subject"]):
        raise PermissionDenied
    record(request, "view", area=asked.area, purpose="audit")
    about = gettext("Every file opened, number shown in full, search, export, refusal. Reading this is recorded too.")
    return views.show(request, asked, about=about)
