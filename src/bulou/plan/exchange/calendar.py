"""A role's recurring duties as iCalendar (RFC 5545): one repeating event a slot, in the plan's time zone.

A plan says when a duty falls due, not yet for whom: the calendar begins on the day it is asked for, as though what
opens each duty happened then, and each entry says what that is.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from bulou.kernel.periods import Slot
from bulou.plan.models import Plan
from bulou.plan.prose import Names, describe
from bulou.plan.rules import Rule, rules
from bulou.plan.standing import all_standing

MEDIA_TYPE = "text/calendar"
_STEPS = (("DAILY", timedelta(days=1)), ("HOURLY", timedelta(hours=1)), ("MINUTELY", timedelta(minutes=1)))


def recurring_roles(plan: Plan) -> list[str]:
    """The roles that owe something again and again under a plan, by name."""
    return sorted({duty.by for _clause, duty in plan.duties if duty.every})


def calendar(plan: Plan, role: str, titles: Names, start: date, language: str = "zh") -> bytes:
    """The recurring duties of a role from a local date on, with the numbers in force that day, as an .ics file."""
    found = Calendar()
    who = titles[role].to(language) if role in titles else role
    found.add("prodid", "-//Bulou//Plan//ZH")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", f"{plan.title.to(language)} · {who}")
    found.add("x-wr-calname", f"{plan.title.to(language)} · {who}")
    found.add("x-wr-timezone", plan.timezone)
    for rule in all_standing(rules(plan), start):
        if rule.plan == plan.id and rule.role == role and rule.variants[0].within is None:
            for event in _events(rule, titles, start, language):
                found.add_component(event)
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _events(rule: Rule, titles: Names, start: date, language: str) -> Iterator[Event]:
    terms = rule.variants[0]
    if terms.period is not None:
        yield _event(rule, titles, language, "period", _whole(rule, start), _repeat(rule, terms.period))
    for slot in terms.slots:
        spans = [_span(rule, slot, start + timedelta(days=after)) for after in terms.on or (0,)]
        event = _event(rule, titles, language, _name(slot), spans[0], None if terms.on else _repeat(rule, _STEPS[0][1]))
        for opens, _closes in spans[1:]:
            event.add("rdate", [opens])
        yield event


def _event(
    rule: Rule, titles: Names, language: str, part: str, span: tuple[Any, Any], repeat: dict[str, Any] | None
) -> Event:
    """One entry. The same duty and slot has the same UID in every export, so a calendar replaces it."""
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'bulou:{rule.id}#{part}')}@bulou")
    event.add("dtstamp", datetime.combine(span[0], time(), UTC))
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    event.add("summary", rule.title.to(language))
    colon = ": " if language == "en" else "："
    lines = [f"{label.to(language)}{colon}{text.to(language)}" for label, text in describe(rule, titles)]
    event.add("description", "\n".join([*lines, f"{rule.cites} ({rule.clause})"]))
    event.add("categories", [rule.no_miss or "organisation"])
    event.add("transp", "TRANSPARENT")
    if repeat:
        event.add("rrule", repeat)
    return event


def _repeat(rule: Rule, every: timedelta) -> dict[str, Any]:
    """How it comes again: in the largest step the period is a whole number of, as long as its interval lasts."""
    step, size = next(((step, size) for step, size in _STEPS if not every % size), _STEPS[-1])
    found: dict[str, Any] = {"freq": step, "interval": max(every // size, 1)}
    if length := rule.variants[0].after:
        found["count"] = max(-(-length // every), 1)
    return found


def _whole(rule: Rule, start: date) -> tuple[Any, Any]:
    """A window of a period: whole days as days, shorter ones from midnight."""
    period = rule.variants[0].period or timedelta(days=1)
    if not period % timedelta(days=1):
        return start, start + period
    opens = datetime.combine(start, time(), rule.zone)
    return opens, opens + period


def _span(rule: Rule, slot: Slot, day: date) -> tuple[datetime, datetime]:
    opens, closes = slot.on(day, rule.zone)
    return opens.astimezone(rule.zone), closes.astimezone(rule.zone)


def _name(slot: Slot) -> str:
    return f"{slot.start}-{slot.end}"
