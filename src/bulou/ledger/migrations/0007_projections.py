"""Which version of its follower each table that follows from facts was derived by."""

from django.db import migrations

from bulou.directory.rls import open_to_all

TABLE = """
CREATE TABLE projection (
    name text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    at timestamptz NOT NULL
)
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_wake")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE projection"),
        migrations.RunSQL(open_to_all("projection", "versions of tables only"), migrations.RunSQL.noop),
    ]
