"""Nobody is held beyond the grounds unnoticed: a day before they end, the ledger is told that they do.

The plans turn that fact into a duty to let the person go, or to lengthen the isolation on new grounds, and a miss where
nobody does. Only where the end was set later than a day before it, as by shortening, the day begins with that.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN, Fact
from bulou.ledger import selectors as ledger_selectors
from bulou.ledger import services as ledger
from bulou.ledger.engines import store
from bulou.no_miss.isolation import acts
from bulou.no_miss.isolation.models import Stay
from bulou.no_miss.isolation.room_board import SOON

KIND = "isolation.expiring"
_KNOWN = "SELECT id FROM fact_key WHERE id = ANY(%s::uuid[])"


def note(now: datetime) -> None:
    """Say of everybody whose grounds end by tomorrow that they do, once for each end. Two queries where it is said."""
    with everywhere():
        found = Stay.objects.filter(ended_at__isnull=True, planned_end__lte=now + SOON).order_by("planned_end", "id")
        facts = {fact.id: fact for fact in map(_fact, found) if fact.at <= now}
        if facts:
            known = {str(id) for (id,) in store.query(_KNOWN, [list(facts)])}
            for _receipt in ledger.record_all(fact for id, fact in facts.items() if id not in known):
                pass


def take_back(person: UUID, by: Account) -> None:
    """Withdraw what was said of an end still to come that has been moved later. Who was held past it was held."""
    stay = Stay.objects.filter(person=person, ended_at__isnull=True).first()
    if stay is None:
        return
    with everywhere():
        said = [fact for fact in ledger_selectors.facts_of(f"person:{person}") if fact.kind == KIND and fact.effective]
    for fact in said:
        if clock.now() < datetime.fromisoformat(str(fact.data["ends"])) < stay.planned_end:
            data = {"reason": "隔离到期时间已推后"}
            made = acts.fact(WITHDRAWN, fact.subject, fact.area, data, by, None)
            acts.record(replace(made, supersedes=str(fact.id)), by)


def _fact(stay: Stay) -> Fact:
    ends = stay.planned_end.isoformat()
    data = {"kind": stay.kind, "ends": ends} | ({"place": str(stay.claimed)} if stay.claimed else {})
    id = uuid5(stay.isolation, f"{KIND} {ends}")
    at = max(stay.planned_end - SOON, stay.planned_at)
    return Fact(str(id), KIND, f"person:{stay.person_id}", stay.area, at, None, data)
