"""What phones brought, and what was ruled on it: added to, never changed."""

import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import protect

ROWS = [*protect("field_entry", update=False), *protect("field_ruling", update=False)]


class Migration(migrations.Migration):
    dependencies = [("web", "0001_lists")]
    operations = [
        migrations.CreateModel(
            name="FieldRuling",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("entry", models.UUIDField(unique=True)),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("ruling", models.CharField(max_length=40)),
                ("account", models.UUIDField()),
                ("note", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "field_ruling"},
        ),
        migrations.CreateModel(
            name="FieldEntry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("device", models.UUIDField()),
                ("account", models.UUIDField()),
                ("unit", models.UUIDField()),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("duty", models.TextField()),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("data", models.JSONField()),
                ("at", models.DateTimeField()),
                ("phone_at", models.DateTimeField()),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="empty where it was stored as a fact", max_length=40),
                ),
                ("against", models.UUIDField(null=True)),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "field_entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("reason", ""), _negated=True),
                        fields=["area", "received_at"],
                        name="field_entry_odds",
                    )
                ],
            },
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
    ]
