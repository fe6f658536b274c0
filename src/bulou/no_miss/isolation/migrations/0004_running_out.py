"""When the end of a stay was set: from then on, and not before, somebody could know of it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("isolation", "0003_sharing")]
    operations = [
        migrations.AddField(
            "stay", "planned_at", models.DateTimeField(null=True, help_text="When what sets that end happened")
        ),
        migrations.RunSQL("UPDATE stay SET planned_at = begun_at", migrations.RunSQL.noop),
        migrations.AlterField(
            "stay", "planned_at", models.DateTimeField(help_text="When what sets that end happened")
        ),
        migrations.AddIndex(
            "stay",
            models.Index(fields=["planned_end"], condition=Q(ended_at__isnull=True), name="stay_running_out"),
        ),
    ]
