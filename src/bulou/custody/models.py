"""Who holds whom, and what is on its way from hand to hand. Both follow from facts and are never written otherwise."""

from typing import ClassVar

from django.db import models

from bulou.directory.models import Person, Unit

OPEN = ("requested", "accepted", "departed", "received")
"""Stages of a handover in which somebody still has something to do."""
_OPEN = models.Q(stage__in=OPEN)


def _area(*, null: bool = False) -> "models.CharField[str | None, str | None]":
    """The code of an area, for row-level security: compared as bytes."""
    return models.CharField(max_length=15, db_collation="C", null=null)


class Custody(models.Model):
    """In whose hands a person is from `since` until their next row: without an end there is no gap and no overlap.

    `managed` false: nobody holds the person any more. Managed without `unit`: no unit answers where they are.
    """

    pk = models.CompositePrimaryKey("person_id", "since")
    person = models.ForeignKey(Person, models.CASCADE, related_name="custody", db_column="person", db_index=False)
    since = models.DateTimeField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="custody", db_column="unit")
    managed = models.BooleanField()
    fact = models.UUIDField(help_text="The fact by which the person came into these hands")
    area = _area()
    unit_area = _area(null=True)

    class Meta:
        db_table = "custody"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(managed=True) | models.Q(unit=None), name="custody_nobody_holds")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since:%F %R} {self.unit_id}"


class Handover(models.Model):
    """One passing on of one person, named after the fact that asked for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="handovers", db_column="person")
    sender = models.ForeignKey(Unit, models.PROTECT, related_name="sent", db_column="sender", db_index=False)
    receiver = models.ForeignKey(Unit, models.PROTECT, related_name="taken", db_column="receiver", db_index=False)
    carrier = models.UUIDField(null=True)
    stage = models.TextField(db_collation="C")
    stage_at = models.DateTimeField()
    requested_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    vehicle = models.TextField(default="")
    crew = models.TextField(default="")
    reason = models.TextField(default="")
    trip = models.UUIDField(null=True)
    area = _area()
    sender_area = _area(null=True)
    receiver_area = _area(null=True)

    class Meta:
        db_table = "handover"
        indexes: ClassVar = [
            # Serves the board: what is open, link by link, the longest waiting first.
            models.Index(
                fields=["stage", "stage_at", "id"],
                include=["sender", "receiver", "area", "sender_area", "receiver_area"],
                name="handover_board",
                condition=_OPEN,
            ),
            # Serve a unit's own handovers.
            models.Index(fields=["sender", "stage_at"], name="handover_sender", condition=_OPEN),
            models.Index(fields=["receiver", "stage_at"], name="handover_receiver", condition=_OPEN),
            models.Index(fields=["carrier"], name="handover_carrier", condition=_OPEN),
            # Serves the page of a trip, also when everybody has arrived.
            models.Index(fields=["trip"], name="handover_trip", condition=models.Q(trip__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.sender_id} → {self.receiver_id}: {self.stage}"
