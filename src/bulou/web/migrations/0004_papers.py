"""Templates of papers and what is in force: added to, never changed, each seen within its area."""

import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import protect

KEY = models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)
NOW = models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)
AREA = models.CharField(blank=True, db_collation="C", max_length=15)
WAY = models.Q(
    models.Q(("version__isnull", False), ("way", "own")),
    models.Q(("version__isnull", True), ("way__in", ["above", "ours"])),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [("web", "0003_erasing")]
    operations = [
        migrations.CreateModel(
            name="PaperVersion",
            fields=[
                ("id", KEY),
                ("area", AREA),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(help_text="Sealed with the row's id", null=True)),
                ("words", models.JSONField(null=True)),
                ("account", models.UUIDField()),
                ("made_at", NOW),
            ],
            options={
                "db_table": "paper_version",
                "constraints": [
                    models.UniqueConstraint(fields=("area", "kind", "digest"), name="paper_version_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperChoice",
            fields=[
                ("id", KEY.clone()),
                ("area", AREA.clone()),
                ("kind", models.CharField(max_length=20)),
                ("way", models.CharField(max_length=10)),
                ("version", models.UUIDField(null=True)),
                ("account", models.UUIDField()),
                ("at", NOW.clone()),
            ],
            options={
                "db_table": "paper_choice",
                "indexes": [models.Index(fields=["kind", "area", "-at"], name="paper_choice_latest")],
                "constraints": [models.CheckConstraint(condition=WAY, name="paper_choice_way")],
            },
        ),
        migrations.RunSQL(
            [*protect("paper_version", update=False), *protect("paper_choice", update=False)], migrations.RunSQL.noop
        ),
    ]
