"""Tubes are seen and written within the session's area; they are derived, so they may be taken away."""

from django.db import migrations

from bulou.directory.rls import protect


class Migration(migrations.Migration):
    dependencies = [("testing", "0001_specimen")]
    operations = [migrations.RunSQL(protect("specimen", delete=True), migrations.RunSQL.noop)]
