"""Volunteers are seen and written within the session's area; they are derived, so they may be taken away."""

from django.db import migrations

from bulou.directory.rls import protect


class Migration(migrations.Migration):
    dependencies = [("support", "0003_volunteers")]
    operations = [migrations.RunSQL(protect("volunteer", delete=True), migrations.RunSQL.noop)]
