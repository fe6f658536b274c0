"""The administrative tree: provinces, cities, counties, towns, villages, and grids of our own below them."""

from typing import ClassVar

from django.db import models


class Area(models.Model):
    """One division. Its code's prefixes are the areas it lies in; the empty code is the whole country.

    A division that was abolished keeps its row with `valid_to` (exclusive), so old facts still have a name.
    """

    code = models.CharField(primary_key=True, max_length=15, db_collation="C")
    name = models.TextField()
    name_en = models.TextField()
    level = models.TextField()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, db_column="parent", related_name="children", db_constraint=False
    )
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    local = models.BooleanField(default=False, help_text="Edited here: a later load leaves it as it is")

    class Meta:
        db_table = "area"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


def area_field(related_name: str) -> "models.ForeignKey[Area, Area]":
    """A column `area` with the code of the area a row lies in, which row-level security reads."""
    return models.ForeignKey(Area, models.PROTECT, db_column="area", related_name=related_name)
