"""Tubes, and how far each is between the swab and the result. They follow from facts (`follower.py`)."""

from typing import ClassVar

from django.db import models

from bulou.directory.models import Person


class Specimen(models.Model):
    """What one tube holds of one person (or the tube itself, where facts are about it). `id`: the first fact of it.

    `key` is the code as it is searched for, without case and signs. `at`: since when it is at its stage.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField()
    key = models.TextField(db_collation="C")
    subject = models.TextField(db_collation="C")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, db_column="person", related_name="specimens", db_constraint=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    stage = models.TextField(help_text="The latest kind of fact")
    result = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "specimen"
        indexes: ClassVar = [
            # Serves the search by the beginning of a tube's code.
            models.Index(fields=["key", "area"], name="specimen_key"),
            # Serves what a subject's facts changed.
            models.Index(fields=["subject"], name="specimen_subject"),
        ]
