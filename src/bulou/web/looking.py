"""Opening what is about people, one or many: for a purpose, on record. Where no live duty says what for, it is asked.

A look at one person names them. A look at a list says which: `what: purpose`, as in `people 张: command`.
"""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from bulou.custody import selectors as custody
from bulou.directory.models import Account
from bulou.directory.purposes import PURPOSES, purpose_of
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import DutyRow
from bulou.web.access import PERSONAL, Request, commands, record

ASKED = "for"
"""Where in an address the purpose stands."""
STATED = "stated"
"""Where in a session the purposes stated lately stand: of which person or list, what for, when."""
REMEMBERED = 30 * 60
"""Seconds a stated purpose holds for the same person or for lists, so that it is asked once and not at every step."""
MOST = 20
LISTS = "lists"
DEFAULT = "management"
OF_CASES = ("command", "tracing", "care")
"""Purposes of roles for whom a case that is open is a live duty."""
PRESSING = ("missed", "open")
LATELY = timedelta(days=7)
"""Between two slots of a recurring duty nothing is open, yet the duty lives: what opened within a week counts."""


def look(
    request: Request, subject: str, area: str, duties: Iterable[DutyRow], *, is_live: bool = False
) -> HttpResponse | None:
    """Put a look at one person on record: who, whom, when, what for, from which page. None: go on with the page.

    The purpose is the one stated, else the role's own where the account's unit has a live duty toward the person. Where
    it has none, the answer is the page that asks, nothing is shown and nothing recorded. Other subjects are not asked.
    `is_live`: there is a live duty in any case, for the person is in the unit's hands.
    """
    if not subject.startswith(PERSONAL):
        return None
    purpose = _stated(request, subject)
    own = purpose_of(request.user.role)
    if not purpose and (is_live or has_live_duty(request.user, duties)):
        purpose = own or DEFAULT
    if not purpose:
        return render(request, "desk/purpose.html", _question(request))
    record(request, "view", area=area, subject=subject, purpose=purpose)
    return None


def look_at_person(request: Request, person: UUID, area: str) -> HttpResponse | None:
    """`look`, with what the unit owes the person, and whether it holds them, read here. Two queries more."""
    subject = f"person:{person}"
    held = custody.holders([person]).get(person)
    is_ours = held is not None and held.unit == request.user.unit_id
    return look(request, subject, area, ledger.duties_of(subject), is_live=is_ours)


def note_act(request: Request, subject: str, area: str) -> None:
    """Put on record that somebody acted on a person's page: what they do there is their duty, so nothing is asked."""
    look(request, subject, area, (), is_live=True)


def look_at_list(
    request: Request, what: str, area: str, *, subject: str = "", is_own: bool = False, act: Any = "view"
) -> HttpResponse | None:
    """Put a look at a list of people on record, with what it lists. None: go on with the page.

    The purpose is the one stated, else the role's own; `is_own` is a list of the unit's own work, which needs no other.
    Else the answer is the page that asks. `subject`: what the list is of, such as a unit.
    """
    purpose = _stated(request, LISTS) or purpose_of(request.user.role) or (DEFAULT if is_own else "")
    if not purpose:
        return render(request, "desk/purpose.html", _question(request) | {"many": True})
    record(request, act, area=area, subject=subject, purpose=f"{what}: {purpose}")
    return None


def has_live_duty(account: Account, duties: Iterable[DutyRow]) -> bool:
    """True where the account's unit owes something about the person, or did within a week (command: anyone's)."""
    since = clock.now() - LATELY
    return any(
        (row.owner == account.unit_id or commands(account)) and (row.state in PRESSING or row.opens_at >= since)
        for row in duties
    )


def _stated(request: Request, about: str) -> str:
    """The purpose in the address, remembered from now on; else the one stated lately for the same; else none."""
    now, given = time.time(), request.GET.get(ASKED, "")
    if given in PURPOSES:
        kept = [one for one in request.session.get(STATED, ()) if one[0] != about and one[2] > now - REMEMBERED]
        request.session[STATED] = [*kept[1 - MOST :], [about, given, now]]
        return given
    lately = [one for one in request.session.get(STATED, ()) if one[0] == about and one[2] > now - REMEMBERED]
    return str(lately[0][1]) if lately else ""


def _question(request: Request) -> dict[str, Any]:
    kept = [(name, value) for name, value in request.GET.items() if name != ASKED]
    own = purpose_of(request.user.role)
    order = sorted(PURPOSES, key=lambda name: name != own)
    return {"purposes": [(name, PURPOSES[name]) for name in order], "kept": kept, "asked": ASKED}
