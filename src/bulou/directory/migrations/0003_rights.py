"""What the application may do to each table, and which rows it may reach."""

from django.db import migrations

from bulou.directory.rls import open_to_all, protect

STATEMENTS = [
    *protect("person"),
    *protect("household"),
    *protect("place"),
    *protect("access_log", update=False),
    *open_to_all("area", "the names of divisions are public"),
    *open_to_all("unit", "who answers for what must be known to all"),
    *open_to_all("unit_role", "who answers for what must be known to all", delete=True),
    *open_to_all("account", "signing in comes before any scope"),
    *open_to_all("business_clock", "one row, the same for everyone"),
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_tables")]
    operations = [migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop)]
