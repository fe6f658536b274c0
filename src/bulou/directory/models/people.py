"""People, the households they live in, and the places that can be controlled. Numbers and addresses are encrypted."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.directory.models.areas import area_field
from bulou.directory.models.initials import InitialsField
from bulou.directory.models.units import Unit
from bulou.kernel.ids import new_id


class Sex(models.TextChoices):
    """HL7 administrative gender."""

    MALE = "male", "男"
    FEMALE = "female", "女"
    OTHER = "other", "其他"
    UNKNOWN = "unknown", "未知"


class IdKind(models.TextChoices):
    """What an identity number is the number of."""

    RESIDENT = "resident", "居民身份证"
    PASSPORT = "passport", "护照"
    HK_MACAU_PERMIT = "hk_macau_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    FOREIGN_PERMANENT = "foreign_permanent", "外国人永久居留身份证"
    OTHER = "other", "其他证件"


class Household(models.Model):
    """People under one roof."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = area_field("households")
    address = models.BinaryField(null=True, help_text="Sealed with the row's id")
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "household"


class OnFile(models.Manager["Person"]):
    """People on the books: those retired, whose registration was undone, are left out."""

    def get_queryset(self) -> "models.QuerySet[Person]":
        return super().get_queryset().filter(retired_at=None)


class Person(models.Model):
    """One person, one file. `id_index` and `phone_index` are blind indexes: equal numbers have equal ones.

    Who was registered by mistake is retired: the row stays, without its place in the index of numbers.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = area_field("people")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="people", db_column="household")
    name = models.TextField(db_collation="C")
    initials = InitialsField(person=True)
    sex = models.TextField(choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(null=True)
    nationality = models.TextField(default="CHN", help_text="ISO 3166-1 alpha-3")
    id_kind = models.TextField(choices=IdKind, default=IdKind.RESIDENT)
    id_number = models.BinaryField(null=True, help_text="Sealed with the row's id")
    id_index = models.BinaryField(null=True, unique=True)
    id_tail = models.BinaryField(null=True, help_text="Blind index of the last four")
    phone = models.BinaryField(null=True, help_text="Sealed with the row's id")
    phone_index = models.BinaryField(null=True)
    phone_tail = models.BinaryField(null=True, help_text="Blind index of the last four")
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="parts",
        db_column="same_as",
        db_index=False,
        help_text="The file this is part of",
    )

    objects = OnFile()
    everyone = models.Manager["Person"]()

    class Meta:
        db_table = "person"
        indexes: ClassVar = [
            # Serves: whose phone is this.
            models.Index(fields=["phone_index"], name="person_phone"),
            # Serve the search, in the order of its results; the area narrows within the index to the session's scope.
            models.Index(fields=["name", "area"], name="person_name_area"),
            models.Index(fields=["initials", "area"], name="person_initials_area"),
            models.Index(fields=["id_tail", "area"], name="person_id_tail_area"),
            models.Index(fields=["phone_tail", "area"], name="person_phone_tail_area"),
            # Serves: who may be the same as somebody new, by birthday and sound of the name.
            models.Index(fields=["birth_date", "initials"], name="person_birth_initials"),
            # Serves: the files that are part of one. Hardly any are.
            models.Index(fields=["same_as"], name="person_parts", condition=models.Q(same_as__isnull=False)),
        ]


class Place(models.Model):
    """Somewhere that can be controlled: a school and its classes, a building and its flats. Places nest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = area_field("places")
    name = models.TextField(db_collation="C")
    initials = InitialsField()
    kind = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_column="parent")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="places", db_column="unit")
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "place"
        indexes: ClassVar = [
            # Serve the search and the list of places.
            models.Index(fields=["name", "area"], name="place_name_area"),
            models.Index(fields=["initials", "area"], name="place_initials_area"),
            # Serves: any part of the name of a place that is no household; those are few.
            models.Index(fields=["name", "area"], name="place_named_area", condition=~models.Q(kind="household")),
        ]
