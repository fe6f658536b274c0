"""Courses longer than a segment, slots of every sort, and days that are not 24 hours long: exact at every look."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bulou.directory.models import Unit
from bulou.kernel import clock
from bulou.ledger import services
from bulou.ledger.engines import store
from bulou.plan.rules import Rule
from storm.exactness import DONE, ENDED, STARTED, fact, follow, local, rule, stay

DAY = timedelta(days=1)
START = local("2020-02-01") + timedelta(hours=5, minutes=30)
TWICE = ("06:00/12:00", "16:00/22:00")


def moments(rnd: random.Random, days: float, number: int = 4) -> list[datetime]:
    """A few instants in the course of so many days and a little after, round and odd."""
    at = sorted(rnd.sample(range(int(days * 24) + 30), number - 1))
    return [START + timedelta(hours=hours, seconds=rnd.choice([0, 0, 1])) for hours in at] + [START + (days + 3) * DAY]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("made", "days"),
    [
        pytest.param(rule(slots=TWICE, late="PT2H"), 200, id="twice-daily-for-200-days"),
        pytest.param(rule(period="PT1H", late="PT20M"), 9, id="hourly"),
        pytest.param(rule(period="PT15M"), 2.5, id="every-quarter"),
        pytest.param(rule(slots=TWICE, on=[1, 4, 7, 14, 90, 200]), 210, id="days-far-apart"),
        pytest.param(rule(slots=("22:00/02:00", "00:00/24:00", "20:00/24:00")), 70, id="across-midnight"),
        pytest.param(rule(slots=("08:00/10:00", "08:00/12:00"), late="P2D"), 40, id="opening-together-late-for-days"),
        pytest.param(rule(slots=TWICE, until=None, after="P100D"), 120, id="ended-by-time-alone"),
    ],
)
def test_a_long_course_is_exact_whenever_the_clock_looks(
    made: Rule, days: float, seed: int, people: list[str], owners: dict[str, Unit]
) -> None:
    rnd = random.Random(seed)
    facts = [
        *stay(rnd, people[0], START, days, readings=60),
        *stay(rnd, people[1], START + timedelta(hours=7), days / 2, readings=30),
    ]

    assert follow([made], facts, moments(rnd, days), rnd) > 5


@pytest.mark.parametrize("spring_or_autumn", ["2020-03-06", "2020-10-30"])
@pytest.mark.parametrize("seed", range(2))
def test_days_of_23_and_of_25_hours_are_exact(spring_or_autumn: str, seed: int, people: list[str]) -> None:
    zone, rnd = "America/New_York", random.Random(seed)
    rules = [
        rule("made/slots", zone=zone, slots=("00:00/12:00", "16:00/22:00"), late="PT1H"),
        rule("made/night", zone=zone, slots=("22:00/06:00", "00:00/24:00")),
        rule("made/gap", zone=zone, slots=("02:30/03:30", "03:00/04:00", "01:30/02:30")),
        rule("made/on", zone=zone, slots=("01:00/03:00",), on=[1, 2, 3]),
        rule("made/period", zone=zone, period="P1D", late="PT5H"),
        rule("made/once", zone=zone, within="P3D"),
    ]
    start = local(spring_or_autumn, zone) + timedelta(minutes=rnd.choice([0, 150, 1400]))
    facts = [fact for person in people for fact in stay(rnd, person, start, 5, readings=30)]
    looks = [start + timedelta(hours=hours) for hours in sorted(rnd.sample(range(120), 5))] + [start + 9 * DAY]

    assert follow(rules, facts, looks, rnd) > 50


def test_an_interval_that_begins_inside_the_missing_hour_is_exact(people: list[str]) -> None:
    zone = "America/New_York"
    made = rule(zone=zone, slots=("02:30/05:00", "03:00/06:00"))
    jump = local("2020-03-08", zone) + timedelta(hours=2)
    starts = [
        fact(STARTED, person, jump + offset) for person, offset in zip(people, (-DAY / 144, DAY / 96), strict=True)
    ]

    assert follow([made], starts, [jump - DAY / 2, jump + DAY / 48, jump + 3 * DAY], random.Random(0)) > 4


def test_a_fact_two_years_old_opens_all_that_was_due_since(people: list[str]) -> None:
    old = START - 2 * 365 * DAY
    facts = [
        fact(STARTED, people[0], old),
        fact(DONE, people[0], old + DAY / 3),
        fact(ENDED, people[0], old + 20 * DAY),
    ]

    assert follow([rule(slots=TWICE)], facts, [START], random.Random(0)) == 40


def test_only_the_months_of_the_facts_get_a_partition(people: list[str]) -> None:
    with clock.at(START):
        services.record([fact(DONE, people[0], START), fact(DONE, people[0], START - 3650 * DAY)])

    made = {name for (name,) in store.query("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")}
    assert {"fact_2020_01", "fact_2010_02"} <= made
    assert "fact_2015_01" not in made


def slots() -> int:
    return int(store.query("SELECT count(*) FROM rule_slot")[0][0])


def test_a_wrong_year_costs_no_calendar_where_it_opens_nothing(people: list[str]) -> None:
    dated = replace(rule().variants[0], valid_from=date(2020, 1, 1), slots=rule(slots=TWICE).variants[0].slots)
    with clock.at(START):
        services.adopt([replace(rule(), variants=(dated,))], area="")
        services.record([fact(STARTED, people[0], START)])
        before = slots()

        services.record([fact(DONE, people[0], START - 6000 * DAY), fact(ENDED, people[0], START - 6000 * DAY)])
        assert slots() == before
        services.record([fact(STARTED, people[1], START - 6000 * DAY)])

        assert slots() < before + 100


def test_a_level_that_comes_and_goes_cuts_a_long_course_into_pieces(people: list[str]) -> None:
    made = rule(slots=TWICE, level="II")
    levels = [
        fact("response.level_set", "area:12", START + n * 17 * DAY, {"level": level}, area="12")
        for n, level in enumerate(["I", "IV", "II", "none", "I"])
    ]
    rnd = random.Random(3)

    assert follow([made], [*levels, *stay(rnd, people[0], START - DAY, 90, readings=40)], moments(rnd, 90), rnd) > 60
