"""What supervision keeps: findings, tours and their stops. They follow from facts (`findings.py`, `tours.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Finding(models.Model):
    """One finding. `id` is the fact that raised it, `turn` the fact since which it is somebody's turn."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    raised_at = models.DateTimeField()
    by = models.UUIDField(null=True, help_text="The unit that found it, which alone closes it")
    about = models.TextField(db_collation="C", blank=True, default="", help_text="What was inspected, as facts call it")
    unit = models.UUIDField(null=True, help_text="The unit that puts it right")
    clause = models.TextField(blank=True, default="")
    severity = models.TextField(blank=True, default="", help_text="minor, serious or grave")
    words = models.TextField(blank=True, default="")
    due_at = models.DateTimeField()
    turn = models.UUIDField()
    tour = models.UUIDField(null=True, help_text="The tour it was found on")
    state = models.TextField(help_text="raised, rectified, returned or closed")
    answer = models.TextField(blank=True, default="", help_text="What the unit says it did")
    rectified_at = models.DateTimeField(null=True)
    returned = models.IntegerField(default=0)
    reminded = models.IntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    measure = models.TextField(blank=True, default="", help_text="What was decided of it")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "finding"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state="closed") ^ Q(closed_at=None), name="finding_closed"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("raised_at")), name="finding_forward"
            ),
        ]
        indexes: ClassVar = [
            # Serves what a subject's facts changed, and a finding's page.
            models.Index(fields=["subject"], name="finding_subject"),
            # Serves the list: those open, the one due first; and those closed.
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="finding_open"),
            models.Index(fields=["raised_at", "id"], name="finding_raised"),
            # Serves what a unit has to put right.
            models.Index(fields=["unit"], condition=Q(closed_at=None), name="finding_unit"),
            # Serves what a tour found.
            models.Index(fields=["tour"], condition=Q(tour__isnull=False), name="finding_tour"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"


class Tour(models.Model):
    """One round of a team over an area. `id` is the fact that planned it."""

    id = models.UUIDField(primary_key=True, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    name = models.TextField()
    members = models.TextField(blank=True, default="", help_text="Who goes, a line each")
    clause = models.TextField(blank=True, default="")
    by = models.UUIDField(null=True, help_text="The unit that planned it")
    planned_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "tour"
        indexes: ClassVar = [models.Index(fields=["area", "-planned_at"], name="tour_listed")]

    def __str__(self) -> str:
        return f"{self.name} {self.planned_at:%F}"


class Stop(models.Model):
    """One stop of a tour. `id` is the fact that planned it; the tour may lie in an area above, out of sight."""

    id = models.UUIDField(primary_key=True, editable=False)
    tour = models.ForeignKey(Tour, models.PROTECT, db_column="tour", related_name="stops", db_constraint=False)
    n = models.IntegerField()
    name = models.TextField(blank=True, default="", help_text="What the tour is called")
    clause = models.TextField(blank=True, default="")
    subject = models.TextField(db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    by = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    visited_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    words = models.TextField(blank=True, default="", help_text="What was seen")

    class Meta:
        db_table = "tour_stop"
        indexes: ClassVar = [
            # Serves what a subject's facts changed.
            models.Index(fields=["subject"], name="tour_stop_subject"),
            # Serves the list: what nobody came to, the one due first.
            models.Index(fields=["due_at", "tour", "n", "id"], name="tour_stop_due"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.due_at:%F}"
