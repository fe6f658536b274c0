"""Saved views and acts on many rows, each seen within its area."""

import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import protect


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_rights")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("account", models.UUIDField()),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("list", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("shared", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "saved_view",
                "indexes": [models.Index(fields=["list", "area"], name="saved_view_list")],
            },
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("unit", models.UUIDField()),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("list", models.CharField(max_length=40)),
                ("act", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("rows", models.JSONField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "bulk_act",
                "indexes": [models.Index(fields=["account", "at"], name="bulk_act_account")],
            },
        ),
        migrations.RunSQL([*protect("saved_view", delete=True), *protect("bulk_act")], migrations.RunSQL.noop),
    ]
