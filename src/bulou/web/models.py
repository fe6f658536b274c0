"""What people keep of lists, acts on many rows at once, what came in from phones, and templates of papers."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id


class SavedView(models.Model):
    """A list as somebody likes it, by name. `query` is its address; a shared one is seen by all of the same area."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    list = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "web"
        db_table = "saved_view"
        indexes: ClassVar = [
            # Serves: the views of one list.
            models.Index(fields=["list", "area"], name="saved_view_list"),
        ]


class BulkAct(models.Model):
    """One act on many rows: what, by whom, and what came of each row. `rows`: key, subject, area, fact, problem."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.UUIDField()
    unit = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    list = models.CharField(max_length=40)
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    rows = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "web"
        db_table = "bulk_act"
        indexes: ClassVar = [
            # Serves: what this account did lately.
            models.Index(fields=["account", "at"], name="bulk_act_account"),
        ]


class FieldEntry(models.Model):
    """One entry a phone brought, as it came: stored as a fact, or in conflict until somebody rules. Never changed.

    `at` is its true time, `phone_at` what the phone's clock said; `against` the fact it is at odds with, if one is;
    `digest` tells a repetition from another entry under the same id.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.UUIDField()
    account = models.UUIDField()
    unit = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    duty = models.TextField()
    kind = models.TextField()
    subject = models.TextField()
    data = models.JSONField()
    at = models.DateTimeField()
    phone_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.CharField(max_length=40, blank=True, help_text="empty where it was stored as a fact")
    against = models.UUIDField(null=True)
    digest = models.BinaryField()

    class Meta:
        app_label = "web"
        db_table = "field_entry"
        indexes: ClassVar = [
            # Serves: the conflicts of an area, latest first.
            models.Index(fields=["area", "received_at"], name="field_entry_odds", condition=~models.Q(reason="")),
        ]


class FieldRuling(models.Model):
    """What somebody decided about an entry in conflict: mine, theirs or both. One for each, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.UUIDField(unique=True)
    area = models.CharField(max_length=15, db_collation="C")
    ruling = models.CharField(max_length=40)
    account = models.UUIDField()
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "web"
        db_table = "field_ruling"


class PaperVersion(models.Model):
    """A version of a template of papers, or of the words an office puts on them. Only added to; nobody is named in it.

    `content`: the Word file, sealed with the row's id; `words`: the office's words. `digest`: of either.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=15, db_collation="C", blank=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True, help_text="Sealed with the row's id")
    words = models.JSONField(null=True)
    account = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "web"
        db_table = "paper_version"
        constraints: ClassVar = [
            # Serves: an area's versions of a kind, too; the same again adds nothing.
            models.UniqueConstraint(fields=["area", "kind", "digest"], name="paper_version_once"),
        ]


class PaperChoice(models.Model):
    """What an area put in force of a kind: a version of its own, ours, or nothing, so that the area above decides."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=15, db_collation="C", blank=True)
    kind = models.CharField(max_length=20)
    way = models.CharField(max_length=10)
    version = models.UUIDField(null=True)
    account = models.UUIDField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "web"
        db_table = "paper_choice"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(way="own", version__isnull=False)
                | models.Q(way__in=["above", "ours"], version__isnull=True),
                name="paper_choice_way",
            ),
        ]
        indexes: ClassVar = [
            # Serves: what counts in an area and in those above it, the latest first.
            models.Index(fields=["kind", "area", "-at"], name="paper_choice_latest"),
        ]


class PaperScan(models.Model):
    """A signed paper as it was photographed, sealed with the row's id: that of the fact that it was handed over."""

    id = models.UUIDField(primary_key=True, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    person = models.UUIDField()
    form = models.CharField(max_length=10, help_text="jpeg, png or pdf")
    content = models.BinaryField(help_text="Sealed with the row's id")
    account = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "web"
        db_table = "paper_scan"
        indexes: ClassVar = [
            # Serves: which of a person's papers have a scan.
            models.Index(fields=["person"], name="paper_scan_person"),
        ]
