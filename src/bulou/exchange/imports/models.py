"""Imports: the file, each run over it, what became of every row, who may be the same, remembered headings."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from bulou.kernel.ids import new_id

INTERRUPTED = "interrupted"
UNDER_WAY = ("waiting", "running")
STATES = (*UNDER_WAY, "done", "cancelled", "failed", INTERRUPTED, "undone")
OUTCOMES = ("created", "updated", "unchanged", "rejected")


class ImportFile(models.Model):
    """A file somebody sent. `area` is the sender's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    account = models.UUIDField(null=True)
    kind = models.TextField()
    name = models.TextField()
    digest = models.TextField(help_text="SHA-256 of the content, in hexadecimal")
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "imports"
        db_table = "import_file"


class ImportPiece(models.Model):
    """A piece of a file's content, sealed; all of them go when the file's time is over."""

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="pieces", db_column="file", db_index=False)
    number = models.IntegerField(help_text="From 0")
    area = models.CharField(max_length=15, db_collation="C")
    content = models.BinaryField(help_text="Sealed with the file's id and the piece's place")

    class Meta:
        app_label = "imports"
        db_table = "import_piece"


class ImportBatch(models.Model):
    """One run over a file: a rehearsal, or the import itself. Rows in are the sum of what became of them, always."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(ImportFile, models.PROTECT, related_name="batches", db_column="file")
    area = models.CharField(max_length=15, db_collation="C")
    account = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    kind = models.TextField()
    rehearsal = models.BooleanField()
    options = models.JSONField(default=dict, help_text="mapping: heading to field; stated: field to value; whole")
    state = models.TextField(default="waiting")
    job = models.UUIDField(null=True)
    rows_total = models.IntegerField(default=0)
    rows_in = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    words_kept = models.BooleanField(default=True, help_text="False once its rows say nothing of people any more")
    last_row = models.IntegerField(default=0, help_text="The number of the last row that is accounted for")
    problem = models.JSONField(null=True)
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone = models.JSONField(null=True, help_text="What the undoing did, as numbers")

    class Meta:
        app_label = "imports"
        db_table = "import_batch"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows_in=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="import_batch_adds_up",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="import_batch_state"),
        ]
        indexes: ClassVar = [
            # Serves: the imports of an area, the latest first.
            models.Index(fields=["area", "-begun_at"], name="import_batch_area"),
        ]


class ImportRow(models.Model):
    """What became of one row. `key`: the same for rows about the same thing; `digest`: for rows that say the same.

    `change`: column to (before, after) of a person that was on file; `shown`: the same as a screen may show it.
    """

    pk = models.CompositePrimaryKey("batch_id", "number")
    # Written in the transaction that locks its batch, which nobody may delete: a key would be tried row by row.
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", db_column="batch", db_index=False, db_constraint=False
    )
    number = models.IntegerField()
    area = models.CharField(max_length=15, db_collation="C")
    outcome = models.TextField()
    key = models.UUIDField(null=True)
    digest = models.BigIntegerField()
    subject = models.TextField(blank=True, default="")
    person = models.UUIDField(null=True, help_text="Whom the row put on file or changed")
    person_created = models.BooleanField(default=False)
    fact = models.UUIDField(null=True)
    change = models.JSONField(null=True)
    shown = models.JSONField(null=True)
    problems = models.JSONField(null=True)

    class Meta:
        app_label = "imports"
        db_table = "import_row"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="import_row_outcome"),
        ]
        indexes: ClassVar = [
            # Serves: was this thing in an earlier row of the same file.
            models.Index(fields=["batch", "key"], name="import_row_key"),
        ]


class ImportDoubt(models.Model):
    """Two people who may be one: the one an import put on file, and the one who was there. For somebody to decide."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="doubts", db_column="batch")
    row = models.IntegerField()
    person = models.UUIDField()
    other = models.UUIDField()
    score = models.SmallIntegerField(help_text="Likeness of the names, 0 to 100")
    grounds = models.JSONField(help_text="name, phone, birth_date: in what they agree")
    decision = models.TextField(blank=True, default="", help_text="same or different; empty while open")
    change = models.JSONField(null=True, help_text="What the decision gave the one who was there")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "imports"
        db_table = "import_doubt"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other"], name="import_doubt_once"),
            models.CheckConstraint(condition=Q(decision__in=["", "same", "different"]), name="import_doubt_decision"),
        ]
        indexes: ClassVar = [
            # Serves: what is open in an area.
            models.Index(fields=["area", "id"], name="import_doubt_open", condition=Q(decision="")),
        ]


class ImportMapping(models.Model):
    """What a sender's headings mean, as somebody said once. `headings`: a hash of all of them in order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    sender = models.UUIDField(help_text="The unit that sends such files")
    kind = models.TextField()
    headings = models.TextField()
    mapping = models.JSONField()
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "imports"
        db_table = "import_mapping"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "kind", "headings"], name="import_mapping_once"),
        ]
