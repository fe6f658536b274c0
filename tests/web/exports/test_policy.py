"""Who may take out what: roles, purposes, a second person, and who is told what was taken."""

from collections.abc import Callable
from typing import Any

import pytest

from bulou.directory.models import AccessLog, Account
from bulou.directory.roles import ROLES
from bulou.directory.scope import everywhere, for_account
from bulou.exchange.exports import policy, selectors, services
from bulou.exchange.exports.models import Export, ExportEvent
from bulou.exchange.jobs.models import Job
from bulou.kernel.errors import BulouError

from .conftest import do

Ask = Callable[..., Export]
MakeAccount = Callable[..., Account]


@pytest.fixture
def colleague(county: Any, make_account: MakeAccount) -> Account:
    return make_account("colleague", county, "county_command")


@pytest.fixture
def above(make_unit: Any, make_account: MakeAccount) -> Account:
    return make_account("city", make_unit("天津市指挥部", "12", "city_command"), "city_command")


@pytest.fixture
def few(settings: Any) -> None:
    """One person is as many as one may take out alone."""
    settings.EXPORT_APPROVAL = 1


def code_of(refused: Any) -> str:
    return str(refused.value.problems[0].code)


def events(export: Export) -> list[str]:
    with everywhere():
        return list(ExportEvent.objects.filter(export=export).order_by("at").values_list("act", flat=True))


def state(export: Export) -> str:
    with everywhere():
        row = selectors.export(export.id)
    assert row
    return row.state


@pytest.mark.parametrize("role", sorted(ROLES))
def test_whoever_works_in_a_village_or_one_institution_takes_nothing_out(role: str) -> None:
    on_foot = ROLES[role].tier in ("village", "place")

    assert policy.may_export(Account(role=role)) is not on_foot
    assert not (on_foot and policy.may_unmask(Account(role=role)))


@pytest.mark.parametrize("role", ["grid_worker", "village_committee", "resident", ""])
def test_a_grid_worker_is_refused_and_nothing_is_recorded(
    role: str, world: Any, ask: Ask, make_account: MakeAccount
) -> None:
    account = make_account("foot", world.village, role)

    with pytest.raises(BulouError) as refused:
        ask(account)

    assert code_of(refused) == "export.forbidden"
    with everywhere():
        assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"purpose": ""}, "export.purpose"),
        ({"purpose": " "}, "export.purpose"),
        ({"format": "pdf"}, "export.format"),
        ({"list": "nonsense"}, "export.list"),
        ({"area": "120102"}, "scope.outside"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_made(given: dict[str, str], code: str, world: Any, ask: Ask) -> None:
    with pytest.raises(BulouError) as refused:
        ask(world.commander, **given)

    assert code_of(refused) == code
    with everywhere():
        assert not Job.objects.exists()


def test_only_some_roles_take_numbers_out_in_full(world: Any, ask: Ask, make_account: MakeAccount) -> None:
    teacher = make_account("teacher", world.county, "education_bureau")

    ask(teacher)
    with pytest.raises(BulouError) as refused:
        ask(teacher, full=True)

    assert code_of(refused) == "export.full"


def test_who_took_what_for_what_is_on_record(world: Any, ask: Ask) -> None:
    export = ask(world.commander, query="sex=male&find=甲", purpose="report")
    do(export)

    with everywhere():
        look = AccessLog.objects.get(act="export")
        row = selectors.export(export.id)
    assert (look.account, look.purpose) == (world.commander.pk, "people sex=male&find=甲: report")
    assert row
    assert (row.who, row.list, row.query, row.people, row.rows, row.purpose) == (
        "command · 和平区指挥部",
        "people",
        "sex=male&find=甲",
        1,
        1,
        "report",
    )
    assert events(export) == ["queued", "made"]


def test_above_the_number_nothing_is_made_before_a_second_person_agrees(
    few: None, world: Any, ask: Ask, colleague: Account
) -> None:
    export = ask(world.commander)
    assert (export.people, export.needs_approval, state(export), events(export)) == (2, True, "waiting", [])
    with everywhere():
        assert not Job.objects.exists()

    with for_account(colleague):
        assert services.decide(export, by=colleague, approve=True, note="ok")
    job = do(export)

    assert job.account == world.commander.pk
    assert (job.state, state(export)) == ("done", "ready")
    assert events(export) == ["approved", "queued", "made"]


def test_nobody_agrees_to_their_own(few: None, world: Any, ask: Ask) -> None:
    export = ask(world.commander)

    with for_account(world.commander), pytest.raises(BulouError) as refused:
        services.decide(export, by=world.commander, approve=True)

    assert code_of(refused) == "export.not_yours"
    assert state(export) == "waiting"


def test_one_of_an_area_above_may_agree_and_one_of_another_may_not(
    few: None, world: Any, ask: Ask, above: Account, make_unit: Any, make_account: MakeAccount
) -> None:
    beside = make_account("beside", make_unit("河东区指挥部", "120102", "county_command"), "county_command")
    below = make_account("below", make_unit("劝业场街道", "120101001", "town_command"), "town_command")
    export = ask(world.commander)

    for other in (beside, below, world.grid_worker):
        with for_account(other), pytest.raises(BulouError):
            services.decide(export, by=other, approve=True)
    with for_account(above):
        assert services.decide(export, by=above, approve=True)

    assert state(export) == "working"


def test_the_first_word_stands(few: None, world: Any, ask: Ask, colleague: Account, above: Account) -> None:
    export = ask(world.commander)
    with for_account(colleague):
        assert services.decide(export, by=colleague, approve=False, note="why so many")
    with for_account(above):
        assert not services.decide(export, by=above, approve=True)

    assert (state(export), events(export)) == ("refused", ["refused"])


def test_a_file_that_grew_beyond_the_number_is_not_made(world: Any, ask: Ask, settings: Any) -> None:
    export = ask(world.commander)
    settings.EXPORT_APPROVAL = 1

    job = do(export)

    assert job.state == "failed"
    assert job.problem[0]["code"] == "export.second"
    assert events(export) == ["queued"]


def test_rows_about_no_person_need_nobody(few: None, world: Any, ask: Ask) -> None:
    assert not ask(world.commander, "units").needs_approval


def test_whoever_lost_the_right_meanwhile_gets_no_file(world: Any, ask: Ask) -> None:
    export = ask(world.commander)
    Account.objects.filter(pk=world.commander.pk).update(role="village_committee")

    assert do(export).problem[0]["code"] == "export.no_longer"


def test_what_waits_is_shown_to_others_and_not_to_whoever_asked(
    few: None, world: Any, ask: Ask, colleague: Account
) -> None:
    export = ask(world.commander)

    with for_account(colleague):
        assert [row.id for row in selectors.exports(but=colleague.pk, undecided=True)] == [export.id]
        services.decide(export, by=colleague, approve=False)
        assert selectors.exports(but=colleague.pk, undecided=True) == []
    with for_account(world.commander):
        assert selectors.exports(but=world.commander.pk, undecided=True) == []


def test_lists_of_exports_take_a_fixed_number_of_queries(world: Any, ask: Ask, django_assert_num_queries: Any) -> None:
    for _ in range(4):
        ask(world.commander)

    with for_account(world.commander), django_assert_num_queries(4):
        assert len(selectors.exports()) == 4
