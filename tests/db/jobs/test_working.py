"""The worker does what is in the queue, and takes up what a dead one left."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere, for_account
from bulou.exchange.jobs import working
from bulou.exchange.jobs.models import Job
from bulou.exchange.jobs.registry import Outcome, Task
from bulou.exchange.jobs.run import Run
from bulou.exchange.jobs.services import enqueue

from .conftest import DONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(county: Unit, make_account: Callable[[str, Unit, str], Account]) -> Account:
    return make_account("command", county, "county_command")


def work() -> None:
    """What is in the queue, until it is empty. In a thread: a browser of other tests may have its loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, working.work(wait=False)).result()


def states() -> list[tuple[UUID, str]]:
    with everywhere():
        return list(Job.objects.order_by("queued_at").values_list("id", "state"))


def test_the_worker_does_what_is_in_the_queue_and_empties_it(
    account: Account, make_task: Callable[..., Task], elsewhere: Callable[..., Any]
) -> None:
    counted = make_task(lambda run: DONE)
    ids = []
    for _ in range(3):
        with for_account(account):
            ids.append(enqueue(counted, account=account, area="120101"))

    work()

    assert states() == [(id, "done") for id in ids]
    assert elsewhere("SELECT count(*) FROM procrastinate_jobs") == (0,)
    assert elsewhere("SELECT count(*) FROM procrastinate_workers") == (0,)


def test_a_job_may_ask_for_another_and_both_go_together(account: Account, make_task: Callable[..., Task]) -> None:
    second = make_task(lambda run: DONE, "test-second")

    def ask(run: Run) -> Outcome:
        enqueue(second, account=run.account, area=run.area)
        return DONE

    def ask_and_fail(run: Run) -> Outcome:
        enqueue(second, account=run.account, area=run.area)
        raise RuntimeError

    for made in (make_task(ask, "test-first"), make_task(ask_and_fail, "test-broken")):
        with for_account(account):
            enqueue(made, account=account, area="120101")

    work()

    assert sorted(state for _, state in states()) == ["done", "done", "failed"]


def test_the_jobs_of_a_dead_worker_are_taken_up(
    account: Account, make_task: Callable[..., Task], elsewhere: Callable[..., Any]
) -> None:
    with for_account(account):
        id = enqueue(make_task(lambda run: DONE), account=account, area="120101")
    elsewhere("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    elsewhere("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)")

    work()

    assert states() == [(id, "done")]


def test_the_jobs_of_a_living_worker_are_left_to_it(
    account: Account, make_task: Callable[..., Task], elsewhere: Callable[..., Any]
) -> None:
    with for_account(account):
        id = enqueue(make_task(lambda run: DONE), account=account, area="120101")
    elsewhere("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour')")
    elsewhere("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)")

    work()

    assert states() == [(id, "queued")]


def test_a_job_whose_database_went_away_goes_back_into_the_queue(
    account: Account, make_task: Callable[..., Task], elsewhere: Callable[..., Any]
) -> None:
    def gone(run: Run) -> Outcome:
        raise OperationalError("gone")

    with for_account(account):
        id = enqueue(make_task(gone), account=account, area="120101")

    work()

    assert states() == [(id, "queued")]
    assert elsewhere("SELECT status::text, scheduled_at IS NOT NULL FROM procrastinate_jobs") == ("todo", True)


def test_a_worker_that_ends_when_nothing_is_left_lets_a_long_job_come_to_its_end(
    account: Account, make_task: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "GRACE", 0.0)

    def long(run: Run) -> Outcome:
        for n in range(300):
            run.progress(n, now=True)
        return DONE

    with for_account(account):
        enqueue(make_task(long), account=account, area="120101")

    work()

    assert [state for _, state in states()] == ["done"]
