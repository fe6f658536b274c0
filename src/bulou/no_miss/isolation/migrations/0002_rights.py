"""Rooms and stays are seen and written within the session's area; stays are derived, so they may be taken away."""

from django.db import migrations

from bulou.directory.rls import protect

STATEMENTS = [*protect("room"), *protect("stay", delete=True)]


class Migration(migrations.Migration):
    dependencies = [("isolation", "0001_rooms")]
    operations = [migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop)]
