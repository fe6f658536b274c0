"""Who answers for what somebody asked, and by when: as a duty of a plan in force has it, else as the product does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from bulou.ledger.rows import key_of
from bulou.operations.support.models import HelpNeed, RightsRequest

Asked = HelpNeed | RightsRequest
_DUTIES = """
SELECT k.id, d.owner, d.due_at, d.state, r.name, r.clause, r.role, d.opens_at
FROM unnest(%s::text[], %s::uuid[]) k (subject, id)
CROSS JOIN LATERAL (
    SELECT * FROM duty d WHERE d.subject = k.subject AND d.opened_by = k.id ORDER BY d.due_at LIMIT 1 OFFSET 0) d
JOIN rule r ON r.id = d.rule
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """Whose turn it is and until when; `duty` and `clause` where a plan says so."""

    owner: UUID | None
    due_at: datetime
    state: str
    duty: str = ""
    clause: str = ""
    role: str = "village_committee"
    opens_at: datetime | None = None

    def key(self, subject: str) -> str:
        """The key of the duty, by which it is explained; empty where no plan asks."""
        return key_of(self.duty, subject, self.opens_at) if self.duty and self.opens_at else ""


def planned(asked: Iterable[Asked]) -> dict[UUID, Clock]:
    """The clocks of those a plan in force asks about. One query."""
    rows = list(asked)
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES, [[one.subject for one in rows], [one.id for one in rows]])
        return {id: Clock(*duty) for id, *duty in cursor.fetchall()}


def usual(owner: UUID | None, due_at: datetime, done_at: datetime | None, now: datetime) -> Clock:
    """The clock where no plan asks."""
    state = ("met" if done_at <= due_at else "late") if done_at else ("missed" if now > due_at else "open")
    return Clock(owner, due_at, state)
