"""A job runs: as its account, seen while it runs, stopped when asked, and never half done nor done twice."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Account, Person, Unit
from bulou.directory.scope import everywhere, for_account
from bulou.exchange.jobs import run as run_module
from bulou.exchange.jobs import selectors
from bulou.exchange.jobs.models import Job, JobProgress
from bulou.exchange.jobs.registry import Outcome, Task
from bulou.exchange.jobs.run import Run, StoppedError
from bulou.exchange.jobs.running import MOST, execute
from bulou.exchange.jobs.services import enqueue
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

from .conftest import DONE

pytestmark = pytest.mark.django_db(transaction=True)
MakeTask = Callable[..., Task]
Ask = Callable[..., UUID]


@pytest.fixture
def account(village: Unit, make_account: Callable[[str, Unit, str], Account]) -> Account:
    return make_account("worker", village, "village_committee")


@pytest.fixture
def ask(account: Account, make_task: MakeTask) -> Ask:
    """`ask(work)`: a job of that work, asked for by the account."""

    def asked(work: Callable[..., Outcome], *, whole: bool = True, **args: Any) -> UUID:
        with for_account(account):
            return enqueue(make_task(work, whole=whole), account=account, area=account.area, **args)

    return asked


def row(id: UUID) -> selectors.JobRow:
    with everywhere():
        found = selectors.job(id, Job.objects.get(id=id).account)
    assert found
    return found


def looks() -> list[str]:
    with everywhere():
        return list(AccessLog.objects.order_by("at", "purpose").values_list("purpose", flat=True))


def look(run: Run, purpose: str) -> None:
    """Something a job does that shows whether it was done, and how often."""
    directory.access_record("view", by=run.account, area=run.area, purpose=purpose)


def test_a_job_sees_what_its_account_sees_and_no_more(ask: Ask) -> None:
    with everywhere():
        for area in ("120101001001", "120101001002", "450103"):
            Person.objects.create(name=area, area_id=area)
    seen: list[str] = []

    def work(run: Run) -> Outcome:
        seen.extend(Person.objects.values_list("name", flat=True))
        return DONE

    execute(ask(work))

    assert seen == ["120101001001"]


def test_a_job_runs_by_the_business_clock_and_in_the_accounts_language(ask: Ask, account: Account) -> None:
    instant = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)
    directory.clock_set(instant)
    Account.objects.filter(pk=account.pk).update(language="en")
    found: list[object] = []

    def work(run: Run) -> Outcome:
        found.extend([clock.now(), translation.get_language()])
        return DONE

    execute(ask(work))

    assert found == [instant, "en"]


def test_what_came_of_a_job_is_kept(ask: Ask) -> None:
    outcome = Outcome(Text(zh="建档2人", en="2 made"), ((Text(zh="新建", en="Created"), 2),), page="people", key="x")

    def work(run: Run, *, n: int) -> Outcome:
        assert n == 2
        return outcome

    id = ask(work, n=2)
    execute(id)

    found = row(id)
    assert (found.state, found.says, found.page, found.key) == ("done", outcome.says, "people", "x")
    assert list(found.counts) == list(outcome.counts)
    assert found.took is not None
    assert found.attempt == 1


def test_a_job_that_is_done_is_not_done_again(ask: Ask) -> None:
    id = ask(lambda run: look(run, "once") or DONE)

    execute(id)
    execute(id)

    assert looks() == ["once"]


def test_progress_is_seen_while_the_jobs_own_transaction_runs(ask: Ask, elsewhere: Callable[..., Any]) -> None:
    seen: list[Any] = []

    def work(run: Run) -> Outcome:
        look(run, "not yet committed")
        run.progress(30, 100, now=True)
        seen.append(elsewhere("SELECT done, total FROM job_progress"))
        seen.append(elsewhere("SELECT state FROM job"))
        seen.append(elsewhere("SELECT count(*) FROM access_log"))
        return DONE

    execute(ask(work))

    assert seen == [(30, 100), ("running",), (0,)]
    assert looks() == ["not yet committed"]


def test_progress_is_told_now_and_then_and_not_with_every_row(
    ask: Ask, elsewhere: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "BREATH", 3600.0)
    seen: list[Any] = []

    def work(run: Run) -> Outcome:
        for n in (1, 2, 3):
            run.progress(n, 3)
        seen.append(elsewhere("SELECT done FROM job_progress"))
        return DONE

    execute(ask(work))

    assert seen == [(1,)]


def test_the_end_is_foretold_at_the_present_pace(ask: Ask) -> None:
    id = ask(lambda run: DONE)
    now = timezone.now()
    with everywhere():
        Job.objects.filter(id=id).update(state="running", started_at=now - timedelta(seconds=30))
        JobProgress.objects.update(done=25, total=100, begun_at=now - timedelta(seconds=20), seen_at=now)

    found = row(id)

    assert found.percent == 25
    assert found.eta == now + timedelta(seconds=60)
    assert found.left
    assert found.left <= timedelta(seconds=60)


def test_a_running_job_ends_where_it_is_asked_to_and_leaves_nothing(ask: Ask, elsewhere: Callable[..., Any]) -> None:
    def work(run: Run) -> Outcome:
        look(run, "undone")
        elsewhere("UPDATE job_progress SET cancel_asked_at = now()")
        run.progress(1, now=True)
        return DONE

    id = ask(work)
    execute(id)

    assert row(id).state == "cancelled"
    assert looks() == []


def test_a_job_asked_to_end_before_it_begins_never_begins(ask: Ask, elsewhere: Callable[..., Any]) -> None:
    id = ask(lambda run: look(run, "begun") or DONE)
    elsewhere("UPDATE job_progress SET cancel_asked_at = now()")

    execute(id)

    assert (row(id).state, looks()) == ("cancelled", [])


def test_a_refusal_is_told_in_both_languages_and_undoes_the_work(ask: Ask) -> None:
    def work(run: Run) -> Outcome:
        look(run, "undone")
        raise BulouError.of("test.bad", "表头不对。", "The header is wrong.", where="1")

    id = ask(work)
    execute(id)

    found = row(id)
    assert found.state == "failed"
    assert list(found.problems) == [Text(zh="1: 表头不对。", en="1: The header is wrong.")]
    assert looks() == []


def test_what_nobody_expected_is_logged_and_told_without_its_details(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    def work(run: Run) -> Outcome:
        look(run, "undone")
        raise RuntimeError("secret")

    id = ask(work)
    with caplog.at_level(logging.ERROR):
        execute(id)

    assert row(id).state == "failed"
    assert "secret" not in str(row(id).problems)
    assert "secret" in caplog.text
    assert looks() == []


@pytest.mark.parametrize("change", ["closed", "moved"])
def test_a_job_whose_account_may_no_longer_is_refused(
    change: str, ask: Ask, account: Account, make_unit: Callable[..., Unit]
) -> None:
    id = ask(lambda run: look(run, "done") or DONE)
    away = {"closed": {"is_active": False}, "moved": {"unit": make_unit("next", "120101001002")}}
    Account.objects.filter(pk=account.pk).update(**away[change])

    execute(id)

    found = row(id)
    assert found.state == "failed"
    assert "没有执行" in found.problems[0].zh
    assert looks() == []


def test_a_job_of_a_task_this_version_does_not_know_is_refused(ask: Ask) -> None:
    id = ask(lambda run: DONE)
    with everywhere():
        Job.objects.update(task="gone")

    execute(id)

    assert "This version" in row(id).problems[0].en


def test_a_job_nobody_knows_of_is_nothing() -> None:
    execute(UUID(int=1))


def test_a_job_that_never_finishes_is_given_up(ask: Ask) -> None:
    id = ask(lambda run: DONE)
    with everywhere():
        Job.objects.update(state="running", attempt=MOST)

    execute(id)

    assert row(id).state == "failed"
    assert f"Begun {MOST} times" in row(id).problems[0].en


def test_an_attempt_that_was_taken_up_by_another_undoes_itself(ask: Ask, elsewhere: Callable[..., Any]) -> None:
    def work(run: Run) -> Outcome:
        look(run, f"attempt {run.attempt}")
        if run.attempt == 1:
            elsewhere("UPDATE job SET attempt = 2")
        return DONE

    id = ask(work)
    execute(id)
    assert (row(id).state, looks()) == ("running", [])

    execute(id)
    assert (row(id).state, looks()) == ("done", ["attempt 3"])


def test_a_worker_told_to_end_gives_the_job_back(ask: Ask) -> None:
    def work(run: Run) -> Outcome:
        look(run, "undone")
        run.progress(1, now=True)
        return DONE

    id = ask(work)
    with pytest.raises(StoppedError):
        execute(id, lambda: True)

    assert (row(id).state, row(id).attempt, looks()) == ("queued", 0, [])


def test_a_job_whose_database_went_away_waits_to_be_begun_again(ask: Ask) -> None:
    def work(run: Run) -> Outcome:
        raise OperationalError("server closed the connection")

    id = ask(work)
    with pytest.raises(OperationalError):
        execute(id)

    assert (row(id).state, row(id).attempt) == ("queued", 1)


class TestATaskOfSteps:
    def test_goes_on_from_what_it_kept(self, ask: Ask) -> None:
        def work(run: Run) -> Outcome:
            for n in range(run.kept.get("next", 0), 4):
                with run.act():
                    look(run, f"{n}")
                    run.keep(next=n + 1)
                if run.attempt == 1 and n == 1:
                    raise OperationalError("gone")
            return DONE

        id = ask(work, whole=False)
        with pytest.raises(OperationalError):
            execute(id)
        assert looks() == ["0", "1"]

        execute(id)
        assert (row(id).state, looks()) == ("done", ["0", "1", "2", "3"])

    def test_does_no_step_once_another_took_it_up(self, ask: Ask, elsewhere: Callable[..., Any]) -> None:
        def work(run: Run) -> Outcome:
            elsewhere("UPDATE job SET attempt = 2")
            with run.act():
                look(run, "twice")
            return DONE

        id = ask(work, whole=False)
        execute(id)

        assert (row(id).state, looks()) == ("running", [])

    def test_keeps_its_finished_steps_when_it_is_cancelled(self, ask: Ask, elsewhere: Callable[..., Any]) -> None:
        def work(run: Run) -> Outcome:
            with run.act():
                look(run, "first")
            elsewhere("UPDATE job_progress SET cancel_asked_at = now()")
            run.progress(1, 2, now=True)
            return DONE

        id = ask(work, whole=False)
        execute(id)

        assert (row(id).state, looks()) == ("cancelled", ["first"])
