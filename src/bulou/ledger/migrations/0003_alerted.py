"""A notice remembers when it became an alert; what it was to remember before, nobody ever wrote."""

from django.db import migrations

RENAMED = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'notice' AND column_name = 'read_at') THEN
        ALTER TABLE notice RENAME COLUMN read_at TO alerted_at;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_custody")]
    operations = [
        migrations.RunSQL(RENAMED, migrations.RunSQL.noop),
        migrations.RunSQL("CREATE INDEX IF NOT EXISTS notice_new ON notice (at) WHERE alerted_at IS NULL", migrations.RunSQL.noop),
    ]
