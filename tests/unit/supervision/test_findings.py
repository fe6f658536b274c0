"""The course of a finding: who closes it, what it is about, and by when it must be right."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.ledger.history import Event
from bulou.oversight.supervision.findings import Finding, closes, findings_of, meant, within

START = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
FINDER, OWNER, OTHER = (UUID(int=n) for n in (1, 2, 3))
NUMBER = "0197a000-0000-7000-8000-00000000000{}".format


def raised(n: int = 1, at: datetime = START, by: UUID | None = FINDER, **data: Any) -> Event:
    given = {"to": f"unit:{OWNER}", "severity": "serious", "words": "nobody at the gate"} | data
    return Event(NUMBER(n), "finding.raised", at, "120101001001", by, given)


def then(kind: str, hours: float, by: UUID | None = FINDER, **data: Any) -> Event:
    return Event(f"{kind}/{hours}", f"finding.{kind}", START + HOUR * hours, "120101001001", by, data)


def only(*events: Event, subject: str = f"finding:{NUMBER(1)}") -> Finding:
    (found,) = findings_of(subject, events)
    return found


def test_a_finding_says_whose_it_is_and_by_when() -> None:
    found = only(raised())

    assert (found.state, found.by, found.unit, found.severity) == ("raised", FINDER, OWNER, "serious")
    assert found.due_at == START + timedelta(days=1)


@pytest.mark.parametrize(("severity", "hours"), [("minor", 72), ("serious", 24), ("grave", 4), ("", 72)])
def test_how_grave_it_is_says_how_soon_unless_the_finder_does(severity: str, hours: int) -> None:
    assert within({"severity": severity}) == HOUR * hours
    assert within({"severity": severity, "within": "PT2H"}) == HOUR * 2


def test_put_right_is_not_closed_until_the_finder_has_looked() -> None:
    said = then("rectified", 2, OWNER, words="two guards since noon")

    assert only(raised(), said).state == "rectified"
    assert only(raised(), said).answer == "two guards since noon"
    assert only(raised(), said, then("verified", 3)).state == "closed"


@pytest.mark.parametrize("by", [OWNER, OTHER, None])
def test_what_anybody_else_says_closes_nothing_and_sends_nothing_back(by: UUID | None) -> None:
    said = then("rectified", 2, OWNER)

    assert only(raised(), said, then("verified", 3, by)).state == "rectified"
    assert only(raised(), said, then("returned", 3, by)).state == "rectified"


def test_what_is_not_right_is_owed_anew_within_a_day_at_most() -> None:
    found = only(raised(severity="minor"), then("rectified", 2, OWNER), then("returned", 5, words="gate open"))

    assert (found.state, found.returned, found.rectified_at) == ("returned", 1, None)
    assert found.due_at == START + HOUR * 29
    grave = only(raised(severity="grave"), then("rectified", 2, OWNER), then("returned", 5))
    assert grave.due_at == START + HOUR * 9


def test_what_a_unit_found_about_itself_another_closes() -> None:
    own = raised(by=OWNER)

    assert only(own, then("rectified", 1, OWNER), then("verified", 2, OWNER)).state == "rectified"
    assert only(own, then("rectified", 1, OWNER), then("verified", 2, OTHER)).state == "closed"


def test_a_finding_about_a_unit_is_that_units_to_put_right() -> None:
    found = only(raised(to=None), subject=f"unit:{OWNER}")

    assert (found.unit, found.about) == (OWNER, f"unit:{OWNER}")


def test_several_about_one_unit_are_told_apart_by_name_or_clause() -> None:
    both = [raised(1, clause="A"), raised(2, START + HOUR, clause="B")]

    named = findings_of("unit:x", [*both, then("rectified", 2, OWNER, finding=NUMBER(2))])
    by_clause = findings_of("unit:x", [*both, then("rectified", 2, OWNER, clause="A")])

    assert [one.state for one in named] == ["raised", "rectified"]
    assert [one.state for one in by_clause] == ["rectified", "raised"]
    assert len(meant(findings_of("unit:x", both), {})) == 2


def test_reminders_are_counted_and_what_is_passed_on_keeps_its_decision() -> None:
    found = only(
        raised(),
        then("reminded", 3),
        then("reminded", 5),
        then("escalated", 30, ground="not_rectified"),
        Event("d", "accountability.decided", START + HOUR * 40, "120101001001", OTHER, {"measure": "warning"}),
    )

    assert (found.reminded, found.reminded_at) == (2, START + HOUR * 5)
    assert (found.escalated_at, found.measure) == (START + HOUR * 30, "warning")


def test_the_order_in_which_facts_come_does_not_matter() -> None:
    events = [raised(), then("rectified", 2, OWNER), then("returned", 3), then("rectified", 4, OWNER)]

    assert only(*events) == only(*reversed(events))
    assert only(*events).turn == "rectified/4"


def test_after_it_is_closed_nothing_moves_it() -> None:
    closed = [raised(), then("rectified", 2, OWNER), then("verified", 3)]

    assert only(*closed, then("rectified", 4, OWNER), then("reminded", 5)) == only(*closed)
    assert closes(only(*closed), FINDER)
