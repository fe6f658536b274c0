"""Reads `examples.yaml`: boundary examples any engine can be held to."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bulou.kernel.facts import Fact
from bulou.plan.models import Clause, Plan
from bulou.plan.rules import Rule, rules

KINDS = {
    "started": "isolation.started",
    "ended": "isolation.ended",
    "read": "temperature.read",
    "level": "response.level_set",
    "withdrawn": "fact.withdrawn",
    "waived": "duty.waived",
}
_WHOLE = yaml.load(Path(__file__).with_name("examples.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)


@dataclass
class Example:
    name: str
    rule: Rule
    now: datetime
    facts: list[Fact]
    expect: list[str]
    """Opening, due time, state and what did it, as `show` writes them."""


def rule_of(name: str, **duty: Any) -> Rule:
    """The rule `p/name` of a plan of that one duty."""
    zone = duty.pop("zone", "Asia/Shanghai")
    text = {"zh": "甲", "en": "A"}
    clause = Clause.model_validate(
        {"clause": "C", "cites": "试", "title": text, "duties": [{"duty": name, "by": "cdc"} | _numbers(duty)]}
    )
    plan = Plan(
        plan="p", title=text, source="试", issued="2020-01-01", area="", timezone=zone, clauses=(clause,), path="."
    )
    return rules(plan)[0]


def example(raw: dict[str, Any]) -> Example:
    rule = rule_of(raw["duty"], **_WHOLE["duties"][raw["duty"]])
    facts = [_fact(text, rule, raw) for text in raw["facts"]]
    expect = [_expected(text, rule, raw) for text in raw["expect"]]
    now = _time(*raw["now"].split(), rule, raw)
    return Example(raw["name"], rule, now.replace(fold=int(raw.get("fold", 0))), facts, expect)


def show(opens_at: datetime, due_at: datetime, state: str, discharged_by: str | None) -> str:
    return f"{opens_at.isoformat()} - {due_at.isoformat()} {state} {discharged_by or ''}".strip()


def _fact(text: str, rule: Rule, raw: dict[str, Any]) -> Fact:
    id, kind, day, clock, *pairs = text.split()
    data: dict[str, Any] = dict(pair.split("=", 1) for pair in pairs)
    data = {key: Decimal(value) if key == "celsius" else value for key, value in data.items()}
    subject = data.pop("on", "area:45" if kind == "level" else "person:a")
    supersedes = data.pop("supersedes", None)
    if kind == "waived":
        data["duty"] = rule.id
    return Fact(id, KINDS[kind], subject, "450102", _time(day, clock, rule, raw), "u1", data, supersedes)


def _expected(text: str, rule: Rule, raw: dict[str, Any]) -> str:
    opens, due = (_time(*part.split()[:2], rule, raw) for part in text.split(" - "))
    state, *by = text.split(" - ")[1].split()[2:]
    return show(opens, due, state, by[0] if by else None)


def _time(day: str, clock: str, rule: Rule, raw: dict[str, Any]) -> datetime:
    month, date = day.split("-") if "-" in day else ("02", day)
    year = raw["from"] if "from" in raw and month in ("11", "12") else "2020"
    return datetime.fromisoformat(f"{year}-{month}-{date}T{clock}").replace(tzinfo=ZoneInfo(rule.zone.key))


def _numbers(value: Any) -> Any:
    """The examples are read as text throughout; numbers and days become numbers again."""
    if isinstance(value, dict):
        return {key: _numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_numbers(part) for part in value]
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return int(value) if value.isdigit() else Decimal(value)
    return value


EXAMPLES = [example(raw) for raw in _WHOLE["examples"]]
