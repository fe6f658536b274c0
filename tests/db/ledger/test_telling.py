"""Who is told of a miss, and when: dated when it became true, the unit nearest above, and only while it is missed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.ledger import selectors, services
from bulou.ledger.engines import store
from bulou.plan.rules import Rule, Tell
from storm.exactness import DONE, ENDED, STARTED, VILLAGE, fact, local, rule

START = local("2020-02-01")
DUE = START + timedelta(hours=2)
TOLD_TWICE = (("PT2H", "county_command"), ("P1D", "city_command"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Notice(NamedTuple):
    """Whom the ledger told: role, unit and instant."""

    role: str
    unit: object
    at: datetime


@pytest.fixture
def opened(people: list[str], owners: dict[str, Unit]) -> Callable[..., str]:
    """`opened(rule)`: the rule in force, and somebody for whom it opened a duty due in two hours."""

    def make(made: Rule, **given: str) -> str:
        with clock.at(START):
            services.adopt([made], area="")
            services.record([fact(STARTED, people[0], START, **given)])
        return people[0]

    return make


def passing(at: datetime, *facts: Fact) -> None:
    with clock.at(at):
        if facts:
            services.record(facts)
        services.advance()


def notices() -> list[Notice]:
    with everywhere():
        return [Notice(*row) for row in store.query("SELECT role, unit, at FROM notice ORDER BY at, role")]


def lapses() -> list[tuple[datetime, datetime]]:
    with everywhere():
        return [(due, noticed) for due, noticed in store.query("SELECT due_at, noticed_at FROM lapse ORDER BY due_at")]


def test_a_lapse_is_written_once_and_dated_when_it_became_true(opened: Callable[..., str]) -> None:
    opened(rule(within="PT2H"))

    for look in (DUE, DUE + 5 * HOUR, DUE + 9 * HOUR):
        passing(look)

    assert lapses() == [(DUE, DUE + 5 * HOUR)]


def test_at_the_very_instant_it_is_due_nothing_has_lapsed(opened: Callable[..., str]) -> None:
    opened(rule(within="PT2H"))

    passing(DUE)
    assert lapses() == []
    passing(DUE + timedelta(microseconds=1))

    assert len(lapses()) == 1


def test_each_is_told_at_their_instant_however_late_the_pass(
    opened: Callable[..., str], owners: dict[str, Unit]
) -> None:
    opened(rule(within="PT2H", tell=TOLD_TWICE))

    passing(DUE + 2 * HOUR - timedelta(microseconds=1))
    assert notices() == []
    passing(DUE + 2 * HOUR)
    assert notices() == [Notice("county_command", owners["county_command"].id, DUE + 2 * HOUR)]
    passing(DUE + 3 * DAY)
    passing(DUE + 4 * DAY)

    assert notices()[1:] == [Notice("city_command", None, DUE + DAY)]


def test_one_who_slept_through_both_is_told_both(opened: Callable[..., str]) -> None:
    opened(rule(within="PT2H", tell=TOLD_TWICE))

    passing(DUE + 3 * DAY)

    assert [(notice.role, notice.at) for notice in notices()] == [
        ("county_command", DUE + 2 * HOUR),
        ("city_command", DUE + DAY),
    ]


def test_the_unit_nearest_above_is_told(opened: Callable[..., str], make_unit: Callable[..., Unit]) -> None:
    make_unit("天津市指挥部", "12", "county_command")
    town = make_unit("劝业场街道指挥部", "120101001", "county_command")
    make_unit("河东区指挥部", "120102", "county_command")
    opened(rule(within="PT2H", tell=TOLD_TWICE[:1]))

    passing(DUE + DAY)

    assert [notice.unit for notice in notices()] == [town.id]


def test_a_duty_done_late_but_before_the_time_is_told_to_nobody(opened: Callable[..., str]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))
    passing(DUE + HOUR)

    passing(DUE + DAY, fact(DONE, person, DUE + HOUR))

    assert notices() == []
    assert len(lapses()) == 1


def test_done_after_the_first_was_told_the_second_is_not(opened: Callable[..., str]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))
    passing(DUE + 3 * HOUR)

    passing(DUE + 2 * DAY, fact(DONE, person, DUE + 4 * HOUR))

    assert [notice.role for notice in notices()] == ["county_command"]


def test_missed_again_because_the_reading_was_withdrawn_they_are_told_after_all(opened: Callable[..., str]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))
    done = fact(DONE, person, DUE + HOUR)
    passing(DUE + HOUR)
    passing(DUE + HOUR, done)
    passing(DUE + 3 * HOUR)
    assert notices() == []

    passing(DUE + 2 * DAY, fact("fact.withdrawn", person, DUE + 5 * HOUR, {"reason": "mixed up"}, supersedes=done.id))

    assert [notice.role for notice in notices()] == ["county_command", "city_command"]
    assert len(lapses()) == 1


def test_nobody_is_told_twice(opened: Callable[..., str]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))
    passing(DUE + 3 * HOUR)
    done = fact(DONE, person, DUE + HOUR)
    passing(DUE + 4 * HOUR, done)

    passing(DUE + 5 * HOUR, fact("fact.withdrawn", person, DUE + 5 * HOUR, {"reason": "wrong"}, supersedes=done.id))
    passing(DUE + 2 * DAY)

    assert [notice.role for notice in notices()] == ["county_command", "city_command"]


def test_every_missed_slot_is_told_for_itself(opened: Callable[..., str]) -> None:
    opened(rule(slots=("06:00/12:00", "16:00/22:00"), tell=[("PT2H", "county_command")]))

    passing(START + 2 * DAY)

    assert [notice.at for notice in notices()] == [START + timedelta(hours=hours) for hours in (14, 24, 38, 48)]


def test_what_ended_before_it_was_due_is_told_to_nobody(opened: Callable[..., str]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))

    passing(DUE + 2 * DAY, fact(ENDED, person, START + HOUR))

    assert notices() == lapses() == []


def test_two_facts_at_one_instant_are_two_duties_and_one_lapse(opened: Callable[..., str], people: list[str]) -> None:
    made = rule(within="PT2H", until=None, tell=TOLD_TWICE)
    person = opened(made)
    passing(START, fact(STARTED, person, START, area="120101"))

    passing(DUE + 2 * DAY)

    with everywhere(), clock.at(DUE + 2 * DAY):
        assert [row.state for row in selectors.duties_of(person)] == ["missed", "missed"]
    assert len(lapses()) == 1
    assert len(notices()) == 2


def test_how_soon_goes_by_the_day_the_duty_was_opened(opened: Callable[..., str], people: list[str]) -> None:
    change = date(2020, 2, 3)
    sooner = (
        Tell(2 * HOUR, "county_command", valid_to=change),
        Tell(HOUR, "county_command", valid_from=change),
        Tell(DAY, "city_command"),
    )
    opened(replace(rule(within="PT2H"), tell=sooner))
    later = local("2020-02-03")
    passing(later, fact(STARTED, people[1], later))

    passing(later + 3 * DAY)

    assert [(notice.role, notice.at) for notice in notices()] == [
        ("county_command", DUE + 2 * HOUR),
        ("city_command", DUE + DAY),
        ("county_command", later + 3 * HOUR),
        ("city_command", later + 2 * HOUR + DAY),
    ]


def test_a_file_says_who_was_told(opened: Callable[..., str], owners: dict[str, Unit]) -> None:
    person = opened(rule(within="PT2H", tell=TOLD_TWICE))
    passing(DUE + 3 * HOUR)

    with everywhere(), clock.at(DUE + 3 * HOUR):
        (row,) = selectors.duties_of(person)
        why = selectors.why(row.key)

    assert why is not None
    assert [(told.role, told.unit, told.at) for told in why.told] == [
        ("county_command", owners["county_command"].id, DUE + 2 * HOUR)
    ]


def test_the_unit_s_own_duty_is_owed_by_itself(make_unit: Callable[..., Unit], areas: dict[str, object]) -> None:
    above, itself = (make_unit(name, area, "school") for name, area in (("区", "120101"), ("校", VILLAGE)))
    made = rule(within="PT2H", until=None, role="school", when=rule().when)
    opening = replace(made.when, kind="unit.designated")
    with clock.at(START):
        services.adopt([replace(made, when=opening)], area="")
        for unit in (above, itself):
            data = {"role": "school"}
            services.record([fact("unit.designated", f"unit:{unit.id}", START, data, area=VILLAGE)])

    with everywhere(), clock.at(START):
        owners = {row.subject: row.owner for unit in (above, itself) for row in selectors.duties_of(f"unit:{unit.id}")}

    assert owners == {f"unit:{unit.id}": unit.id for unit in (above, itself)}
