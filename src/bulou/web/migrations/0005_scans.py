"""Scans of signed papers: only added to; those of somebody whose file is blank may be dropped, and of nobody else."""

import django.db.models.functions.datetime
from django.db import migrations, models

from bulou.directory.rls import APP, protect

FUNCTION = """
CREATE FUNCTION paper_scan_erase(people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM paper_scan s
    WHERE s.person = ANY (people) AND NOT EXISTS (SELECT FROM person p WHERE p.id = s.person AND p.name <> '')
$$
"""
STATEMENTS = [
    *protect("paper_scan", update=False),
    FUNCTION,
    "REVOKE ALL ON FUNCTION paper_scan_erase FROM PUBLIC",
    "COMMENT ON FUNCTION paper_scan_erase IS 'open: drops scans about people whose file is blank, and about nobody else'",
    f"GRANT EXECUTE ON FUNCTION paper_scan_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("web", "0004_papers"), ("directory", "0012_erasing")]
    operations = [
        migrations.CreateModel(
            name="PaperScan",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("person", models.UUIDField()),
                ("form", models.CharField(help_text="jpeg, png or pdf", max_length=10)),
                ("content", models.BinaryField(help_text="Sealed with the row's id")),
                ("account", models.UUIDField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "paper_scan",
                "indexes": [models.Index(fields=["person"], name="paper_scan_person")],
            },
        ),
        migrations.RunSQL(STATEMENTS, "DROP FUNCTION paper_scan_erase"),
    ]
