"""What is asked of the machine, how far it is, and what came of it.

What changes while a job's own transaction runs, and must be seen meanwhile, lies in a row of its own: the transaction
never touches it, so nobody waits.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id

QUEUED, RUNNING, DONE, FAILED, CANCELLED = STATES = ("queued", "running", "done", "failed", "cancelled")
ENDED = (DONE, FAILED, CANCELLED)


class Job(models.Model):
    """One piece of work, asked for by an account about an area. Times are real, whatever the business clock says.

    `args`: what the task is given. `kept`: how far a task of several steps has come for good. `attempt`: how often it
    was begun. `result`, `problem`: what came of it, as `outcome` writes them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.TextField()
    title_zh = models.TextField()
    title_en = models.TextField()
    account = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    args = models.JSONField(default=dict)
    state = models.TextField(default=QUEUED)
    attempt = models.IntegerField(default=0)
    kept = models.JSONField(default=dict)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    problem = models.JSONField(null=True)

    class Meta:
        app_label = "jobs"
        db_table = "job"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(state__in=STATES), name="job_state")]
        indexes: ClassVar = [
            # Serves: the jobs of an account, the latest first.
            models.Index(fields=["account", "-queued_at"], name="job_account"),
        ]


class JobProgress(models.Model):
    """How far a job is in its present attempt, and whether somebody asked it to stop."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="progress", db_column="job")
    area = models.CharField(max_length=15, db_collation="C")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "jobs"
        db_table = "job_progress"
