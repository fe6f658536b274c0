"""Somebody whose registration was undone is retired; somebody new is compared with those born on the same day."""

from django.db import migrations, models

from bulou.directory.rls import APP


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_comfort")]
    operations = [
        migrations.AddField("person", "retired_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddIndex("person", models.Index(fields=["birth_date", "initials"], name="person_birth_initials")),
        # A list of places or households imported by mistake can be undone; what facts or people hang on stays.
        migrations.RunSQL(f"GRANT DELETE ON place, household TO {APP}", f"REVOKE DELETE ON place, household FROM {APP}"),
    ]
