"""Visits to fever clinics, and the registers of what was sold, counted and sampled. All follow from facts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bulou.directory.models import Person


class Visit(models.Model):
    """One visit of one person to a fever clinic, and how far it is (`visits.py`). `id` is the fact that began it."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="visits", db_constraint=False)
    area = models.CharField(max_length=15, db_collation="C")
    unit = models.UUIDField(null=True, help_text="The clinic")
    visited_at = models.DateTimeField()
    triage = models.TextField(blank=True)
    exposure_history = models.BooleanField(null=True)
    exposures = ArrayField(models.TextField(), default=list)
    state = models.TextField()
    finding = models.TextField(blank=True)
    assessed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)
    to = models.UUIDField(null=True, db_column="to_unit")

    class Meta:
        db_table = "clinic_visit"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", concluded_at__isnull=True)
                | ~Q(state="waiting") & Q(concluded_at__isnull=False),
                name="clinic_visit_concluded",
            ),
        ]
        indexes: ClassVar = [
            # Serves the desk: who waits or was turned away, who came today.
            models.Index(
                fields=["area", "visited_at"], condition=Q(state__in=["waiting", "refused"]), name="clinic_visit_open"
            ),
            models.Index(fields=["visited_at", "id"], name="clinic_visit_at"),
            models.Index(fields=["subject"], name="clinic_visit_subject"),
        ]


class Entry(models.Model):
    """One line of a register: a sale, a count of a syndrome, a sampling of the environment. `id` is the fact."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.TextField(db_collation="C")
    subject = models.TextField(db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    at = models.DateTimeField()
    by = models.TextField(null=True)
    data = models.JSONField()

    class Meta:
        db_table = "monitoring_entry"
        indexes: ClassVar = [
            # Serves each register, the latest first, and counts by day.
            models.Index(fields=["kind", "at", "id"], name="monitoring_entry_kind"),
            models.Index(fields=["subject"], name="monitoring_entry_subject"),
        ]
