"""The release guard: what must be true before a person may go, item by item, at an instant, from the facts.

1. What the plans in force over the person's area require before `isolation.ended` (their `guard` forms). 2. The days of
the order have been served; a transfer needs none. Who may not go may still go by two accounts and a reason, for a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from bulou.directory.scope import everywhere
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.ledger import selectors as ledger
from bulou.ledger import services as adoptions
from bulou.ledger import shelf
from bulou.no_miss.isolation import acts
from bulou.no_miss.isolation.models import Stay
from bulou.plan.guards import needs
from bulou.plan.matching import effective

ACT = "isolation.ended"
OVERRIDE_LASTS = timedelta(days=1)
"""How long an approval to go early may be used: our choice; whoever has not gone within a day is looked at afresh."""
Reason = Literal["completed", "transferred", "excluded", "died", "other"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be true: what, on what ground, since when; `stale_at` where it was and is too long ago."""

    text: Text
    cites: str
    clause: str
    plan: str
    is_met: bool
    at: datetime | None = None
    stale_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A request to let the person go though something is missing, and the approval, where there is one that counts."""

    request: UUID
    account: UUID | None
    reason: str
    asked_at: datetime
    approval: UUID | None


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a person may go now."""

    items: tuple[Item, ...]
    override: Override | None

    @property
    def is_met(self) -> bool:
        return all(item.is_met for item in self.items)

    @property
    def missing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.is_met)

    @property
    def may_go(self) -> bool:
        return self.is_met or bool(self.override and self.override.approval)


def check(stay: Stay, now: datetime) -> Check:
    """The guard of a stay's end. Facts of every area count: who moved was assessed elsewhere. Three queries."""
    subject = f"person:{stay.person_id}"
    with everywhere():
        rows = ledger.facts_of(subject)
        adopted = adoptions.adopted()
        accounts = acts.accounts_of([row.id for row in rows if row.kind.startswith("override.")])
    since = [
        Fact(str(row.id), row.kind, row.subject, row.area, row.at, row.by, row.data)
        for row in rows
        if row.effective and row.at >= stay.begun_at
    ]
    plans = [plan for name in _in_force(adopted, stay.area) if (plan := shelf.plan(name))]
    items = [
        Item(need.text, need.cites, need.clause, need.plan, need.is_met, _at(need.by), _at(need.stale))
        for need in needs(plans, ACT, since, now)
    ]
    seen = effective(since, now)
    is_transfer = any(fact.data.get("outcome") == "transfer" for fact in seen.get("release.assessed", [])[-1:])
    return Check((_served(stay, now, is_transfer), *items), _override(seen, accounts, now))


def check_of(stay: UUID, now: datetime) -> Check:
    """The same for a stay by its id, within the session's scope."""
    return check(Stay.objects.get(id=stay), now)


def _in_force(adopted: Mapping[str, Iterable[str]], area: str) -> list[str]:
    return [plan for plan, areas in adopted.items() if any(contains(one, area) for one in areas)]


def _at(fact: Fact | None) -> datetime | None:
    return fact.at if fact else None


def _served(stay: Stay, now: datetime, is_transfer: bool) -> Item:
    days = max((stay.planned_end - stay.begun_at).days, 0)
    text = Text(zh=f"满 {days} 天，或评估为需转诊", en=f"{days} days served, or assessed as in need of transfer")
    is_met = now >= stay.planned_end or is_transfer
    return Item(text, "", "", "", is_met, stay.planned_end if now >= stay.planned_end else None)


def _override(seen: Mapping[str, list[Fact]], accounts: Mapping[str, str], now: datetime) -> Override | None:
    """The latest request, with the approval another account gave it within the last day."""
    asked = [fact for fact in seen.get("override.requested", []) if fact.data.get("act") == ACT]
    if not asked or asked[-1].at < now - OVERRIDE_LASTS:
        return None
    request = asked[-1]
    who = accounts.get(request.id)
    agreed = (
        fact
        for fact in seen.get("override.approved", [])
        if fact.data.get("request") == request.id and who and accounts.get(fact.id) not in (None, who)
    )
    approval = next((UUID(fact.id) for fact in agreed), None)
    return Override(UUID(request.id), UUID(who) if who else None, str(request.data["reason"]), request.at, approval)
