"""Writes of jobs: ask for one, ask one to stop, forget old ones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from bulou.directory import scope
from bulou.directory.models import Account
from bulou.directory.services.refusals import outside
from bulou.exchange.jobs.models import CANCELLED, QUEUED, Job, JobProgress
from bulou.exchange.jobs.registry import Task
from bulou.kernel.areas import contains
from bulou.kernel.text import Text

QUEUE_TASK = "bulou.job"
"""The one task of the queue; it is told which job, and nothing else."""
_queue = JobManager(DjangoConnector())
"""Always on the caller's own connection, within a worker too: what asks for a job commits with it."""


def enqueue(
    task: Task, *, account: Account, area: str, title: Text | None = None, lock: str | None = None, **args: Any
) -> UUID:
    """Ask for a piece of work in an account's name; the id of its job.

    It commits with the transaction it is called in, and begins after. `args` are JSON values; `title` says more than
    the task's own; jobs of one `lock` run one after another. BulouError for an area that is not the account's.
    """
    if not contains(account.area, area):
        raise outside(area)
    said = title or task.title
    with scope.scope(area):
        job = Job.objects.create(
            task=task.name, title_zh=said.zh, title_en=said.en, account=account.pk, area=area, args=args
        )
        JobProgress.objects.create(job=job, area=area)
        configure_task(name=QUEUE_TASK, job_manager=_queue, lock=lock).defer(job=str(job.id))
    return job.id


def prune() -> int:
    """Delete the records of jobs that ended longer than `settings.JOB_DAYS` ago; how many."""
    oldest = timezone.now() - timedelta(days=settings.JOB_DAYS)
    with scope.everywhere():
        _, gone = Job.objects.filter(ended_at__lt=oldest).delete()
    return gone.get("jobs.Job", 0)


def cancel(id: UUID, *, by: Account) -> bool:
    """Ask one's own job to stop: a waiting one ends at once, a running one as soon as it looks. False for no such."""
    if not Job.objects.filter(id=id, account=by.pk).exists():
        return False
    now = timezone.now()
    JobProgress.objects.filter(job=id, cancel_asked_at=None).update(cancel_asked_at=now)
    Job.objects.filter(id=id, state=QUEUED).update(state=CANCELLED, ended_at=now)
    return True
