"""One attempt at a job, from its beginning to what came of it. An attempt that is killed leaves nothing done twice.

A whole task and the word that it is done commit together: killed before, nothing happened and it begins anew; killed
after, the next attempt finds it done. A task of steps finds in `run.kept` how far it came.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.exchange.jobs.models import CANCELLED, DONE, ENDED, FAILED, QUEUED, RUNNING, Job, JobProgress
from bulou.exchange.jobs.registry import TASKS, Outcome
from bulou.exchange.jobs.run import CancelledError, Run, StoppedError, SupersededError
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

MOST = 5
"""Attempts at a job whose worker keeps dying before it is given up."""
logger = logging.getLogger(__name__)


def execute(id: UUID, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Do a job, unless it is over. What goes wrong with the job itself is kept with it and raises nothing.

    Raises StoppedError, or what the database said where it went away: the job waits again, to be taken up once more.
    """
    with everywhere():
        run = _begin(id, should_stop)
    if run is None:
        return
    try:
        _attempt(run)
    except SupersededError:
        logger.warning("job %s was taken up by another worker", id)
    except StoppedError:
        _settle(run, QUEUED, attempt=run.attempt - 1)
        raise
    except (OperationalError, InterfaceError):
        with suppress(DatabaseError, InterfaceError, SupersededError):
            _settle(run, QUEUED)
        raise
    finally:
        run.close()


def _attempt(run: Run) -> None:
    """The work, and how it ended."""
    try:
        _work(run)
    except (SupersededError, StoppedError, OperationalError, InterfaceError):
        raise
    except CancelledError:
        _settle(run, CANCELLED, ended_at=timezone.now())
    except BulouError as error:
        _fail(run, *error.problems)
    except Exception:
        logger.exception("job %s failed", run.id)
        _fail(run, _UNEXPECTED)


def _begin(id: UUID, should_stop: Callable[[], bool]) -> Run | None:
    """The next attempt; None where the job is over, to be cancelled, or cannot be begun."""
    job = Job.objects.select_for_update().filter(id=id).first()
    if job is None or job.state in ENDED:
        return None
    told = JobProgress.objects.get(job=job)
    now = timezone.now()
    account = Account.objects.filter(pk=job.account, is_active=True).first()
    problem = None if told.cancel_asked_at else _why_not(job, account)
    if told.cancel_asked_at or problem or account is None:
        job.state, job.ended_at = (FAILED if problem else CANCELLED), now
        job.problem = [problem.in_both()] if problem else None
        job.save(update_fields=["state", "ended_at", "problem"])
        return None
    job.state, job.attempt, job.started_at = RUNNING, job.attempt + 1, job.started_at or now
    job.save(update_fields=["state", "attempt", "started_at"])
    JobProgress.objects.filter(job=job).update(done=0, begun_at=now, seen_at=None)
    return Run(job, account, should_stop)


def _why_not(job: Job, account: Account | None) -> Problem | None:
    if job.task not in TASKS:
        return _UNKNOWN
    if account is None or not contains(account.area, job.area):
        return _NOT_ALLOWED
    return _GIVEN_UP if job.attempt >= MOST else None


def _work(run: Run) -> None:
    task = TASKS[run.task]
    if not task.whole:
        outcome = task.work(run, **run.args)
        with run.act():
            _finish(run, outcome)
        return
    with run.for_account():
        outcome = task.work(run, **run.args)
        _finish(run, outcome)


def _finish(run: Run, outcome: Outcome) -> None:
    """Say that it is done, in the transaction of the work. SupersededError undoes both."""
    counts = [[word.model_dump(), number] for word, number in outcome.counts]
    result = {"says": outcome.says.model_dump(), "counts": counts, "page": outcome.page, "key": outcome.key}
    _mark(run, DONE, result=result, ended_at=timezone.now())


def _fail(run: Run, *problems: Problem) -> None:
    _settle(run, FAILED, ended_at=timezone.now(), problem=[problem.in_both() for problem in problems])


def _settle(run: Run, state: str, **values: Any) -> None:
    with everywhere():
        _mark(run, state, **values)


def _mark(run: Run, state: str, **values: Any) -> None:
    mine = Job.objects.filter(id=run.id, attempt=run.attempt, state=RUNNING)
    if not mine.update(state=state, **values):
        raise SupersededError


_UNKNOWN = Problem(
    "job.unknown",
    Text(zh="这个版本没有这种任务。", en="This version knows no such job."),
    Text(zh="请升级后台程序，或重新提交。", en="Update the worker, or ask for it again."),
)
_NOT_ALLOWED = Problem(
    "job.not_allowed",
    Text(
        zh="提交任务的账号已停用，或不再管这个属地；没有执行。",
        en="The account that asked was closed, or no longer answers for this area; nothing was done.",
    ),
    Text(zh="请由现在负责的人重新提交。", en="Whoever is responsible now may ask for it again."),
)
_GIVEN_UP = Problem(
    "job.given_up",
    Text(
        zh=f"执行了 {MOST} 次都中途停止，已放弃；没有写入一半的数据。",
        en=f"Begun {MOST} times and never finished; given up. Nothing is half written.",
    ),
    Text(zh="请缩小范围再试，或查看后台日志。", en="Try a smaller part, or look into the worker's log."),
)
_UNEXPECTED = Problem(
    "job.unexpected",
    Text(
        zh="执行中出错，已撤回，没有写入一半的数据；原因在后台日志里。",
        en="Something went wrong and was undone; nothing is half written. The worker's log says why.",
    ),
    Text(zh="请再试一次；仍不行请联系管理员。", en="Try again; where it still fails, ask the administrator."),
)
