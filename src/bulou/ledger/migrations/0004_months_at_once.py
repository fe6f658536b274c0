"""Two writers who need the same new month at once both get it."""

from django.db import migrations

from bulou.ledger import sql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_alerted")]
    operations = [migrations.RunSQL(sql.schema("months"), migrations.RunSQL.noop)]
