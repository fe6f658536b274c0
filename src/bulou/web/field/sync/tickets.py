"""Tickets: what a phone was given with its list, and shows with each entry, so that the entry has an author.

Anybody can seal for the house; only who was signed in on that phone has a ticket. It says who, for which unit and area,
on which phone and when, and is signed. It opens nothing: it only tells whose word an entry is.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing

from bulou.directory.models import Account

SALT = "bulou.field.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose phone it was, and since when. `area` is the unit's when the ticket was written."""

    account: UUID
    unit: UUID
    area: str
    device: UUID
    at: datetime


def write(account: Account, device: UUID, now: datetime) -> str:
    """A ticket for who is signed in."""
    ticket = Ticket(account.pk, account.unit_id, account.area, device, now)
    plain = {name: str(value) for name, value in asdict(ticket).items()}
    return signing.dumps(plain, salt=SALT)


def read(text: object) -> Ticket | None:
    """The ticket, None where this house did not write it."""
    try:
        plain = signing.loads(str(text), salt=SALT)
        return Ticket(
            UUID(plain["account"]),
            UUID(plain["unit"]),
            plain["area"],
            UUID(plain["device"]),
            datetime.fromisoformat(plain["at"]),
        )
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
