"""The clock finds the courses it must come by in a list of its own, and no index of courses changes when it does."""

from django.db import migrations

from bulou.directory.rls import APP, open_to_all
from bulou.ledger import sql

FILLED = "INSERT INTO wake (at, course) SELECT next_at, id FROM course WHERE next_at < 'infinity'"
STATEMENTS = [
    sql.schema("wakes"),
    FILLED,
    "DROP INDEX IF EXISTS course_next",
    *open_to_all("wake", "times and numbers of courses only", delete=True),
    f"GRANT MAINTAIN ON wake TO {APP}",
]
BACK = ["DROP TABLE wake", "CREATE INDEX course_next ON course (next_at) WHERE next_at < 'infinity'"]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_erasing")]
    operations = [migrations.RunSQL(STATEMENTS, BACK)]
