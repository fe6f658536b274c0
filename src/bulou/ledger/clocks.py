"""How long the plans in force give from one fact to another: the strictest of their duties."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bulou.ledger.engines import store

_WITHIN = """
SELECT w.kind, m.kind, min(v.within)
FROM rule r
JOIN adoption a ON a.plan = r.plan AND (starts_with(%(area)s, a.area) OR starts_with(a.area, %(area)s))
JOIN rule_trigger w ON w.rule = r.id AND w.part = 'when'
JOIN rule_trigger m ON m.rule = r.id AND m.part = 'must'
JOIN rule_variant v ON v.rule = r.id AND v.valid_from <= %(now)s AND %(now)s < v.valid_to AND v.within IS NOT NULL
WHERE w.kind = ANY(%(kinds)s::text[])
GROUP BY w.kind, m.kind
"""


def within(pairs: Mapping[str, tuple[str, str]], area: str, now: datetime) -> dict[str, timedelta]:
    """By name of the pair, the time from its first kind of fact to its second; absent where no plan says. One query.

    Plans count that are in force over the area, or over a part of it.
    """
    kinds = [first for first, _ in pairs.values()]
    rows = store.query(_WITHIN, {"area": area, "now": now, "kinds": kinds})
    known = {(first, second): length for first, second, length in rows}
    return {name: known[pair] for name, pair in pairs.items() if pair in known}
