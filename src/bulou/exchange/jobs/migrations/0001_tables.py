"""Jobs and their progress, each seen within its area, and what the application may do with the queue's own tables."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import APP, open_to_all, protect

WHY = "a queue of the ids of jobs; what they are about is in job, which is protected"
QUEUE = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers")
SEQUENCES = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")
RIGHTS = [
    *protect("job"),
    *protect("job_progress"),
    *(statement for table in QUEUE for statement in open_to_all(table, WHY, delete=True)),
    *(f"GRANT USAGE ON SEQUENCE {sequence} TO {APP}" for sequence in SEQUENCES),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_rights"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("task", models.TextField()),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("account", models.UUIDField()),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("args", models.JSONField(default=dict)),
                ("state", models.TextField(default="queued")),
                ("attempt", models.IntegerField(default=0)),
                ("kept", models.JSONField(default=dict)),
                (
                    "queued_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
                ("problem", models.JSONField(null=True)),
            ],
            options={
                "db_table": "job",
                "indexes": [models.Index(fields=["account", "-queued_at"], name="job_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "running", "done", "failed", "cancelled"))),
                        name="job_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JobProgress",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        db_column="job",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="jobs.job",
                    ),
                ),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("cancel_asked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "job_progress"},
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
