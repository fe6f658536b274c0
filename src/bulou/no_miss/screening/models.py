"""What screening keeps: who is on which register. All of it follows from facts (`follower.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bulou.directory.models import Person


class Enrolment(models.Model):
    """One person's time on one register. `id` is the fact that began it; without `until` it goes on."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, db_column="person", related_name="enrolments", db_constraint=False, db_index=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    category = models.CharField(max_length=60, db_collation="C")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    ended = models.TextField(blank=True, default="", help_text="Why it ended")
    by = models.UUIDField(null=True, help_text="The unit that put the person on the register")

    class Meta:
        db_table = "enrolment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "category"], condition=Q(until=None), name="enrolment_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="enrolment_forward"),
        ]
        indexes: ClassVar = [
            # Serves what a person's facts changed, and their file.
            models.Index(fields=["person", "since"], name="enrolment_person"),
            # Serves a register, the latest on it first.
            models.Index(fields=["-since", "-id"], name="enrolment_listed"),
            # Serves the counts of registers in an area.
            models.Index(fields=["area", "category"], condition=Q(until=None), name="enrolment_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category} {self.since:%F %R}"
