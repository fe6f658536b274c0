"""Visits and registers are seen and written within the session's area; they are derived, so they may be taken away."""

from django.db import migrations

from bulou.directory.rls import protect

STATEMENTS = [*protect("clinic_visit", delete=True), *protect("monitoring_entry", delete=True)]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_tables")]
    operations = [migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop)]
