"""Units: the organisations that owe duties and hold people, and the roles they answer for."""

from typing import ClassVar

from django.db import models

from bulou.directory.models.areas import area_field
from bulou.directory.models.initials import InitialsField
from bulou.kernel.ids import new_id


class Unit(models.Model):
    """An organisation with an area. One that was dissolved keeps its row with `valid_to` (exclusive)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField()
    name_en = models.TextField(blank=True)
    initials = InitialsField()
    area = area_field("units")
    phone = models.TextField(blank=True, default="", help_text="the number of the office, for whoever must ring it")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_column="parent")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "unit"
        ordering: ClassVar = ["area", "name"]

    def __str__(self) -> str:
        return self.name


class UnitRole(models.Model):
    """A role a unit answers for. The unit's area is repeated here: an owner is the longest prefix among these."""

    pk = models.CompositePrimaryKey("unit_id", "role")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="roles", db_column="unit")
    role = models.CharField(max_length=60, db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")

    class Meta:
        db_table = "unit_role"
        indexes: ClassVar = [
            # Serves: which unit with this role has the longest prefix of an area.
            models.Index(fields=["role", "area"], name="unit_role_role_area"),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.area}"
