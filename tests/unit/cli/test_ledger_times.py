"""Instants on the terminal: in the zone people live in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bulou.cli.ledger import local

NOON = datetime(2020, 2, 10, 4, 0, tzinfo=UTC)


def test_an_instant_is_said_in_the_zone_of_its_plan() -> None:
    assert local(NOON, ZoneInfo("Asia/Urumqi")) == "2020-02-10T10:00:00+06:00"


def test_of_several_plans_the_first_says_the_zone() -> None:
    assert local(NOON, None, ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Urumqi")) == "2020-02-10T13:00:00+09:00"


def test_without_a_plan_it_is_chinas() -> None:
    assert local(NOON) == "2020-02-10T12:00:00+08:00"
    assert local(NOON, None) == "2020-02-10T12:00:00+08:00"
