"""A scope is held by the database, nests, and ends with its block."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Area, Person, Unit
from bulou.directory.scope import everywhere, for_account, nowhere

MakeAccount = Callable[[str, Unit, str], Account]
Scope = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def people(areas: dict[str, Area]) -> None:
    with everywhere():
        for code in ("120101001001", "120102", "450103"):
            Person.objects.create(name=code, area_id=code)


def seen() -> list[str]:
    return list(Person.objects.order_by("area").values_list("area", flat=True))


@pytest.mark.usefixtures("people")
def test_without_a_scope_nobody_is_seen() -> None:
    assert seen() == []


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("", ["120101001001", "120102", "450103"]),
        ("12", ["120101001001", "120102"]),
        ("120101", ["120101001001"]),
        ("120102", ["120102"]),
        ("120103", []),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_scope_shows_its_area_and_everything_in_it(scope: Scope, area: str, expected: list[str]) -> None:
    with scope(area):
        assert seen() == expected


@pytest.mark.usefixtures("people")
def test_leaving_a_scope_restores_the_outer_one(scope: Scope) -> None:
    with scope("45"):
        with scope("1201"):
            assert len(seen()) == 2
        with nowhere():
            assert seen() == []
        assert seen() == ["450103"]
    assert seen() == []


@pytest.mark.usefixtures("people")
def test_a_failure_inside_a_scope_does_not_widen_what_follows(scope: Scope) -> None:
    with scope("45"):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), scope("12"):
            raise ZeroDivisionError
        with pytest.raises(ProgrammingError), transaction.atomic(), scope("12"):
            connection.cursor().execute("SELECT nonsense")

        assert seen() == ["450103"]


@pytest.mark.usefixtures("people")
def test_nobody_can_be_written_into_or_moved_out_of_an_area_outside_the_scope(scope: Scope) -> None:
    with scope("12"):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.create(name="甲", area_id="450103")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.filter(area="120102").update(area="450103")

        assert Person.objects.filter(area="450103").update(name="乙") == 0


@pytest.mark.usefixtures("people")
def test_an_account_sees_its_units_area(county: Unit, make_account: MakeAccount) -> None:
    account = make_account("duty-officer", county, "county_command")

    with for_account(account) as set_to:
        assert seen() == ["120101001001"]
    assert set_to is None
    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_scope_outside_a_transaction_opens_one_and_ends_with_it(areas: dict[str, Area], scope: Scope) -> None:
    with scope("12"):
        assert connection.in_atomic_block
        Person.objects.create(name="甲", area_id="12")

    assert not connection.in_atomic_block
    assert seen() == []
    with scope("12"):
        assert seen() == ["12"]


@pytest.mark.django_db(transaction=True)
def test_an_accounts_scope_and_clock_cost_one_query(county: Unit, make_account: MakeAccount) -> None:
    account = make_account("duty-officer", county, "county_command")

    with CaptureQueriesContext(connection) as queries, for_account(account):
        pass

    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "SELECT", "COMMIT"]
