"""One person on two files, found to be one, is counted once: in duties, lists, numbers and hands; and apart again."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from bulou.custody import selectors as custody
from bulou.directory.models import Account, Unit
from bulou.exchange.imports import selectors, services
from bulou.exchange.imports.models import ImportBatch, ImportDoubt
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger import services as writing
from bulou.ledger import verification
from bulou.no_miss.treatment import selectors as treatment
from histories import trial_rules

from .conftest import NOON, VILLAGE, Scope

Bring = Callable[..., ImportBatch]
HEAD = ["姓名", "身份证号", "手机", "出生日期", "属地"]
DAY, SIX = date(2020, 2, 10), datetime(2020, 2, 10, 6, tzinfo=SHANGHAI)
RULES = [rule for rule in trial_rules() if rule.id in ("trial/daily", "trial/once")]


@pytest.fixture
def by(county: Unit, make_account: Any) -> UUID:
    account: Account = make_account("clerk", county, "county_command")
    return account.pk


def happen(what: str, subject: str, day: int, hour: int = 5, /, **data: Any) -> str:
    at = datetime(2020, 2, day, hour, tzinfo=SHANGHAI)
    supersedes = data.pop("supersedes", None)
    fact = Fact(str(new_id()), what, subject, VILLAGE, at, None, data, supersedes)
    assert writing.record([fact]).refused == ()
    return fact.id


@pytest.fixture
def doubt(bring: Bring, scope: Scope, village: Unit) -> ImportDoubt:
    """Two files of one name and phone, both isolated on the 8th; each was measured at another time."""
    for name in ("张晓明", "张小明"):
        bring("people", [HEAD, [name, "", "19900000001", "", VILLAGE]])
    with scope("120101"):
        (found,) = selectors.open_doubts()
    writing.adopt(RULES, area="12")
    for person in (found.person, found.other):
        happen("isolation.started", f"person:{person}", 8, kind="home")
    happen("temperature.read", f"person:{found.other}", 9, 8, celsius=36.6)
    happen("temperature.read", f"person:{found.person}", 10, 8, celsius=36.7)
    writing.advance()
    return found


def counted(scope: Scope) -> tuple[int, int, set[str]]:
    """Duties of the day, their number on the board, and whom they are about."""
    with scope("120101"):
        rows = ledger.duties(VILLAGE, DAY).rows
        board = ledger.board(VILLAGE, DAY)
        total = sum(column.today.total for column in board.columns)
    return len(rows), total, {row.subject for row in rows}


def decide(doubt: ImportDoubt, scope: Scope, by: UUID, decision: str = "same") -> Any:
    with scope("120101"):
        if decision == "anew":
            return services.decide_anew(doubt, by=by)
        return services.decide(doubt, decision, by=by)


def test_who_was_on_two_files_is_counted_once_with_what_happened_to_both(
    doubt: ImportDoubt, scope: Scope, by: UUID
) -> None:
    both = {f"person:{doubt.person}", f"person:{doubt.other}"}
    assert counted(scope) == (2, 2, both)

    assert decide(doubt, scope, by).told == 2

    assert counted(scope) == (1, 1, {f"person:{doubt.other}"})
    with scope("120101"):
        (morning,) = [row for row in ledger.duties_of(f"person:{doubt.other}") if row.opens_at == SIX]
        facts = [fact.kind for fact in ledger.facts_of(f"person:{doubt.other}") if fact.effective]
    assert morning.state == "met", "by what was recorded on the newer file"
    assert sorted(facts).count("temperature.read") == 2


def test_taken_back_they_are_two_again_and_joined_again_one(doubt: ImportDoubt, scope: Scope, by: UUID) -> None:
    before = counted(scope)
    for _ in range(2):
        decide(doubt, scope, by)
        assert counted(scope)[:2] == (1, 1)
        decide(doubt, scope, by, "anew")
        assert counted(scope) == before


def test_an_illness_of_the_newer_file_is_the_older_one_s_and_goes_back(
    doubt: ImportDoubt, scope: Scope, by: UUID
) -> None:
    episode = f"episode:{new_id()}"
    happen("episode.confirmed", episode, 9, disease="covid-19-2020", person=f"person:{doubt.person}", case_no="TJ1")

    def patient() -> str:
        with scope("120101"):
            (case,) = treatment.cases(datetime(2020, 2, 10, 12, tzinfo=SHANGHAI))
        return str(case.person)

    decide(doubt, scope, by)
    assert patient() == f"person:{doubt.other}"
    decide(doubt, scope, by, "anew")
    assert patient() == f"person:{doubt.person}"


def test_what_was_corrected_on_the_newer_file_stays_corrected(doubt: ImportDoubt, scope: Scope, by: UUID) -> None:
    wrong = happen("temperature.read", f"person:{doubt.person}", 10, 9, celsius=39.0)
    happen("temperature.read", f"person:{doubt.person}", 10, 9, celsius=36.5, supersedes=wrong)

    decide(doubt, scope, by)

    with scope("120101"):
        told = [fact.data["celsius"] for fact in ledger.facts_of(f"person:{doubt.other}") if "celsius" in fact.data]
        left = [fact.kind for fact in ledger.facts_of(f"person:{doubt.person}") if fact.effective]
    assert sorted(told) == [36.5, 36.6, 36.7]
    assert set(left) == {"fact.withdrawn"}


def test_one_person_is_in_one_pair_of_hands(doubt: ImportDoubt, scope: Scope, by: UUID, village: Unit) -> None:
    for person in (doubt.person, doubt.other):
        happen("person.enrolled", f"person:{person}", 9, category="close_contact")

    decide(doubt, scope, by)

    with scope("120101"):
        assert set(custody.holders([doubt.person, doubt.other])) == {doubt.other}


def test_the_ledger_stands_as_derived_anew(doubt: ImportDoubt, scope: Scope, by: UUID) -> None:
    decide(doubt, scope, by)
    decide(doubt, scope, by, "anew")
    decide(doubt, scope, by)

    with scope(""):
        assert verification.verify(RULES, writing.adopted(), NOON)[1] == []
