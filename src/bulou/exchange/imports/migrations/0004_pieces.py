"""Files are kept in pieces; a run can be interrupted; what rows say of people goes with the file."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from bulou.directory.rls import APP, protect

STATES = ("waiting", "running", "done", "cancelled", "failed", "interrupted", "undone")
MOVED = """
INSERT INTO import_piece (file, number, area, content)
SELECT id, 0, area, content FROM import_file WHERE content IS NOT NULL
"""
# Eight days: a day after the last on which an import can be undone, which needs what rows say changed.
FUNCTION = """
CREATE FUNCTION import_row_forget(batches uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE import_row r SET change = NULL, shown = NULL, problems = (
        SELECT jsonb_agg(jsonb_build_object('code', p -> 'code', 'field', p -> 'field', 'zh', '', 'en', ''))
        FROM jsonb_array_elements(r.problems) p
    )
    FROM import_batch b
    WHERE b.id = r.batch AND b.id = ANY (batches) AND b.begun_at < now() - interval '8 days'
        AND (r.change IS NOT NULL OR r.shown IS NOT NULL OR r.problems IS NOT NULL)
$$
"""
STATEMENTS = [
    *protect("import_piece", update=False, delete=True),
    FUNCTION,
    "REVOKE ALL ON FUNCTION import_row_forget FROM PUBLIC",
    "COMMENT ON FUNCTION import_row_forget IS 'open: empties rows of imports that can no longer be undone, and no other'",
    f"GRANT EXECUTE ON FUNCTION import_row_forget TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_lighter_rows")]
    operations = [
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(help_text="From 0")),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("content", models.BinaryField(help_text="Sealed with the file's id and the piece's place")),
                (
                    "file",
                    models.ForeignKey(
                        db_column="file",
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="imports.importfile",
                    ),
                ),
            ],
            options={"db_table": "import_piece"},
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.RemoveField("importfile", "content"),
        migrations.AddField(
            "importbatch",
            "words_kept",
            models.BooleanField(default=True, help_text="False once its rows say nothing of people any more"),
        ),
        migrations.RemoveConstraint("importbatch", "import_batch_state"),
        migrations.AddConstraint(
            "importbatch",
            models.CheckConstraint(condition=Q(state__in=STATES), name="import_batch_state"),
        ),
        migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop),
    ]
