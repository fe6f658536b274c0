"""Opening what is about one person: for a purpose, on record. Without a live duty the purpose is asked first."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bulou.directory.models import Account
from bulou.directory.purposes import PURPOSES, purpose_of
from bulou.kernel import clock
from bulou.ledger.selectors import DutyRow
from bulou.web.access import PERSONAL, Request, commands, record

ASKED = "for"
"""Where in an address the purpose stands."""
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
    stated = request.GET.get(ASKED, "")
    purpose = stated if stated in PURPOSES else ""
    own = purpose_of(request.user.role)
    if not purpose and (is_live or has_live_duty(request.user, duties)):
        purpose = own or "management"
    if not purpose:
        return render(request, "desk/purpose.html", _question(request))
    record(request, "view", area=area, subject=subject, purpose=purpose)
    return None


def has_live_duty(account: Account, duties: Iterable[DutyRow]) -> bool:
    """True where the account's unit owes something about the person, or did within a week (command: anyone's)."""
    since = clock.now() - LATELY
    return any(
        (row.owner == account.unit_id or commands(account)) and (row.state in PRESSING or row.opens_at >= since)
        for row in duties
    )


def _question(request: Request) -> dict[str, Any]:
    kept = [(name, value) for name, value in request.GET.items() if name != ASKED]
    own = purpose_of(request.user.role)
    order = sorted(PURPOSES, key=lambda name: name != own)
    return {"purposes": [(name, PURPOSES[name]) for name in order], "kept": kept, "asked": ASKED}
