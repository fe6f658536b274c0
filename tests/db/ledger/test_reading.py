"""What pages read: the board from tallies, lists page by page, a unit's own list. Every number has its rows."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.ledger import selectors, services
from bulou.ledger.rows import Counts, DutyRow
from bulou.plan.rules import Trigger
from storm.exactness import DONE, STARTED, fact, local, rule, stay

START = local("2020-02-01") + timedelta(hours=5)
NOW = START + timedelta(days=4, hours=5)
TODAY = date(2020, 2, 5)
VILLAGES = ("120101001001", "120101001002", "120102", "450103")
STATES = ("open", "met", "late", "missed", "void", "waived")
RULES = [
    rule("made/twice", slots=("06:00/12:00", "16:00/22:00"), late="PT1H"),
    rule("made/once", within="PT30H", no_miss="", clause="M-2", must=Trigger("medic.assessed")),
    rule("made/cdc", within="PT72H", no_miss="control", clause="M-3", role="cdc"),
    rule("made/county", period="P1D", no_miss="control", clause="M-3", role="county_command"),
]


@pytest.fixture(autouse=True)
def ledger(areas: dict[str, object], owners: dict[str, Unit]) -> Iterator[None]:
    """Twelve people in four places of two provinces, some ended, some waived, and a little of it not yet folded."""
    rnd = random.Random(7)
    with everywhere():
        made = [Person.objects.create(name=str(n), area_id=VILLAGES[n % 4], synthetic=True) for n in range(12)]
    facts = []
    for number, person in enumerate(made):
        subject, days = f"person:{person.id}", rnd.choice([1.3, 2.5, 9])
        for event in stay(rnd, subject, START + timedelta(hours=number), days, readings=6):
            facts.append(fact(event.kind, subject, event.at, dict(event.data), area=person.area_id))
        waiver = {"duty": "made/once", "reason": "in hospital", "approved_by": "unit:2"}
        waiver["opens_at"] = (START + timedelta(hours=number)).isoformat()
        if number % 5 == 0:
            facts.append(fact("duty.waived", subject, NOW, waiver, area=person.area_id, by="unit:1"))
    with clock.at(NOW - timedelta(hours=20)):
        services.adopt(RULES, area="")
        services.record(facts[::2], allow_future=True)
        services.advance()
    with clock.at(NOW):
        services.advance()
        services.record(facts[1::2], allow_future=True)
        yield


def rows(area: str = "", **wanted: object) -> list[DutyRow]:
    """All duties of an area, counted the slow way."""
    with everywhere():
        people = [f"person:{id}" for id in Person.objects.values_list("id", flat=True)]
        found = [row for person in people for row in selectors.duties_of(person) if row.area.startswith(area)]
    return [row for row in found if all(getattr(row, name) == value for name, value in wanted.items())]


def due_on(row: DutyRow) -> date:
    return (row.due_at - timedelta(microseconds=1)).astimezone(clock.SHANGHAI).date()


def counted(found: list[DutyRow]) -> Counts:
    states = Counter(row.state for row in found)
    unowned = sum(row.state in ("open", "missed") and row.owner is None for row in found)
    return Counts(**{state: states[state] for state in STATES}, unowned=unowned)


def keys(found: list[DutyRow]) -> list[str]:
    return sorted(row.key for row in found)


@pytest.mark.parametrize("area", ["", "12", "1201", "120101", "120101001", "120101001002", "45"])
@pytest.mark.parametrize("day", [TODAY, date(2020, 2, 2)])
def test_the_board_counts_what_there_is_in_the_area_and_in_its_parts(area: str, day: date) -> None:
    with scope(area):
        board = selectors.board(area, day)

    assert board.as_of == NOW
    for column in board.columns:
        here = rows(area, no_miss=column.no_miss)
        assert column.ever == counted(here), column.no_miss
        assert column.today == counted([row for row in here if due_on(row) == day]), column.no_miss
    for child in board.children:
        here = rows(child.area)
        assert child.ever == counted(here)
        assert child.total == counted([row for row in here if due_on(row) == day])
        assert sum(child.by_no_miss.values(), Counts()) == child.total


def test_a_board_shows_only_what_the_scope_holds() -> None:
    with scope("45"):
        board = selectors.board("12", TODAY)

    assert sum(column.ever.total for column in board.columns) == 0


def test_folding_changes_no_number() -> None:
    with everywhere():
        before = selectors.board("12", TODAY)
        services.advance()
        assert selectors.board("12", TODAY) == before


def test_clauses_are_counted_alike() -> None:
    for area in ("12", "120101001", ""):
        with everywhere():
            ever, today = selectors.clause_counts("made", area), selectors.clause_counts("made", area, TODAY)
        for clause in ("M-1", "M-2", "M-3"):
            here = rows(area, clause=clause)
            assert ever[clause] == counted(here)
            assert today.get(clause, Counts()) == counted([row for row in here if due_on(row) == TODAY])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 80), area=st.sampled_from(["", "12", "120101001", "45"]), unowned=st.booleans())
def test_leafing_through_the_misses_meets_each_exactly_once(limit: int, area: str, unowned: bool) -> None:
    found: list[DutyRow] = []
    after: str | None = None
    with everywhere():
        while True:
            page = selectors.misses(area, unowned=unowned, after=after, limit=limit)
            assert len(page.rows) == limit or page.next is None
            found += page.rows
            after = page.next
            if after is None:
                break

    here = rows(area)
    unowed = [row for row in here if row.state in ("open", "missed") and row.owner is None]
    assert keys(found) == keys(unowed if unowned else [row for row in here if row.state == "missed"])
    assert [row.area for row in found] == sorted(row.area for row in found)


@pytest.mark.parametrize("state", [None, *STATES])
@pytest.mark.parametrize("day", [None, TODAY, date(2020, 2, 3)])
def test_the_rows_behind_a_number_are_as_many_as_it_says(state: str | None, day: date | None) -> None:
    wanted = {"state": state} if state else {}
    for narrowed in ({"no_miss": "control"}, {"clause": "M-1"}, {"no_miss": ""}, {}):
        with everywhere():
            page = selectors.duties("12", day, state=state, limit=500, **narrowed)

        here = [row for row in rows("12", **wanted, **narrowed) if day is None or due_on(row) == day]
        assert keys(page.rows) == keys(here)
        assert page.next is None


def test_misses_of_one_duty() -> None:
    with everywhere():
        found = selectors.misses("12", duty="made/twice", no_miss="isolation", clause="M-1", limit=500).rows

    assert keys(found) == keys(rows("12", duty="made/twice", state="missed"))
    assert found != []


@pytest.mark.parametrize("cursor", ["", "x", "1.2", "1.2.-3", "12.99999999999999999999.0", "a.b.c"])
def test_a_cursor_that_is_none_begins_at_the_beginning(cursor: str) -> None:
    with everywhere():
        assert selectors.misses("12", after=cursor) == selectors.misses("12")


def test_a_unit_s_list_is_what_it_owes_now_and_today(owners: dict[str, Unit]) -> None:
    for role, unit in owners.items():
        with everywhere():
            found = selectors.my_list(unit.id, NOW)

        mine = [row for row in rows() if row.owner == unit.id]
        recurs = {"made/twice", "made/county"}
        wanted = [
            row
            for row in mine
            if row.state == "open" or due_on(row) == TODAY or (row.state == "missed" and row.duty not in recurs)
        ]
        assert keys(found) == keys(wanted), role
        assert [row.due_at for row in found] == sorted(row.due_at for row in found)


def test_nobody_owes_what_no_unit_has_the_role_for() -> None:
    assert {row.owner for row in rows(duty="made/cdc")} == {None}
    assert {row.owner for row in rows("45")} == {None}
    assert None not in {row.owner for row in rows("120101001001", duty="made/twice")}


def test_a_stranger_s_list_is_empty() -> None:
    with everywhere():
        assert selectors.my_list(UUID(int=7), NOW) == []


def test_what_can_still_be_done_is_marked(make_unit: Callable[..., Unit]) -> None:
    for row in rows():
        recurring = row.duty == "made/twice"
        late = row.due_at + timedelta(hours=1 if recurring else 0)
        undone = row.state in ("open", "missed")
        assert row.doable == (undone and (row.duty in ("made/once", "made/cdc") or late >= NOW)), row


def test_a_file_holds_every_fact_and_says_which_count(people: list[str]) -> None:
    reading = fact(DONE, people[0], START)
    later = fact(DONE, people[0], NOW + timedelta(hours=1))
    withdrawn = fact("fact.withdrawn", people[0], NOW, {"reason": "typed wrongly"}, supersedes=reading.id)
    services.record([reading, withdrawn, later, fact(STARTED, people[1], START)], allow_future=True)

    with everywhere():
        found = selectors.facts_of(people[0])

    assert [(str(row.id), row.effective) for row in found] == [(withdrawn.id, True), (reading.id, False)]
    assert found[1].data == {"celsius": 36.6}
    assert str(found[0].supersedes) == reading.id


@pytest.mark.parametrize("key", ["", "a~b~c", "a~b~c~d", "made~once~person:1~99999999999999999999", "~~~0"])
def test_what_is_no_key_names_no_duty(key: str) -> None:
    with everywhere():
        assert selectors.duty(key) is None
        assert selectors.why(key) is None


def test_every_row_is_found_by_its_key() -> None:
    for row in rows("120102"):
        with everywhere():
            found = selectors.duty(row.key)
        assert found is not None
        assert found[0] == row
