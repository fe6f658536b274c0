"""What time the house says it is, and where an account is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from bulou.directory.models import Account, BusinessClock, Session


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser an account is signed in at. `key` is compared, never shown."""

    ref: UUID
    key: str
    ip: str | None
    device: str
    started_at: datetime
    seen_at: datetime


def business_clock() -> datetime | None:
    """The instant the house stands at, for `kernel.clock.at`; None while it keeps real time. One query.

    Requests have it already, from the frame; commands and jobs ask here.
    """
    return BusinessClock.objects.values_list("set_to", flat=True).first()


def sessions_of(account: Account) -> list[SessionRow]:
    """Where an account is signed in, the one seen last first. One query."""
    found = Session.objects.filter(account=account.pk, expire_date__gt=timezone.now()).order_by("-seen_at", "ref")
    return [
        SessionRow(row.ref, row.session_key, row.ip, row.device, row.started_at, row.seen_at)
        for row in found.defer("session_data")
    ]
