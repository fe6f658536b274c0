"""Exports and what became of them: seen within their area, and only ever added to."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import protect

ACTS = ("queued", "approved", "refused", "made", "downloaded")


def id_field():
    return models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)


def now_field():
    return models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_rights"), ("jobs", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", id_field()),
                ("account", models.UUIDField()),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("list", models.TextField()),
                ("query", models.TextField(blank=True)),
                ("format", models.TextField()),
                ("purpose", models.TextField()),
                ("full", models.BooleanField(db_column="unmasked", default=False, help_text="numbers and addresses unmasked")),
                ("people", models.IntegerField()),
                ("needs_approval", models.BooleanField()),
                ("asked_at", now_field()),
            ],
            options={
                "db_table": "export",
                "indexes": [
                    models.Index(fields=["account", "-asked_at"], name="export_account"),
                    models.Index(fields=["-asked_at", "area"], name="export_asked"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportEvent",
            fields=[
                ("id", id_field()),
                (
                    "export",
                    models.ForeignKey(
                        db_column="export",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="exports.export",
                    ),
                ),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("at", now_field()),
                ("act", models.TextField()),
                ("account", models.UUIDField()),
                ("job", models.UUIDField(null=True)),
                ("rows", models.BigIntegerField(null=True)),
                ("people", models.BigIntegerField(null=True)),
                ("size", models.BigIntegerField(help_text="bytes", null=True)),
                ("digest", models.TextField(blank=True, help_text="SHA-256 of the file")),
                ("note", models.TextField(blank=True)),
                ("ip", models.GenericIPAddressField(null=True)),
            ],
            options={
                "db_table": "export_event",
                "indexes": [models.Index(fields=["export", "at"], name="export_event_export")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("act__in", ACTS)), name="export_act"),
                    models.UniqueConstraint(
                        condition=models.Q(("act__in", ("approved", "refused"))),
                        fields=("export",),
                        name="export_decided_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [*protect("export", update=False), *protect("export_event", update=False)], migrations.RunSQL.noop
        ),
    ]
