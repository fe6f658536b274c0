"""Rules in words, in both languages: what the plan reader, `bulou plan show` and `diff` print."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bulou.kernel.facts import FactKinds
from bulou.kernel.periods import Slot
from bulou.kernel.text import Text
from bulou.plan.rules import Condition, Rule, Trigger, Variant

Names = Mapping[str, Text]
"""Titles of fact kinds (`temperature.read`), of their fields (`temperature.read/celsius`), of roles and other words."""

_UNITS = (
    (timedelta(days=1), "天", "day"),
    (timedelta(hours=1), "小时", "hour"),
    (timedelta(minutes=1), "分钟", "minute"),
    (timedelta(seconds=1), "秒", "second"),
)
_SIGNS = {"gt": ">", "gte": "≥", "lt": "<", "lte": "≤", "ne": "≠", "in": "="}


def names(kinds: FactKinds | None = None, roles: Mapping[str, Any] | None = None) -> dict[str, Text]:
    """The titles of kinds, fields and roles; each role has a `title` in both languages."""
    found = {role: known.title for role, known in (roles or {}).items()}
    for kind, data in (kinds or {}).items():
        found[kind] = data.title
        for name, info in data.model_fields.items():
            field = info.alias or name
            found[f"{kind}/{field}"] = Text(zh=info.title or field, en=field)
    return found


def describe(rule: Rule, titles: Names) -> list[tuple[Text, Text]]:
    """A rule as labelled lines: what opens and ends it, when it is due, what does it, who owes it, who is told."""
    lines = [(Text(zh="触发", en="When"), trigger(rule.when, titles))]
    if rule.has_until:
        lines.append((Text(zh="截止", en="Until"), _until(rule, titles)))
    if rule.level:
        text = Text(zh=f"{rule.level} 级及以上响应期间", en=f"at level {rule.level} or graver")
        lines.append((Text(zh="级别", en="Level"), text))
    lines.append((Text(zh="期限", en="Due"), _dated((v.valid_from, v.valid_to, due(v)) for v in rule.variants)))
    lines.append((Text(zh="要求", en="Must"), trigger(rule.must, titles)))
    lines.append((Text(zh="责任", en="By"), _title(rule.role, titles)))
    for tell in rule.tell:
        text = _told(_title(tell.role, titles), tell.after)
        lines.append((Text(zh="升级", en="Told"), _dated([(tell.valid_from, tell.valid_to, text)])))
    return lines


def trigger(trigger: Trigger, titles: Names) -> Text:
    """A fact kind with its conditions: “测体温（体温 ≥ 37.3）”."""
    title = _title(trigger.kind, titles)
    tests = [_condition(trigger.kind, condition, titles) for condition in trigger.where]
    if not tests:
        return title
    zh, en = "，".join(test.zh for test in tests), ", ".join(test.en for test in tests)
    return Text(zh=f"{title.zh}（{zh}）", en=f"{title.en} ({en})")


def due(terms: Variant) -> Text:
    """When the duties of an interval fall due, and how long they may still be done late."""
    if terms.within == timedelta():
        return Text(zh="立即", en="at once")
    if terms.within is not None:
        length = span(terms.within)
        return Text(zh=f"{length.zh}内", en=f"within {length.en}")
    if terms.period is not None:
        length = span(terms.period)
        text = Text(zh=f"每 {length.zh}一次", en=f"every {length.en}")
    else:
        slots = [_slot(slot) for slot in terms.slots]
        days = ", ".join(map(str, terms.on))
        zh = f"第 {days} 天" if days else "每日"
        en = f"on day {days}" if days else "every day"
        text = Text(zh=f"{zh} {'、'.join(slots)}", en=f"{en} {', '.join(slots)}")
    if terms.late:
        length = span(terms.late)
        text = Text(zh=f"{text.zh}，逾期 {length.zh}内可补", en=f"{text.en}, late up to {length.en}")
    return text


def span(length: timedelta) -> Text:
    """A length of time: “14 天”, “1 day 12 hours”."""
    zh: list[str] = []
    en: list[str] = []
    for unit, chinese, english in _UNITS:
        count, length = divmod(length, unit)
        if count:
            zh.append(f"{count} {chinese}")
            en.append(f"{count} {english}" + ("s" if count > 1 else ""))
    return Text(zh=" ".join(zh) or "0 秒", en=" ".join(en) or "no time")


def number(value: Any) -> str:
    """A value as it is written in a plan."""
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _told(who: Text, after: timedelta) -> Text:
    if not after:
        return Text(zh=f"一逾期就告知{who.zh}", en=f"{who.en}, as soon as it is overdue")
    late = span(after)
    return Text(zh=f"逾期 {late.zh} 告知{who.zh}", en=f"{who.en}, {late.en} after it is due")


def _until(rule: Rule, titles: Names) -> Text:
    fact = trigger(rule.until, titles) if rule.until else None
    lengths = [(v.valid_from, v.valid_to, span(v.after)) for v in rule.variants if v.after is not None]
    if not lengths:
        return fact or Text(zh="", en="")
    after = _dated(lengths)
    if fact is None:
        return Text(zh=f"满 {after.zh}", en=f"{after.en} have passed")
    return Text(zh=f"{fact.zh}，或满 {after.zh}", en=f"{fact.en}, or {after.en} have passed")


def _condition(kind: str, condition: Condition, titles: Names) -> Text:
    field = titles.get(f"{kind}/{condition.field}", Text(zh=condition.field, en=condition.field))
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    shown, sign = [_said(value, titles) for value in values], _SIGNS[condition.op]
    zh, en = "|".join(value.zh for value in shown), "|".join(value.en for value in shown)
    text = Text(zh=f"{field.zh} {sign} {zh}", en=f"{field.en} {sign} {en}")
    return _dated([(condition.valid_from, condition.valid_to, text)])


def _said(value: Any, titles: Names) -> Text:
    """A value of a condition: a word that has a title by it, anything else as it is written in a plan."""
    return _title(value, titles) if isinstance(value, str) else Text(zh=number(value), en=number(value))


def _dated(rows: Iterable[tuple[date | None, date | None, Text]]) -> Text:
    """Texts with the days they hold from and to; a single text that holds for ever stays as it is."""
    parts = [(text, f" [{start or ''}…{end or ''}]" if start or end else "") for start, end, text in rows]
    return Text(zh="；".join(t.zh + days for t, days in parts), en="; ".join(t.en + days for t, days in parts))


def _slot(slot: Slot) -> str:
    return f"{_clock(slot.start)}–{_clock(slot.end)}"


def _clock(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    past, minutes = divmod(minutes, 24 * 60) if minutes > 24 * 60 else (0, minutes)
    return f"{minutes // 60:02}:{minutes % 60:02}" + ("+1" if past else "")


def _title(name: str, titles: Names) -> Text:
    return titles.get(name, Text(zh=name, en=name))
