"""Several people in one vehicle: the trip a handover belongs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("custody", "0002_board")]
    operations = [
        migrations.AddField("handover", "trip", models.UUIDField(null=True)),
        migrations.AddIndex(
            "handover",
            models.Index(fields=["trip"], name="handover_trip", condition=models.Q(("trip__isnull", False))),
        ),
    ]
