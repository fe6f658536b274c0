"""A job is asked for: with the data that caused it, in an account's name, within its area."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere, for_account
from bulou.exchange.jobs import selectors
from bulou.exchange.jobs.models import Job
from bulou.exchange.jobs.registry import TASKS, Task, task
from bulou.exchange.jobs.services import cancel, enqueue
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from conftest import AREAS

from .conftest import DONE

MakeTask = Callable[..., Task]


@pytest.fixture
def account(county: Unit, make_account: Callable[[str, Unit, str], Account]) -> Account:
    return make_account("command", county, "county_command")


@pytest.fixture
def counted(make_task: MakeTask) -> Task:
    return make_task(lambda run: DONE)


def queued() -> list[Any]:
    """What the queue holds: the task's name, its arguments and its lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args, lock FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


def test_a_job_that_is_asked_for_waits_in_the_queue(account: Account, counted: Task) -> None:
    with for_account(account):
        id = enqueue(counted, account=account, area="120101001", kind="school")
        row = selectors.job(id, account.pk)

    assert row
    assert (row.state, row.title.zh, row.area, row.done, row.total) == ("queued", "数人", "120101001", 0, None)
    assert (row.percent, row.left, row.took, row.is_over) == (None, None, None, False)
    assert queued() == [("bulou.job", f'{{"job": "{id}"}}', None)]


def test_the_queue_itself_holds_nothing_but_the_id(account: Account, counted: Task) -> None:
    enqueue(counted, account=account, area="120101", name="李某")

    assert "李某" not in str(queued())
    with everywhere():
        assert Job.objects.get().args == {"name": "李某"}


def test_a_job_goes_with_the_data_that_caused_it(account: Account, counted: Task) -> None:
    with for_account(account):
        with pytest.raises(RuntimeError), transaction.atomic():
            enqueue(counted, account=account, area="120101")
            raise RuntimeError
        assert selectors.jobs(account.pk) == []

    assert queued() == []


def test_a_job_may_say_more_than_its_task_and_wait_for_others_of_its_lock(account: Account, counted: Task) -> None:
    with for_account(account):
        id = enqueue(counted, account=account, area="120101", title=Text(zh="数全部", en="Count all"), lock="count")
        row = selectors.job(id, account.pk)

    assert row
    assert row.title.en == "Count all"
    assert queued()[0][2] == "count"


@pytest.mark.parametrize("area", sorted(set(AREAS) - {"120101", "120101001", "120101001001", "120101001002"}))
def test_a_job_outside_the_accounts_area_is_refused(area: str, account: Account, counted: Task) -> None:
    with for_account(account), pytest.raises(BulouError) as refused:
        enqueue(counted, account=account, area=area)

    assert refused.value.problems[0].code == "scope.outside"
    assert queued() == []


def test_a_job_is_its_accounts_own(
    account: Account, counted: Task, county: Unit, make_account: Callable[[str, Unit, str], Account]
) -> None:
    other = make_account("colleague", county, "county_command")
    with for_account(account):
        id = enqueue(counted, account=account, area="120101")
    with for_account(other):
        assert selectors.job(id, other.pk) is None
        assert selectors.jobs(other.pk) == []
        assert not cancel(id, by=other)
    with for_account(account):
        assert [row.id for row in selectors.jobs(account.pk)] == [id]
        assert selectors.job(uuid4(), account.pk) is None


def test_jobs_are_listed_latest_first_in_one_query(
    account: Account, counted: Task, django_assert_num_queries: Any
) -> None:
    with for_account(account):
        first, second = (enqueue(counted, account=account, area="120101") for _ in range(2))
        with django_assert_num_queries(1):
            rows = selectors.jobs(account.pk)

    assert [row.id for row in rows] == [second, first]


def test_a_job_that_waits_is_cancelled_at_once(account: Account, counted: Task) -> None:
    with for_account(account):
        id = enqueue(counted, account=account, area="120101")
        assert cancel(id, by=account)
        row = selectors.job(id, account.pk)

    assert row
    assert (row.state, row.is_over, row.is_cancelling) == ("cancelled", True, False)
    assert row.ended


def test_two_tasks_of_one_name_are_refused(counted: Task) -> None:
    with pytest.raises(ValueError, match="two tasks are called 'test-count'"):
        task("test-count", zh="数", en="Count")(lambda run: DONE)

    assert TASKS["test-count"] is counted
