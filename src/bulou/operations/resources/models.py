"""What each unit and area has, by item: the last count, and what was asked for and has not come. Follows from facts."""

from typing import ClassVar

from django.db import models


class Holding(models.Model):
    """One item of one unit or area: on the shelf (`stock`), or ready to be used (`capacity`)."""

    id = models.UUIDField(primary_key=True, editable=False)
    what = models.TextField(help_text="stock or capacity")
    subject = models.TextField(db_collation="C", help_text="unit: or area: with its id")
    area = models.CharField(max_length=15, db_collation="C")
    item = models.TextField(db_collation="C")
    quantity = models.IntegerField(null=True, help_text="As last counted; empty where it never was")
    in_use = models.IntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    asked = models.IntegerField(default=0, db_default=0, help_text="As last asked for")
    asked_at = models.DateTimeField(null=True)
    came = models.IntegerField(default=0, db_default=0, help_text="Delivered since it was asked for")

    class Meta:
        db_table = "holding"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["what", "subject", "item"], name="holding_once"),
        ]
        indexes: ClassVar = [
            # Serves the list of an area, item by item.
            models.Index(fields=["what", "item", "area", "id"], name="holding_listed"),
            # Serves what one unit's facts changed.
            models.Index(fields=["subject"], name="holding_subject"),
        ]
