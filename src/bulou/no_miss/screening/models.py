"""What screening keeps: who is on which register, who has come from elsewhere. Both follow from facts (`follower.py`).

A declaration is no projection: it is what somebody without an account said of themselves, sealed beside its fact.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from bulou.directory.models import Person, Place
from bulou.no_miss.screening.arrivals import gravest


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


class Arrival(models.Model):
    """One journey of one person. `id` is the first fact about it; `area` the community that is to confirm it.

    `graded`: what the area they came from was graded at that instant; `risk`: the gravest anybody told.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, db_column="person", related_name="arrivals", db_constraint=False, db_index=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    at = models.DateTimeField()
    from_area = models.CharField(max_length=15, db_collation="C", blank=True, default="")
    risk = models.TextField()
    graded = models.TextField(blank=True, default="")
    mode = models.TextField(blank=True, default="")
    vehicle = models.TextField(blank=True, default="")
    told = models.TextField(help_text="Who told of it, in order, with spaces between")
    checked_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="", help_text="What followed from the check")
    state = models.TextField(help_text="waiting, here, not_here or gone_on")
    answered_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True, help_text="The unit that answered")

    class Meta:
        db_table = "arrival"
        indexes: ClassVar = [
            # Serves what a person's facts changed.
            models.Index(fields=["person", "at"], name="arrival_person"),
            # Serves the list, the latest first.
            models.Index(fields=["-at", "-id"], name="arrival_listed"),
            # Serves whom a new grade of an area bears on.
            models.Index(fields=["from_area"], name="arrival_origin"),
            # Serves the counts of an area.
            models.Index(fields=["area", "state"], name="arrival_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%F %R} {self.state}"

    @property
    def gravest(self) -> str:
        """The graver of what was told and what the area was graded."""
        return gravest(self.risk, self.graded)


class Declaration(models.Model):
    """What somebody said of themselves without an account: sealed, for the community they came to.

    `id` is its fact's; `origin` a blind index of the address it came from, to tell how many came from one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    name = models.BinaryField(help_text="Sealed with the row's id")
    phone = models.BinaryField(help_text="Sealed with the row's id")
    address = models.BinaryField(null=True, help_text="Sealed with the row's id")
    origin = models.BinaryField()
    said_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "declaration"
        indexes: ClassVar = [
            # Serves how many came from one address lately.
            models.Index(fields=["origin", "said_at"], name="declaration_origin"),
            models.Index(fields=["person"], name="declaration_person"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.area}"


class ListingScope(models.Model):
    """What a list of another department claims to hold of an area. `id` is the fact that stated it."""

    id = models.UUIDField(primary_key=True, editable=False)
    list = models.TextField()
    category = models.CharField(max_length=60, db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    scope = models.TextField(help_text="register, day or named")
    day = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, help_text="The unit that stated it")

    class Meta:
        db_table = "listing_scope"
        constraints: ClassVar = [
            # Serves the comparison of a list, and what an area's facts changed.
            models.UniqueConstraint(fields=["list", "category", "area"], name="listing_scope_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["area"], name="listing_scope_area")]

    def __str__(self) -> str:
        return f"{self.list} {self.area} {self.scope}"


class Campaign(models.Model):
    """A drag-net campaign over an area. `id` is the fact that opened it; `ends_at` when it was to end, or was ended."""

    id = models.UUIDField(primary_key=True, editable=False)
    area = models.CharField(max_length=15, db_collation="C")
    name = models.TextField()
    question = models.TextField(blank=True, default="")
    clause = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        db_table = "campaign"
        indexes: ClassVar = [models.Index(fields=["area"], name="campaign_area")]

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """One household on the roster of one campaign, and what was found there."""

    id = models.UUIDField(primary_key=True, editable=False)
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_column="campaign", related_name="doors", db_constraint=False, db_index=False
    )
    place = models.ForeignKey(
        Place, models.PROTECT, db_column="place", related_name="doors", db_constraint=False, db_index=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    state = models.TextField(help_text="waiting, no_answer or visited")
    visits = models.IntegerField()
    last_at = models.DateTimeField(null=True)
    present = models.IntegerField()
    expected = models.IntegerField(null=True)
    symptomatic = models.IntegerField()
    unlisted = models.IntegerField(help_text="People met there whom no list had")

    class Meta:
        db_table = "door"
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "campaign"], name="door_once")]
        indexes: ClassVar = [
            # Serves how far a campaign is in an area, and its next door.
            models.Index(fields=["campaign", "area", "state"], name="door_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.state}"


class Listing(models.Model):
    """One person on one list of another department. `id` is the fact that named them; `state` open, or how settled."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, db_column="person", related_name="listings", db_constraint=False, db_index=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    name = models.TextField()
    category = models.CharField(max_length=60, db_collation="C")
    at = models.DateTimeField()
    state = models.TextField()
    settled_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True)

    class Meta:
        db_table = "listing"
        indexes: ClassVar = [
            # Serves what a person's facts changed.
            models.Index(fields=["person"], name="listing_person"),
            # Serves the lists an area received, and one of them.
            models.Index(fields=["name", "category", "area"], name="listing_compared"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.name} {self.state}"
