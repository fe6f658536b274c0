"""Records of jobs that ended long ago may be deleted."""

from django.db import migrations

from bulou.directory.rls import APP


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_tables")]
    operations = [
        migrations.RunSQL(f"GRANT DELETE ON job, job_progress TO {APP}", migrations.RunSQL.noop),
    ]
