"""Who asked to take what out, and what became of it. Both tables are only ever added to."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id

QUEUED, APPROVED, REFUSED, MADE, DOWNLOADED = ACTS = ("queued", "approved", "refused", "made", "downloaded")


class Export(models.Model):
    """One list asked for as a file. `query` is the address of the list, so its filters; `people` is how many it was
    about when it was asked for, counted to just above the number that needs a second person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    list = models.TextField()
    query = models.TextField(blank=True)
    format = models.TextField()
    purpose = models.TextField()
    full = models.BooleanField(default=False, db_column="unmasked", help_text="numbers and addresses unmasked")
    people = models.IntegerField()
    needs_approval = models.BooleanField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "exports"
        db_table = "export"
        indexes: ClassVar = [
            # Serves: one's own exports, the latest first.
            models.Index(fields=["account", "-asked_at"], name="export_account"),
            # Serves: the exports of an area, the latest first.
            models.Index(fields=["-asked_at", "area"], name="export_asked"),
        ]


class ExportEvent(models.Model):
    """One thing that became of an export, and by whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    export = models.ForeignKey(Export, models.PROTECT, related_name="events", db_column="export")
    area = models.CharField(max_length=15, db_collation="C")
    at = models.DateTimeField(db_default=Now(), editable=False)
    act = models.TextField()
    account = models.UUIDField()
    job = models.UUIDField(null=True)
    rows = models.BigIntegerField(null=True)
    people = models.BigIntegerField(null=True)
    size = models.BigIntegerField(null=True, help_text="bytes")
    digest = models.TextField(blank=True, help_text="SHA-256 of the file")
    note = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        app_label = "exports"
        db_table = "export_event"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(act__in=ACTS), name="export_act"),
            models.UniqueConstraint(
                fields=["export"], condition=models.Q(act__in=(APPROVED, REFUSED)), name="export_decided_once"
            ),
        ]
        indexes: ClassVar = [
            # Serves: what became of an export.
            models.Index(fields=["export", "at"], name="export_event_export"),
        ]
