from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.periods import local_date, occurs, parse_period, parse_slot

NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT2H", timedelta(hours=2)),
        ("P14D", timedelta(days=14)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT12H30M15S", timedelta(days=1, hours=12, minutes=30, seconds=15)),
        ("PT0S", timedelta()),
    ],
)
def test_a_period_is_a_fixed_length_of_time(text: str, length: timedelta) -> None:
    assert parse_period(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "2H", "P1M", "P1Y", "PT1.5H", "-PT2H", "PT2H ", "P99999999999D"])
def test_a_period_without_fixed_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|longer"):
        parse_period(text)


def test_a_slot_is_a_window_of_the_local_day() -> None:
    opens, due = parse_slot("06:00/12:00").on(date(2020, 2, 3), SHANGHAI)

    assert (opens, due) == (utc("2020-02-02 22:00"), utc("2020-02-03 04:00"))


@pytest.mark.parametrize(
    ("slot", "due"),
    [("22:00/02:00", "2020-02-03 18:00"), ("22:00/24:00", "2020-02-03 16:00"), ("22:00/22:00", "2020-02-04 14:00")],
)
def test_a_slot_may_cross_midnight_or_end_at_it(slot: str, due: str) -> None:
    assert parse_slot(slot).on(date(2020, 2, 3), SHANGHAI)[1] == utc(due)


@pytest.mark.parametrize(
    "text", ["6:00/12:00", "06:00-12:00", "06:00", "25:00/26:00", "06:60/07:00", "24:00/06:00", "00:00/24:01"]
)
def test_what_is_not_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"slot|time of day|opens"):
        parse_slot(text)


def test_a_time_inside_a_spring_gap_counts_from_the_clock_before_it() -> None:
    opens, _ = parse_slot("02:30/12:00").on(date(2020, 3, 8), NEW_YORK)

    assert opens == utc("2020-03-08 07:30")


def test_a_time_that_comes_twice_in_autumn_is_the_first_of_the_two() -> None:
    opens, due = parse_slot("01:30/03:00").on(date(2020, 11, 1), NEW_YORK)

    assert (opens, due) == (utc("2020-11-01 05:30"), utc("2020-11-01 08:00"))


def test_the_local_date_is_that_of_the_zone() -> None:
    late = utc("2020-02-03 16:00")

    assert local_date(late, SHANGHAI) == date(2020, 2, 4)
    assert local_date(late, NEW_YORK) == date(2020, 2, 3)


@given(st.integers(0, 1439), st.integers(0, 1440), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_every_slot_opens_on_its_day_and_lasts_at_most_one(start: int, end: int, day: date) -> None:
    slot = parse_slot(f"{start // 60:02}:{start % 60:02}/{end // 60:02}:{end % 60:02}")

    opens, due = slot.on(day, SHANGHAI)

    assert local_date(opens, SHANGHAI) == day
    assert timedelta() < due - opens <= timedelta(days=1)


def test_a_date_left_out_when_islands_changed_sides_did_not_occur() -> None:
    samoa = ZoneInfo("Pacific/Apia")

    assert [day for day in (29, 30, 31) if not occurs(date(2011, 12, day), samoa)] == [30]
    assert occurs(date(2011, 12, 30), SHANGHAI)
