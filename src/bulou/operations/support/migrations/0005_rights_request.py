"""Requests about personal data, seen within the session's area; and openings of the erased lose their addresses."""

import django.db.models.deletion
from django.db import migrations, models

from bulou.directory.rls import APP, protect

FUNCTION = """
CREATE FUNCTION own_page_opening_erase(people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE own_page_opening o SET ip = NULL FROM own_page p JOIN person w ON w.id = p.person
    WHERE o.page = p.id AND p.person = ANY (people) AND w.name = '' AND o.ip IS NOT NULL
$$
"""
STATEMENTS = [
    *protect("rights_request", delete=True),
    FUNCTION,
    "REVOKE ALL ON FUNCTION own_page_opening_erase FROM PUBLIC",
    "COMMENT ON FUNCTION own_page_opening_erase IS"
    " 'open: takes addresses out of openings by people whose file is blank, and of nobody else'",
    f"GRANT EXECUTE ON FUNCTION own_page_opening_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("support", "0004_rights_of_volunteers"), ("directory", "0013_parts")]
    operations = [
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("subject", models.TextField(db_collation="C")),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("right", models.TextField(db_column="claim")),
                ("words", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.TextField(null=True)),
                ("state", models.TextField()),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.UUIDField(help_text="The unit that answered", null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.person",
                    ),
                ),
            ],
            options={
                "db_table": "rights_request",
                "indexes": [
                    models.Index(fields=["asked_at", "id"], name="rights_request_asked"),
                    models.Index(fields=["subject", "asked_at"], name="rights_request_subject"),
                ],
            },
        ),
        migrations.RunSQL(STATEMENTS, "DROP FUNCTION own_page_opening_erase"),
    ]
