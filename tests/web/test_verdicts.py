"""What speaks against an entry, the first reason that fits, decided from what is known."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.directory.models import Account
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.text import Text
from bulou.ledger.selectors import DutyRow, FactRow
from bulou.web.field.rulings import FOR_COMMAND, WHY
from bulou.web.field.sync.entries import Entry
from bulou.web.field.sync.tickets import Ticket
from bulou.web.field.sync.timing import Stamp, since_ticket, true_time
from bulou.web.field.sync.verdicts import Verdict, verdict

ME, COLLEAGUE, UNIT, OTHER_UNIT, FACT = (UUID(int=number) for number in range(1, 6))
AT = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)
AREA = "120101001001"
SUBJECT = f"person:{UUID(int=9)}"
ENTRY = Entry(
    id=UUID(int=7),
    place=0,
    ticket=Ticket(ME, UNIT, AREA, UUID(int=8), AT),
    duty=f"plan~duty~{SUBJECT}~0",
    subject=SUBJECT,
    area=AREA,
    opens_at=AT,
    kind="temperature.read",
    entered={"celsius": "36.8"},
    failed=(),
    at=AT,
    phone_at=AT,
    digest=b"",
)
MINE: dict[str, Any] = {"celsius": 36.8}
ROW = DutyRow(
    key=ENTRY.duty,
    duty="plan/duty",
    plan="plan",
    clause="P-1",
    cites="",
    title=Text(zh="测温", en="Temperature"),
    no_miss="isolation",
    subject=SUBJECT,
    area=AREA,
    opens_at=AT,
    due_at=AT + timedelta(hours=4),
    state="open",
    must="temperature.read",
    role="village_committee",
    owner=UNIT,
    doable=True,
)


def account(*, active: bool = True, unit: UUID = UNIT) -> Account:
    return Account(id=ME, username="me", unit_id=unit, is_active=active)


def fact(celsius: float, supersedes: UUID | None = None) -> FactRow:
    return FactRow(FACT, "temperature.read", SUBJECT, AREA, AT, None, {"celsius": celsius}, supersedes, AT, True)


@pytest.mark.parametrize(
    ("who", "row", "others", "expected"),
    [
        (account(), ROW, [], Verdict()),
        (account(), ROW, [(fact(36.8), COLLEAGUE)], Verdict()),
        (account(), ROW, [(fact(37.9), ME)], Verdict()),
        (account(), ROW, [(fact(37.9), COLLEAGUE)], Verdict("other", FACT)),
        (account(), ROW, [(fact(37.9), None)], Verdict("other", FACT)),
        (account(), ROW, [(fact(37.9, UUID(int=6)), ME)], Verdict("corrected", FACT)),
        (account(), ROW, [(fact(36.8, UUID(int=6)), ME)], Verdict()),
        (account(), replace(ROW, state="void"), [], Verdict("closed")),
        (account(), replace(ROW, state="waived"), [(fact(37.9), COLLEAGUE)], Verdict("closed", FACT)),
        (account(), replace(ROW, state="missed"), [], Verdict()),
        (account(), replace(ROW, owner=OTHER_UNIT), [], Verdict("handed")),
        (account(), replace(ROW, owner=None), [], Verdict("handed")),
        (account(), None, [], Verdict("gone")),
        (account(unit=OTHER_UNIT), ROW, [], Verdict("moved")),
        (account(active=False), None, [], Verdict("revoked")),
        (account(active=False), ROW, [(fact(37.9), COLLEAGUE)], Verdict("revoked", FACT)),
        (None, ROW, [], Verdict("revoked")),
    ],
)
def test_the_first_reason_that_fits_is_given(
    who: Account | None, row: DutyRow | None, others: list[Any], expected: Verdict
) -> None:
    assert verdict(ENTRY, MINE, who, row, others) == expected


def test_every_reason_is_said_and_where_ones_standing_is_at_issue_the_command_decides() -> None:
    assert {"revoked", "moved", "gone", "handed", "closed", "corrected", "other"} == WHY.keys()
    assert set(FOR_COMMAND) < WHY.keys()


NOW = AT + timedelta(hours=1)


def stamp(minutes: float, skew: float = 0, run: str = "1") -> Stamp:
    """What a phone shows so many minutes after six, its clock off by `skew` minutes."""
    return Stamp((AT.timestamp() + (minutes + skew) * 60) * 1000, minutes * 60_000, run)


@pytest.mark.parametrize("skew", [0, 1440, -1440, 7])
@pytest.mark.parametrize("run", ["1", "2"])
def test_a_constant_error_of_the_clock_cancels_both_ways(skew: float, run: str) -> None:
    made = stamp(20, skew)

    assert true_time(made, stamp(60, skew, run), now=NOW, ticket=AT) == AT + timedelta(minutes=20)
    assert since_ticket(made, stamp(0, skew, run), now=NOW, ticket=AT) == AT + timedelta(minutes=20)


@pytest.mark.parametrize(("jump", "expected"), [(600, AT), (-600, NOW)])
def test_a_clock_that_jumps_moves_an_entry_no_further_than_ticket_and_arrival(jump: float, expected: datetime) -> None:
    assert true_time(stamp(20), stamp(60, jump, "2"), now=NOW, ticket=AT) == expected


def test_what_was_made_before_its_list_by_the_clock_was_made_with_it() -> None:
    assert since_ticket(stamp(-30, run="2"), stamp(0), now=NOW, ticket=AT) == AT


@pytest.mark.parametrize(
    "raw", [None, {}, {"clock": "1", "steady": 1, "run": ""}, {"clock": 1e20, "steady": 0, "run": ""}]
)
def test_a_stamp_that_is_none_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match=r"stamp|milliseconds"):
        Stamp.of(raw)
