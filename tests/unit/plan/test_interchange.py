"""The interchange lines, byte by byte."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bulou.kernel.facts import read_fact
from bulou.plan.evaluate import ledger
from unit.plan.examples import rule_of

FACTS = """
{"id":"0197a","kind":"isolation.started","subject":"person:张","area":"450102","at":"2020-02-03T05:00:00+08:00","by":"unit:u","data":{},"supersedes":null}
{"id":"0197b","kind":"temperature.read","subject":"person:张","area":"450102","at":"2020-02-02T23:30:00Z","by":"unit:u","data":{"celsius":36.6},"supersedes":null}
{"id":"0197c","kind":"isolation.ended","subject":"person:张","area":"450102","at":"2020-02-03T16:30:00.250+08:00","by":"unit:u","data":{},"supersedes":null}
{"id":"0197d","kind":"isolation.started","subject":"person:张","area":"450102","at":"2020-02-03T18:00:00.000001+08:00","by":null}
"""
DUTIES = """\
{"duty":"p/once","subject":"person:张","opens_at":"2020-02-03T05:00:00+08:00","due_at":"2020-02-03T07:00:00+08:00","state":"late","discharged_by":"0197b"}
{"duty":"p/once","subject":"person:张","opens_at":"2020-02-03T18:00:00.000001+08:00","due_at":"2020-02-03T20:00:00.000001+08:00","state":"missed","discharged_by":null}
{"duty":"p/twice-daily","subject":"person:张","opens_at":"2020-02-03T06:00:00+08:00","due_at":"2020-02-03T12:00:00+08:00","state":"met","discharged_by":"0197b"}
{"duty":"p/twice-daily","subject":"person:张","opens_at":"2020-02-03T16:00:00+08:00","due_at":"2020-02-03T22:00:00+08:00","state":"void","discharged_by":null}
"""
TWICE = rule_of(
    "twice-daily",
    when="isolation.started",
    until="isolation.ended",
    every={"day": ["06:00/12:00", "16:00/22:00"]},
    must="temperature.read",
)
ONCE = rule_of("once", when="isolation.started", within="PT2H", must="temperature.read")
NOW = datetime.fromisoformat("2020-02-03T23:00:00+08:00")


def test_the_lines_are_these_bytes() -> None:
    facts = [read_fact(line) for line in FACTS.strip().splitlines()]

    written = "".join(line.to_json() + "\n" for line in ledger([TWICE, ONCE], facts, NOW))

    assert written == DUTIES


def test_lines_are_in_order_of_time_in_the_hour_the_clocks_repeat() -> None:
    opening = '{"id":"%s","kind":"isolation.started","subject":"person:张","area":"45","at":"2020-10-25T%s"}'
    facts = [read_fact(opening % given) for given in (("b", "02:10:00+01:00"), ("a", "02:50:00+02:00"))]

    lines = ledger(
        [rule_of("berlin", zone="Europe/Berlin", when="isolation.started", within="PT1H", must="a.b")],
        facts,
        NOW.replace(month=12),
    )

    assert [line.opens_at.isoformat()[11:] for line in lines] == ["02:50:00+02:00", "02:10:00+01:00"]


def test_instants_are_written_in_the_zone_asked_for() -> None:
    facts = [read_fact(line) for line in FACTS.strip().splitlines()[:1]]

    [line] = ledger([ONCE], facts, NOW, ZoneInfo("America/New_York"))

    assert '"opens_at":"2020-02-02T16:00:00-05:00"' in line.to_json()


def test_a_line_also_knows_what_opened_it_and_where() -> None:
    facts = [read_fact(line) for line in FACTS.strip().splitlines()]

    assert [(line.opened_by, line.area) for line in ledger([ONCE], facts, NOW)] == [
        ("0197a", "450102"),
        ("0197d", "450102"),
    ]


def test_an_adopted_plan_applies_only_where_it_is_adopted() -> None:
    facts = [read_fact(line) for line in FACTS.strip().splitlines()]

    assert ledger([ONCE], facts, NOW, adopted={"p": ["4501"]}) == ledger([ONCE], facts, NOW)
    assert ledger([ONCE], facts, NOW, adopted={"p": ["12"]}) == []
    assert ledger([ONCE], facts, NOW, adopted={}) == []
