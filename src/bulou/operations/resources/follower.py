"""Keeps what each unit and area has as the facts have it, in the batch that stores them (`ledger/following.py`)."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from bulou.ledger.engines import store
from bulou.operations.resources.models import Holding

COUNTED = {"stock.counted": "stock", "capacity.reported": "capacity"}
ASKED, CAME = "supply.requested", "supply.delivered"
KINDS = (*COUNTED, ASKED, CAME)
SPACE = UUID("6b1f0d52-5d0c-5c3e-9a57-7a8f4b0c9e11")
"""The namespace of the ids: the same item of the same unit always has the same one."""
_FACTS = """
SELECT f.subject, f.kind, f.at, f.area, f.data FROM fact f
WHERE {subjects} AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) ORDER BY f.at, f.id
"""


class Told(NamedTuple):
    """A fact, as much of it as matters here."""

    subject: str
    kind: str
    at: datetime
    area: str
    data: Mapping[str, Any]


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the holdings of these units and areas up to date; None: of all."""
    if subjects is None:
        Holding.objects.all().delete()
    else:
        Holding.objects.filter(subject__in=list(subjects)).delete()
    where = "true" if subjects is None else "f.subject = ANY(%(subjects)s::text[])"
    given = {"subjects": None if subjects is None else list(subjects), "kinds": list(KINDS), "now": now}
    rows = store.query(_FACTS.format(subjects=where), given)
    Holding.objects.bulk_create(
        holdings(Told(subject, kind, at, area, json.loads(data)) for subject, kind, at, area, data in rows),
        batch_size=2000,
    )


def holdings(facts: Iterable[Told]) -> list[Holding]:
    """Facts in order of time as holdings: the last count of each item, and the last request with what came since."""
    found: dict[tuple[str, str, str], Holding] = {}
    for fact in facts:
        what, item = COUNTED.get(fact.kind, "stock"), str(fact.data["item"]).replace("-", "_")
        key = (what, fact.subject, item)
        if key not in found:
            id = uuid5(SPACE, " ".join(key))
            found[key] = Holding(id=id, what=what, subject=fact.subject, area=fact.area, item=item, asked=0, came=0)
        one, quantity = found[key], int(fact.data["quantity"])
        if fact.kind in COUNTED:
            in_use = fact.data.get("in_use")
            one.quantity, one.in_use, one.counted_at = quantity, None if in_use is None else int(in_use), fact.at
        elif fact.kind == ASKED:
            one.asked, one.asked_at, one.came = quantity, fact.at, 0
        else:
            one.came += quantity
    return list(found.values())
