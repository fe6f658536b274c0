"""Records of jobs that ended long ago are forgotten; others stay."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from bulou.directory.scope import everywhere
from bulou.exchange.jobs import services
from bulou.exchange.jobs.models import Job, JobProgress
from bulou.kernel.ids import new_id


def make(days: float | None) -> Job:
    """A job that ended so many days ago, or has not ended."""
    ended = timezone.now() - timedelta(days=days) if days is not None else None
    state = "queued" if days is None else "done"
    job = Job.objects.create(
        task="x", title_zh="", title_en="", account=new_id(), area="1201", state=state, ended_at=ended
    )
    JobProgress.objects.create(job=job, area="1201")
    return job


def test_only_jobs_that_ended_long_ago_are_forgotten(db: Any) -> None:
    with everywhere():
        made = {days: make(days).id for days in (91, 89, None)}

    assert services.prune() == 1

    with everywhere():
        assert set(Job.objects.values_list("id", flat=True)) == {made[89], made[None]}
        assert JobProgress.objects.count() == 2


def test_how_long_is_a_setting(db: Any, settings: Any) -> None:
    settings.JOB_DAYS = 1
    with everywhere():
        make(2)

    assert services.prune() == 1
