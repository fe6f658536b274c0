"""The release guard: what must be true before a person may go, item by item, at an instant, from the facts.

1. What the plans in force over the person's area require before `isolation.ended` (their `guard` forms). 2. The days of
the order have been served; a transfer needs none. Who may not go may still go by two accounts and a reason, for a day.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from bulou.kernel.text import Text
from bulou.ledger import guarding
from bulou.ledger.guarding import Check, Item, Seen
from bulou.no_miss.isolation.models import Stay

ACT = "isolation.ended"
Reason = Literal["completed", "transferred", "excluded", "died", "other"]


def check(stay: Stay, now: datetime) -> Check:
    """The guard of a stay's end. Three queries."""

    def served(seen: Seen) -> tuple[Item, ...]:
        is_transfer = any(fact.data.get("outcome") == "transfer" for fact in seen.get("release.assessed", [])[-1:])
        return (_served(stay, now, is_transfer),)

    return guarding.check(ACT, f"person:{stay.person_id}", stay.area, stay.begun_at, now, first=served)


def check_of(stay: UUID, now: datetime) -> Check:
    """The same for a stay by its id, within the session's scope."""
    return check(Stay.objects.get(id=stay), now)


def _served(stay: Stay, now: datetime, is_transfer: bool) -> Item:
    days = max((stay.planned_end - stay.begun_at).days, 0)
    text = Text(zh=f"满 {days} 天，或评估为需转诊", en=f"{days} days served, or assessed as in need of transfer")
    is_met = now >= stay.planned_end or is_transfer
    return Item(text, "", "", "", is_met, stay.planned_end if now >= stay.planned_end else None)
