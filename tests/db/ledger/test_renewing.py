"""A database with facts brought to another version of the program: what follows from facts is derived anew, once."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from bulou.config import checks
from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import following, services, upgrades
from bulou.operations.resources import follower
from bulou.operations.resources.models import Holding

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HOLDINGS = following.name_of(follower.follow)


@pytest.fixture
def counted(make_unit: Callable[..., Unit]) -> list[tuple[str, int]]:
    """Two counts on record, and what was derived from them by a version that kept no note of it."""
    unit = make_unit("和平区医院", "120101", "hospital")
    with clock.at(NOW):
        for item, quantity in (("mask", 400), ("ventilator", 6)):
            data = {"item": item, "quantity": quantity}
            fact = Fact(str(new_id()), "stock.counted", f"unit:{unit.pk}", "120101", NOW, f"unit:{unit.pk}", data)
            assert services.record([fact]).created == 1
    return holdings()


def holdings() -> list[tuple[str, int]]:
    with everywhere():
        return list(Holding.objects.order_by("item").values_list("item", "quantity"))


def as_owner(statement: str) -> None:
    """What a migration would do, which the application may not."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(statement)
        cursor.execute("SET ROLE bulou_app")


def renew() -> list[str]:
    with clock.at(NOW):
        return services.renew()


def test_a_table_made_by_a_migration_is_filled_from_the_facts_there_are(counted: list[tuple[str, int]]) -> None:
    as_owner("DELETE FROM holding")
    assert holdings() == []

    assert HOLDINGS in renew()

    assert holdings() == counted == [("mask", 400), ("ventilator", 6)]


def test_what_was_derived_by_this_version_is_left_alone(counted: list[tuple[str, int]]) -> None:
    renew()
    as_owner("DELETE FROM holding")

    assert renew() == []

    assert holdings() == []


def test_a_new_version_of_one_follower_derives_its_tables_and_no_others(
    counted: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    renew()
    as_owner("UPDATE holding SET quantity = 0")
    monkeypatch.setitem(following._versions, follower.follow, 2)

    assert renew() == [HOLDINGS]

    assert holdings() == counted


def test_every_follower_has_a_name_of_its_own() -> None:
    names = [following.name_of(follow) for follow in following._followers]

    assert len(set(names)) == len(names) > 8


def test_the_check_names_what_another_version_derived(
    counted: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULOU_ROLE", "app")
    (before,) = checks.check_database(None, ["default"])

    renew()

    assert before.id == "bulou.E004"
    assert HOLDINGS in before.msg
    assert checks.check_database(None, ["default"]) == []


def test_without_facts_nothing_has_to_be_derived() -> None:
    assert upgrades.projections() == []


def test_the_check_names_the_steps_that_are_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "app")
    as_owner("DELETE FROM django_migrations WHERE app = 'ledger' AND name = '0007_projections'")

    (found,) = checks.check_database(None, ["default"])

    assert (found.id, found.hint) == ("bulou.E003", "Run `bulou db migrate`.")
    assert found.msg == "1 migrations are not applied: ledger 0007_projections."


def test_the_check_says_so_where_the_database_is_the_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULOU_ROLE", "app")
    as_owner("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', now())")

    (found,) = checks.check_database(None, ["default"])

    assert (found.id, found.hint) == ("bulou.E003", "Update the program.")
    assert "ledger 9999_later" in found.msg
