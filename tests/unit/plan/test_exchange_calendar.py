"""A role's recurring duties as iCalendar, read back as other programs read it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.plan.exchange.calendar import calendar, recurring_roles
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.prose import names
from unit.plan.conftest import CLAUSES, KINDS

PLANS = Path(__file__).parents[3] / "plans"
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 2, 10)
TITLES = names(fact_kinds(), ROLES)
SLOTS = '{day: ["06:00/12:00", "16:00/22:00"]}'


def events(plan: Plan, role: str = "village_committee", language: str = "en") -> list[Event]:
    return list(Calendar.from_ical(calendar(plan, role, TITLES, DAY, language)).walk("VEVENT"))


@pytest.fixture
def little(folder: Callable[..., Path]) -> Callable[[str], Plan]:
    """The little plan with other slots."""

    def plan(every: str = SLOTS, more: str = "") -> Plan:
        clauses = CLAUSES.replace(SLOTS, every).replace("until: isolation.ended", f"until: {more or 'isolation.ended'}")
        return load(folder({"clauses/1-all.yaml": clauses}), kinds=KINDS)

    return plan


@pytest.mark.parametrize("path", sorted(PLANS.glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_every_role_of_every_plan_has_a_calendar_with_its_duties(path: Path) -> None:
    plan = load(path.parent)

    for role in recurring_roles(plan):
        found = events(plan, role)
        owed = [duty for _clause, duty in plan.duties if duty.by == role and duty.every]
        assert len(found) >= len(owed)
        assert len({str(event["UID"]) for event in found}) == len(found)


def test_each_slot_is_an_event_that_comes_again_every_day(little: Callable[..., Plan]) -> None:
    morning, evening = events(little())

    assert (morning.start, morning.end) == (datetime(2020, 2, 10, 6, tzinfo=SHANGHAI), _at(10, 12))
    assert (evening.start, evening.end) == (_at(10, 16), _at(10, 22))
    assert morning["RRULE"].to_ical() == b"FREQ=DAILY;INTERVAL=1"
    assert str(morning["DTSTART"].params["TZID"]) == "Asia/Shanghai"


def test_a_slot_that_crosses_midnight_ends_on_the_next_day(little: Callable[..., Plan]) -> None:
    (night,) = events(little('{day: ["22:00/06:00"]}'))

    assert (night.start, night.end) == (_at(10, 22), _at(11, 6))


def test_an_interval_of_days_bounds_the_series(little: Callable[..., Plan]) -> None:
    morning, _ = events(little(more="{fact: isolation.ended, after: P14D}"))

    days = list(rrulestr(morning["RRULE"].to_ical().decode(), dtstart=morning.start))
    assert (len(days), days[-1]) == (14, _at(23, 6))


def test_days_after_the_start_are_listed_one_by_one(little: Callable[..., Plan]) -> None:
    (event,) = events(little('{day: ["06:00/12:00"], on: [1, 4, 7]}'))

    listed = event["RDATE"] if isinstance(event["RDATE"], list) else [event["RDATE"]]
    days = [event.start, *(moment.dt for dates in listed for moment in dates.dts)]
    assert days == [_at(11, 6), _at(14, 6), _at(17, 6)]
    assert "RRULE" not in event


@pytest.mark.parametrize(
    ("period", "repeats", "length"),
    [
        ("P1D", b"FREQ=DAILY;INTERVAL=1", timedelta(days=1)),
        ("P7D", b"FREQ=DAILY;INTERVAL=7", timedelta(days=7)),
        ("PT4H", b"FREQ=HOURLY;INTERVAL=4", timedelta(hours=4)),
        ("PT90M", b"FREQ=MINUTELY;INTERVAL=90", timedelta(minutes=90)),
    ],
)
def test_a_period_repeats_in_the_largest_step_that_fits(
    little: Callable[..., Plan], period: str, repeats: bytes, length: timedelta
) -> None:
    (event,) = events(little(f"{{period: {period}}}"))

    assert (event["RRULE"].to_ical(), event.end - event.start) == (repeats, length)


def test_an_entry_says_what_opens_it_who_owes_it_and_which_clause_asks(little: Callable[..., Plan]) -> None:
    morning, _ = events(little())

    assert str(morning["SUMMARY"]) == "Temperature morning and evening"
    assert "When: Isolation started" in morning["DESCRIPTION"]
    assert morning["DESCRIPTION"].endswith("试〔2020〕1号 二 (L-1)")


def test_a_second_export_replaces_the_first(little: Callable[..., Plan]) -> None:
    plan = little()

    assert calendar(plan, "village_committee", TITLES, DAY) == calendar(plan, "village_committee", TITLES, DAY)


def test_a_role_that_owes_nothing_again_and_again_has_an_empty_calendar(little: Callable[..., Plan]) -> None:
    plan = little()

    assert recurring_roles(plan) == ["village_committee"]
    assert events(plan, "township_clinic") == []


def test_times_are_those_of_the_plan_s_zone(folder: Callable[..., Path]) -> None:
    from unit.plan.conftest import PLAN

    plan = load(folder({"plan.yaml": PLAN + "timezone: Asia/Urumqi\n"}), kinds=KINDS)

    morning, _ = events(plan)

    assert morning.start.utcoffset() == timedelta(hours=6)
    assert b"TZID:Asia/Urumqi" in calendar(plan, "village_committee", TITLES, DAY)


def _at(day: int, hour: int) -> datetime:
    return datetime(2020, 2, day, hour, tzinfo=SHANGHAI)
