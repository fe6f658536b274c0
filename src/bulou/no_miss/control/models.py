"""What control keeps: the zones in force and those lifted. They follow from facts (`follower.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Zone(models.Model):
    """One time of one zone. `id` is the fact that set it, `zone` its name in facts; without `until` it is in force."""

    id = models.UUIDField(primary_key=True, editable=False)
    zone = models.TextField(db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    since = models.DateTimeField()
    unit_kind = models.TextField(help_text="The smallest unit: building, village, school_class")
    level = models.TextField(blank=True, default="", help_text="sealed, controlled or watched")
    measures = models.TextField(blank=True, default="", help_text="Codes, with spaces between")
    grounds = models.TextField(blank=True, default="")
    changed = models.DateTimeField(null=True, help_text="When it was last adjusted")
    until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="", help_text="Why it ended")
    by = models.UUIDField(null=True, help_text="The unit that set it")

    class Meta:
        db_table = "zone"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone"], condition=Q(until=None), name="zone_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="zone_forward"),
        ]
        indexes: ClassVar = [
            # Serves what a zone's facts changed, and its page.
            models.Index(fields=["zone", "since"], name="zone_times"),
            # Serves the list, the latest first.
            models.Index(fields=["-since", "-id"], name="zone_listed"),
            # Serves the zones in force in an area.
            models.Index(fields=["area"], condition=Q(until=None), name="zone_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.unit_kind} {self.since:%F %R}"
