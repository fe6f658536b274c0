"""Guards in force: what plans require before an act about somebody, item by item, and the approval to do without.

Facts of every area count: who moved was assessed elsewhere. An approval is another account's, and lasts a day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.directory.scope import everywhere
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.ledger import acts, selectors, services, shelf
from bulou.ledger.selectors import FactRow
from bulou.plan.guards import needs
from bulou.plan.matching import effective

OVERRIDE_LASTS = timedelta(days=1)
"""How long an approval may be used: our choice; whoever has not gone within a day is looked at afresh."""
Seen = Mapping[str, list[Fact]]
"""Facts that count, by kind, earliest first."""
ASKED, AGREED = "override.requested", "override.approved"


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
    """A request to do the act though something is missing, and the approval, where there is one that counts."""

    request: UUID
    account: UUID | None
    reason: str
    asked_at: datetime
    approval: UUID | None


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the act may be done now."""

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


def check(
    act: str,
    subject: str,
    area: str,
    since: datetime,
    now: datetime,
    *,
    asked_about: str = "",
    first: Callable[[Seen], tuple[Item, ...]] = lambda seen: (),
) -> Check:
    """What the plans in force over an area require before an act about a subject, of what happened since.

    `asked_about`: the subject under which an override is asked for, where it is another. `first`: what is required
    whatever the plans say, by what happened. Three queries, four where the override's subject is another.
    """
    with everywhere():
        rows = selectors.facts_of(subject)
        about = selectors.facts_of(asked_about) if asked_about not in ("", subject) else rows
        asked = [row for row in about if row.kind in (ASKED, AGREED)]
        adopted = services.adopted()
        accounts = acts.accounts_of([row.id for row in asked])
    plans = [plan for name in _in_force(adopted, area) if (plan := shelf.plan(name))]
    facts = _facts(rows, since)
    items = [
        Item(need.text, need.cites, need.clause, need.plan, need.is_met, _at(need.by), _at(need.stale))
        for need in needs(plans, act, facts, now)
    ]
    override = _override(act, effective(_facts(asked, since), now), accounts, now)
    return Check((*first(effective(facts, now)), *items), override)


def _facts(rows: Iterable[FactRow], since: datetime) -> list[Fact]:
    return [
        Fact(str(row.id), row.kind, row.subject, row.area, row.at, row.by, row.data)
        for row in rows
        if row.effective and row.at >= since
    ]


def _in_force(adopted: Mapping[str, Iterable[str]], area: str) -> list[str]:
    return [plan for plan, areas in adopted.items() if any(contains(one, area) for one in areas)]


def _at(fact: Fact | None) -> datetime | None:
    return fact.at if fact else None


def _override(act: str, seen: Seen, accounts: Mapping[str, str], now: datetime) -> Override | None:
    """The latest request, with the approval another account gave it within the last day."""
    asked = [fact for fact in seen.get(ASKED, []) if fact.data.get("act") == act]
    if not asked or asked[-1].at < now - OVERRIDE_LASTS:
        return None
    request = asked[-1]
    who = accounts.get(request.id)
    agreed = (
        fact
        for fact in seen.get(AGREED, [])
        if fact.data.get("request") == request.id and who and accounts.get(fact.id) not in (None, who)
    )
    approval = next((UUID(fact.id) for fact in agreed), None)
    return Override(UUID(request.id), UUID(who) if who else None, str(request.data["reason"]), request.at, approval)
