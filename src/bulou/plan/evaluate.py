"""The ledger, obviously right: duties as a pure function of rules, facts and an instant. Other engines are held to it.

Contract: the plan language, "Meaning". Plain on purpose. Arithmetic is in UTC: local time only names days and slots.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bulou.kernel.areas import contains
from bulou.kernel.facts import LEVEL_SET, WAIVED, Fact
from bulou.kernel.periods import local_date, occurs
from bulou.plan.matching import Seen, by_subject, covers, effective, waives
from bulou.plan.rules import Rule, Trigger, Variant

GRADES = {"none": 0, "IV": 1, "III": 2, "II": 3, "I": 4}
"""Response levels by gravity; a `response.level_set` of any other level sets nothing."""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, its instants in the plan's zone; `area` is that of the fact `opened_by` names."""

    duty: str
    subject: str
    opens_at: datetime
    due_at: datetime
    state: str
    discharged_by: str | None
    area: str
    opened_by: str

    def order(self) -> tuple[str, str, datetime, datetime, str, str]:
        """What lines are sorted by. Within one zone Python compares clocks on the wall, and those repeat an hour."""
        opens, due = self.opens_at.astimezone(UTC), self.due_at.astimezone(UTC)
        return (self.duty, self.subject, opens, due, self.state, self.discharged_by or "")

    def to_json(self) -> str:
        """The interchange line, the same bytes from every engine."""
        line = {
            "duty": self.duty,
            "subject": self.subject,
            "opens_at": self.opens_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "state": self.state,
            "discharged_by": self.discharged_by,
        }
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Interval:
    """`[start, end)`: a duty is active for the subject of the fact that opened it, on the terms of a variant."""

    opening: Fact
    terms: Variant
    start: datetime
    end: datetime | None

    def has(self, instant: datetime) -> bool:
        return self.start <= instant and (self.end is None or instant < self.end)


def ledger(
    rules: Iterable[Rule],
    facts: Iterable[Fact],
    now: datetime,
    zone: ZoneInfo | None = None,
    *,
    adopted: Mapping[str, Collection[str]] | None = None,
) -> list[DutyLine]:
    """Every duty listed at `now`, sorted. Instants come in `zone`, or else in the zone of each rule's plan.

    `adopted`: the areas each plan is in force in; only facts there open its duties. None: everywhere. BulouError where
    two different facts share an id.
    """
    now = now.astimezone(UTC)
    seen = effective(facts, now)
    lines = [line for rule in rules for line in _duties(rule, seen, now, zone or rule.zone, adopted)]
    return sorted(lines, key=DutyLine.order)


def intervals(rule: Rule, openings: list[Fact], endings: list[Fact], levels: list[Fact]) -> Iterator[Interval]:
    """A rule's active intervals for one subject. All facts come in order of time and id."""
    current: Interval | None = None
    for opening in openings:
        start = opening.at
        terms = next((variant for variant in rule.variants if covers(variant, local_date(start, rule.zone))), None)
        if terms is None or (rule.has_until and current and current.has(start)):
            continue
        ends = [ending.at for ending in endings if ending.at > start][:1]
        if terms.after is not None:
            ends.append(start + terms.after)
        current = Interval(opening, terms, start, min(ends, default=None))
        yield from [current] if rule.level is None else _at_level(current, GRADES[rule.level], levels)


def windows(interval: Interval, zone: ZoneInfo, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening and due instants of the duties an interval gives, those that open up to `now`."""
    terms, opens = interval.terms, interval.start
    if terms.within is not None:
        yield opens, opens + terms.within
    elif terms.period is not None:
        while opens <= now and interval.has(opens):
            yield opens, opens + terms.period
            opens += terms.period
    else:
        for day in _days(interval, zone, now):
            for slot in terms.slots:
                opens, due = slot.on(day, zone)
                if opens <= now and interval.has(opens):
                    yield opens, due


def _duties(
    rule: Rule, seen: Seen, now: datetime, zone: ZoneInfo, adopted: Mapping[str, Collection[str]] | None
) -> Iterator[DutyLine]:
    openings, endings, evidence, waivers = (
        by_subject(trigger, seen, rule.zone) for trigger in (rule.when, rule.until, rule.must, Trigger(WAIVED))
    )
    for subject, facts in openings.items():
        opened = [fact for fact in facts if adopted is None or _in_force(fact.area, adopted.get(rule.plan, ()))]
        for interval in intervals(rule, opened, endings.get(subject, []), seen.get(LEVEL_SET, [])):
            for opens, due in windows(interval, rule.zone, now):
                done = _discharge(interval.terms, opens, due, evidence.get(subject, []))
                waived = any(waives(waiver, rule.id, opens) for waiver in waivers.get(subject, []))
                yield DutyLine(
                    duty=rule.id,
                    subject=subject,
                    opens_at=opens.astimezone(zone),
                    due_at=due.astimezone(zone),
                    state=_state(due, interval.end, now, done, waived),
                    discharged_by=done.id if done else None,
                    area=interval.opening.area,
                    opened_by=interval.opening.id,
                )


def _in_force(area: str, areas: Collection[str]) -> bool:
    return any(contains(outer, area) for outer in areas)


def _discharge(terms: Variant, opens: datetime, due: datetime, evidence: list[Fact]) -> Fact | None:
    """The first fact that does the duty: a one-off any time from its opening, a slot until `late` after it is due."""
    last = None if terms.within is not None else due + terms.late
    return next((fact for fact in evidence if opens <= fact.at and (last is None or fact.at <= last)), None)


def _state(due: datetime, end: datetime | None, now: datetime, done: Fact | None, waived: bool) -> str:
    if done:
        return "met" if done.at <= due else "late"
    if waived:
        return "waived"
    if end is not None and end < due and end <= now:
        return "void"
    return "missed" if now > due else "open"


def _days(interval: Interval, zone: ZoneInfo, now: datetime) -> Iterator[date]:
    """The local dates whose slots may open in the interval by `now`: all there are, or those of `on`."""
    first = local_date(interval.start, zone)
    last = local_date(now if interval.end is None else min(now, interval.end), zone)
    # One day more: where clocks go back across midnight, a slot of the next date may have opened already.
    every = (first + timedelta(days=n) for n in range((last - first).days + 2))
    wanted = (day for day in every if not interval.terms.on or (day - first).days in interval.terms.on)
    return (day for day in wanted if occurs(day, zone))


def _at_level(whole: Interval, needed: int, levels: list[Fact]) -> Iterator[Interval]:
    """The pieces of an interval during which the gravest level over its area is `needed` or graver."""
    for since, until in _grave_times(whole.opening.area, needed, levels):
        start = max(whole.start, since)
        end = min((instant for instant in (whole.end, until) if instant is not None), default=None)
        if end is None or start < end:
            yield replace(whole, start=start, end=end)


def _grave_times(area: str, needed: int, levels: list[Fact]) -> Iterator[tuple[datetime, datetime | None]]:
    in_force: dict[str, int] = {}
    since: datetime | None = None
    here = [fact for fact in levels if contains(fact.subject.removeprefix("area:"), area)]
    for instant, sets in groupby(here, key=lambda fact: fact.at):
        in_force |= {fact.subject: grade for fact in sets if (grade := _grade(fact)) is not None}
        grave = max(in_force.values(), default=0) >= needed
        if grave and since is None:
            since = instant
        elif not grave and since is not None:
            yield since, instant
            since = None
    if since is not None:
        yield since, None


def _grade(fact: Fact) -> int | None:
    level = fact.data.get("level")
    return GRADES.get(level) if isinstance(level, str) else None
