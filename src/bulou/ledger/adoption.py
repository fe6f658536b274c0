"""Adopting a plan: its rules as rows the engine reads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bulou.ledger.engines import store
from bulou.plan.evaluate import GRADES
from bulou.plan.matching import covers
from bulou.plan.rules import Condition, Rule, Tell, Trigger, Variant

ALWAYS, EVER = "-infinity", "infinity"
GONE = "gone"
"""The mark of a rule its plan no longer has: what it once missed keeps its name."""
LONGER = timedelta(hours=3)
"""More than a slot grows on a day that is longer than 24 hours."""


@dataclass
class _Rows:
    """The rows of some rules, by table, with the next free ids."""

    variant: int
    trigger: int
    tables: dict[str, list[Sequence[Any]]] = field(default_factory=dict)

    def add(self, table: str, *row: Any) -> None:
        self.tables.setdefault(table, []).append(row)


def store_rules(rules: Sequence[Rule]) -> list[int]:
    """Make the stored rules of these rules' plans equal to them. Gives the ids of those new, changed or gone."""
    known = {name: (id, json.loads(body)) for id, name, body in store.query("SELECT id, name, body FROM rule")}
    bodies = {rule.id: body(rule) for rule in rules}
    plans = {rule.plan for rule in rules}
    changed = [rule for rule in rules if known.get(rule.id, (0, None))[1] != bodies[rule.id]]
    gone = [
        id
        for name, (id, body) in known.items()
        if name.partition("/")[0] in plans and name not in bodies and GONE not in body
    ]
    fresh = max((id for id, _ in known.values()), default=0)
    ids = {rule.id: known[rule.id][0] if rule.id in known else (fresh := fresh + 1) for rule in changed}
    _retire([known[name][0] for name in ids if name in known] + gone)
    _forget([*ids.values(), *gone])
    store.execute(f"UPDATE rule SET body = body || '{{\"{GONE}\": true}}' WHERE id = ANY(%s::int[])", [gone])
    _insert(((ids[rule.id], rule, bodies[rule.id]) for rule in changed), gone)
    store.execute("ANALYZE rule, rule_variant, rule_trigger, rule_condition")
    return [*ids.values(), *gone]


def body(rule: Rule) -> dict[str, Any]:
    """Everything a rule says, as JSON: for reading, and to see whether it changed."""
    return {
        "clause": rule.clause,
        "no_miss": rule.no_miss,
        "zone": str(rule.zone),
        "cites": rule.cites,
        "title": rule.title.model_dump(),
        "when": _plain(rule.when),
        "until": _plain(rule.until) if rule.until else None,
        "must": _plain(rule.must),
        "level": rule.level,
        "role": rule.role,
        "tell": [
            {
                "after": _seconds(tell.after),
                "role": tell.role,
                "from": str(tell.valid_from or ""),
                "to": str(tell.valid_to or ""),
            }
            for tell in rule.tell
        ],
        "variants": [_terms(variant) for variant in rule.variants],
    }


def _plain(trigger: Trigger) -> dict[str, Any]:
    return {
        "fact": trigger.kind,
        "where": [
            [c.field, c.op, json.loads(_json(c)), str(c.valid_from or ""), str(c.valid_to or "")] for c in trigger.where
        ],
    }


def _terms(variant: Variant) -> dict[str, Any]:
    return {
        "from": str(variant.valid_from or ""),
        "to": str(variant.valid_to or ""),
        "within": _seconds(variant.within),
        "after": _seconds(variant.after),
        "late": _seconds(variant.late),
        "period": _seconds(variant.period),
        "slots": [[_seconds(slot.start), _seconds(slot.end)] for slot in variant.slots],
        "on": list(variant.on),
    }


def _retire(ids: list[int]) -> None:
    """Take the courses of changed rules out of the ledger and its counts, while their terms are still known."""
    if ids and store.run("reconcile", "retire", rules=ids):
        store.run("passing", "tally")
        store.execute("DELETE FROM w_changed")


def _forget(ids: list[int]) -> None:
    for statement in (
        "DELETE FROM rule_slot WHERE variant IN (SELECT id FROM rule_variant WHERE rule = ANY(%s::int[]))",
        "DELETE FROM rule_hour WHERE variant IN (SELECT id FROM rule_variant WHERE rule = ANY(%s::int[]))",
        "DELETE FROM rule_condition WHERE trigger IN (SELECT id FROM rule_trigger WHERE rule = ANY(%s::int[]))",
        "DELETE FROM rule_tell WHERE variant IN (SELECT id FROM rule_variant WHERE rule = ANY(%s::int[]))",
        "DELETE FROM rule_variant WHERE rule = ANY(%s::int[])",
        "DELETE FROM rule_trigger WHERE rule = ANY(%s::int[])",
    ):
        store.execute(statement, [ids])


def _insert(rules: Iterable[tuple[int, Rule, dict[str, Any]]], gone: list[int]) -> None:
    """1. Ids after the highest used, so no course reads another variant's terms. 2. Rows. 3. COPY, a table each."""
    ((variant, trigger, course_variant),) = store.query(
        "SELECT (SELECT COALESCE(max(id), 0) FROM rule_variant), (SELECT COALESCE(max(id), 0) FROM rule_trigger),"
        " (SELECT COALESCE(max(variant), 0) FROM course)"
    )
    out = _Rows(max(variant, course_variant), trigger)
    for id, rule, text in rules:
        _rule_rows(out, id, rule, text)
    if upserts := out.tables.pop("rule", []):
        store.execute("DELETE FROM rule WHERE id = ANY(%s::int[])", [[row[0] for row in upserts]])
        store.write("rule", _COLUMNS["rule"], upserts)
    for table, records in out.tables.items():
        store.write(table, _COLUMNS[table], records)


_COLUMNS = {
    "rule": ["id", "name", "plan", "clause", "no_miss", "role", "zone", "level", "recurs", "bounded", "body"],
    "rule_variant": [
        "id",
        "rule",
        "valid_from",
        "valid_to",
        "within",
        "after",
        "period",
        "late",
        "span",
        "on_days",
        "slot_starts",
        "slot_ends",
    ],
    "rule_trigger": ["id", "rule", "part", "kind", "conditions"],
    "rule_condition": ["trigger", "field", "op", "value", "valid_from", "valid_to"],
    "rule_tell": ["variant", "step", "after", "role"],
}


def _rule_rows(out: _Rows, id: int, rule: Rule, text: dict[str, Any]) -> None:
    level = GRADES[rule.level] if rule.level else None
    identity = (id, rule.id, rule.plan, rule.clause, rule.no_miss, rule.role, str(rule.zone))
    out.add("rule", *identity, level, _recurs(rule), rule.has_until, json.dumps(text, ensure_ascii=False))
    for variant, tells in _told(rule):
        out.variant += 1
        out.add("rule_variant", out.variant, id, *_span(variant, rule.zone), *_numbers(variant))
        for step, tell in enumerate(tells):
            out.add("rule_tell", out.variant, step, tell.after, tell.role)
    for part, trigger in (("when", rule.when), ("until", rule.until), ("must", rule.must)):
        if trigger:
            out.trigger += 1
            out.add("rule_trigger", out.trigger, id, part, trigger.kind, len({(c.field, c.op) for c in trigger.where}))
            for condition in trigger.where:
                value = (condition.field, condition.op, _json(condition))
                out.add("rule_condition", out.trigger, *value, *_span(condition, rule.zone))


def _told(rule: Rule) -> Iterator[tuple[Variant, list[Tell]]]:
    """The variants, cut where it changes who is told or when, each with its tells in order."""
    dates = {day for tell in rule.tell for day in (tell.valid_from, tell.valid_to) if day}
    for variant in rule.variants:
        first, last = variant.valid_from or date.min, variant.valid_to or date.max
        cuts = sorted(day for day in dates if first < day < last)
        for start, end in pairwise([variant.valid_from, *cuts, variant.valid_to]):
            inside = start or (end - timedelta(days=1) if end else date.max)
            tells = [tell for tell in rule.tell if covers(tell, inside)]
            yield replace(variant, valid_from=start, valid_to=end), sorted(tells, key=lambda tell: tell.after)


def _recurs(rule: Rule) -> str:
    if any(variant.slots for variant in rule.variants):
        return "daily"
    return "period" if any(variant.period for variant in rule.variants) else "once"


def _numbers(variant: Variant) -> Iterator[Any]:
    slots = sorted(variant.slots)
    longest = max((slot.end - slot.start + LONGER for slot in slots), default=variant.period or timedelta())
    yield from (variant.within, variant.after, variant.period, variant.late, longest + timedelta(seconds=1))
    yield from (list(variant.on) or None, [slot.start for slot in slots], [slot.end for slot in slots])


def _span(dated: Variant | Condition, zone: ZoneInfo) -> tuple[datetime | str, datetime | str]:
    def midnight(day: date | None, otherwise: str) -> datetime | str:
        return datetime.combine(day, time(), zone).astimezone(UTC) if day else otherwise

    return midnight(dated.valid_from, ALWAYS), midnight(dated.valid_to, EVER)


def _json(condition: Condition) -> str:
    """The value as JSON text: an array for `in` and `ne`, a scalar for the ordered tests. Decimals keep every digit."""
    value = condition.value
    if condition.op in ("in", "ne"):
        values = value if isinstance(value, tuple) else (value,)
        return f"[{','.join(_scalar(item) for item in values)}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)


def _seconds(span: timedelta | None) -> float | None:
    return span.total_seconds() if span is not None else None
