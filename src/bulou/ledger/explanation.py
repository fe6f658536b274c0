"""Why a duty stands as it does: the clause, the facts and the arithmetic, in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bulou.kernel import clock
from bulou.kernel.facts import KINDS
from bulou.kernel.text import Text
from bulou.ledger.engines import store
from bulou.ledger.rows import DutyRow, FactRow, duty_row, fact_row, split


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody was told that the duty is overdue: the role, its unit (None where nobody holds it), and when."""

    role: str
    unit: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Why:
    """One duty explained. `steps` read from top to bottom; `facts` are those of the subject that bear on it."""

    row: DutyRow
    opened_by: FactRow | None
    discharged_by: FactRow | None
    steps: list[Text]
    facts: list[FactRow]
    told: list[Told]


def why(key: str) -> Why | None:
    """Explain a duty; None where there is none of that key in the session's scope. 6 queries."""
    place, now = split(key), clock.now()
    found = store.rows("reading", "one", **place, now=now) if place else []
    if not found or place is None:
        return None
    row, opened_by = duty_row(found[0][:-1]), found[0][-1]
    ((body, zone),) = store.query("SELECT body, zone FROM rule WHERE name = %s", [row.duty])
    rule = json.loads(body)
    facts = {fact.id: fact for fact in map(fact_row, store.rows("reading", "facts_of", subject=row.subject, now=now))}
    done = next((facts.get(id) for (id,) in store.rows("reading", "discharging", **place, now=now)), None)
    kinds = {rule[part]["fact"] for part in ("when", "until", "must") if rule[part]} | {"duty.waived"}
    bearing = [fact for fact in facts.values() if fact.kind in kinds]
    told = [Told(*seen) for seen in store.rows("reading", "told", **place)]
    steps = list(_steps(row, rule, ZoneInfo(zone), facts.get(opened_by), done, now))
    return Why(row, facts.get(opened_by), done, steps, bearing, told)


def _steps(
    row: DutyRow, rule: dict[str, Any], zone: ZoneInfo, opening: FactRow | None, done: FactRow | None, now: datetime
) -> Iterator[Text]:
    """The clause, what opened it, how the due time follows, what discharges it, and how it stands."""

    def at(instant: datetime) -> str:
        return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    yield Text(zh=f"{row.cites}（{row.clause}）：{row.title.zh}。", en=f"{row.cites} ({row.clause}): {row.title.en}.")
    if opening:
        what = _kind(opening.kind)
        yield Text(zh=f"{at(opening.at)} “{what.zh}”，责任由此产生。", en=f"{what.en} at {at(opening.at)} set it off.")
    yield _due(row, rule, at)
    must = _kind(row.must)
    yield Text(
        zh=f"其间或其后第一条符合条件的“{must.zh}”即为完成。",
        en=f"The first matching fact “{must.en}” from its opening on discharges it.",
    )
    yield _state(row, done, now, at)


def _due(row: DutyRow, rule: dict[str, Any], at: Any) -> Text:
    span = words(row.due_at - row.opens_at)
    if any(variant["within"] is not None for variant in rule["variants"]):
        return Text(
            zh=f"{at(row.opens_at)} 起 {span.zh}内，即 {at(row.due_at)} 前应完成。",
            en=f"Due within {span.en} of {at(row.opens_at)}: by {at(row.due_at)}.",
        )
    return Text(
        zh=f"每期一次，本期 {at(row.opens_at)} 至 {at(row.due_at)}（{span.zh}）。",
        en=f"It recurs; this one runs from {at(row.opens_at)} to {at(row.due_at)} ({span.en}).",
    )


def _state(row: DutyRow, done: FactRow | None, now: datetime, at: Any) -> Text:
    if done:
        late = done.at - row.due_at
        if late > timedelta():
            gap = words(late)
            return Text(zh=f"{at(done.at)} 完成，迟 {gap.zh}。", en=f"Done at {at(done.at)}, {gap.en} late.")
        return Text(zh=f"{at(done.at)} 按时完成。", en=f"Done in time, at {at(done.at)}.")
    if row.state == "missed":
        gap = words(now - row.due_at)
        return Text(zh=f"至今无此事实，已漏 {gap.zh}。", en=f"No such fact so far: missed, {gap.en} ago.")
    return {
        "open": Text(zh="尚未到期，等待完成。", en="Not due yet: still to be done."),
        "waived": Text(zh="经两人同意豁免。", en="Waived by two people."),
        "void": Text(zh="到期前情形已结束，不再需要。", en="The grounds ended before it was due: no longer owed."),
    }[row.state]


def _kind(kind: str) -> Text:
    return KINDS[kind].title if kind in KINDS else Text(zh=kind, en=kind)


def words(span: timedelta) -> Text:
    """A length of time in the two largest units that say something: `1 day 2 h`."""
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "天", "day" if days == 1 else "days"), (hours, "小时", "h"), (rest, "分钟", "min")]
    said = [part for part in parts if part[0]][:2] or [(rest, "分钟", "min")]
    return Text(zh="".join(f"{n}{zh}" for n, zh, _ in said), en=" ".join(f"{n} {en}" for n, _, en in said))
