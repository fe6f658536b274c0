"""The board of who is on the way, read along one index; scope by three columns, its settings read once a statement."""

from django.db import migrations, models

from bulou.directory.rls import in_scope

OPEN = models.Q(("stage__in", ("requested", "accepted", "departed", "received")))
INSIDE = in_scope("area", "sender_area", "receiver_area")
COVERED = ["sender", "receiver", "area", "sender_area", "receiver_area"]


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_tables")]
    operations = [
        migrations.RemoveIndex("handover", "handover_open"),
        migrations.AddIndex(
            "handover",
            models.Index(fields=["stage", "stage_at", "id"], include=COVERED, name="handover_board", condition=OPEN),
        ),
        migrations.AddIndex("handover", models.Index(fields=["carrier"], name="handover_carrier", condition=OPEN)),
        migrations.RunSQL(
            f"ALTER POLICY handover_scope ON handover USING ({INSIDE}) WITH CHECK ({INSIDE})", migrations.RunSQL.noop
        ),
    ]
