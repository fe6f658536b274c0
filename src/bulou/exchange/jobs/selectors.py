"""Reads of jobs, within the session's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from bulou.directory.selectors.paging import beyond
from bulou.exchange.jobs.models import ENDED, RUNNING, Job
from bulou.kernel.text import Text

SURE = timedelta(seconds=3)
"""How long a job has to run before its end is foretold."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job. `eta`: when it will be done at its present pace, None where that cannot be said. Times are real.

    `says`, `counts`, `page` and `key` are its outcome's; `problems` why it failed.
    """

    id: UUID
    task: str
    title: Text
    area: str
    state: str
    attempt: int
    done: int
    total: int | None
    queued: datetime
    started: datetime | None
    ended: datetime | None
    eta: datetime | None
    is_cancelling: bool
    says: Text | None
    counts: Sequence[tuple[Text, int]]
    page: str
    key: str
    problems: Sequence[Text]

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """How much of it is done, 0 to 100; None where its size is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def left(self) -> timedelta | None:
        """How long it will still take; None where that cannot be said."""
        return max(self.eta - timezone.now(), timedelta()) if self.eta else None

    @property
    def took(self) -> timedelta | None:
        return self.ended - self.started if self.ended and self.started else None


def jobs(
    account: UUID, *, state: str = "", task: str = "", oldest: bool = False, after: str = "", limit: int = 50
) -> list[JobRow]:
    """A page of an account's jobs, the latest first unless `oldest`. At most two queries."""
    found = _all().filter(account=account)
    if state:
        found = found.filter(state=state)
    if task:
        found = found.filter(task=task)
    found = found.order_by(*(("queued_at", "id") if oldest else ("-queued_at", "-id")))
    return [_row(job) for job in beyond(found, "queued_at", after, oldest=oldest)[:limit]]


def job(id: UUID, account: UUID) -> JobRow | None:
    """One of an account's own jobs; None where it is another's or there is none. One query."""
    found = _all().filter(id=id, account=account).first()
    return _row(found) if found else None


def _all() -> QuerySet[Job]:
    return Job.objects.select_related("progress")


def _row(job: Job) -> JobRow:
    result: Mapping[str, Any] = job.result or {}
    told = job.progress
    return JobRow(
        id=job.id,
        task=job.task,
        title=Text(zh=job.title_zh, en=job.title_en),
        area=job.area,
        state=job.state,
        attempt=job.attempt,
        done=told.done,
        total=told.total,
        queued=job.queued_at,
        started=job.started_at,
        ended=job.ended_at,
        eta=_eta(job),
        is_cancelling=told.cancel_asked_at is not None and job.state not in ENDED,
        says=Text(**result["says"]) if result else None,
        counts=[(Text(**word), number) for word, number in result.get("counts", ())],
        page=result.get("page", ""),
        key=result.get("key", ""),
        problems=[Text(zh=one["zh"], en=one["en"]) for one in job.problem or ()],
    )


def _eta(job: Job) -> datetime | None:
    told = job.progress
    if job.state != RUNNING or not (told.total and told.done and told.begun_at and told.seen_at):
        return None
    passed = told.seen_at - told.begun_at
    left: timedelta = passed * max(told.total - told.done, 0) / told.done
    return told.seen_at + left if passed > SURE else None
