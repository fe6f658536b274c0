"""Rooms of isolation sites, and stays: who is isolated, where, until when. Both follow from facts (`follower.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate

from bulou.directory.models import Person, Place, Unit
from bulou.directory.models.areas import area_field

PLACES = 4
"""Beds at most in one room, whatever the exception: one of its own and three that share."""


class RoomState(models.TextChoices):
    """What a room can be used for. Reserved is no state: a free room may be kept for somebody for a while."""

    FREE = "free", "空闲"
    OCCUPIED = "occupied", "在住"
    CLEANING = "cleaning", "待终末消毒"
    BROKEN = "broken", "停用"


class Room(models.Model):
    """A room of a site, which is a place in the directory. Its state is derived; who holds its row may change it."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, db_column="place", related_name="room")
    area = area_field("rooms")
    unit = models.ForeignKey(Unit, models.PROTECT, db_column="unit", related_name="rooms")
    building = models.TextField(blank=True, default="", db_default="")
    floor = models.SmallIntegerField(default=1, db_default=1)
    number = models.TextField()
    negative = models.BooleanField(default=False, db_default=False, help_text="Negative pressure")
    state = models.TextField(choices=RoomState, default=RoomState.FREE, db_default=RoomState.FREE)
    since = models.DateTimeField(null=True, help_text="Since when it is in this state; empty where it always was")
    reserved_for = models.ForeignKey(Person, models.PROTECT, null=True, db_column="reserved_for", related_name="+")
    reserved_until = models.DateTimeField(null=True)
    reserved_by = models.UUIDField(null=True, help_text="The account that keeps it")

    class Meta:
        db_table = "room"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "building", "number"], name="room_number_once"),
            models.UniqueConstraint(
                fields=["reserved_for"], condition=Q(reserved_for__isnull=False), name="room_kept_once"
            ),
            models.CheckConstraint(condition=Q(state__in=RoomState.values), name="room_state_known"),
            models.CheckConstraint(
                condition=Q(reserved_for__isnull=True) | Q(reserved_until__isnull=False), name="room_kept_until"
            ),
        ]
        indexes: ClassVar = [
            # Serves the room board of a site, floor by floor.
            models.Index(fields=["unit", "building", "floor", "number"], name="room_board"),
            # Serves the search for a room by the beginning of its number.
            models.Index(Collate("number", "C"), "area", name="room_numbered"),
        ]


class Stay(models.Model):
    """A person's time in one room, or at home. `id` is the fact that began it.

    `room` and `slot` where the stay has the room; a central stay without them only claims `claimed`, and `trouble`
    says why it has not got it. The constraints hold whatever door a fact came through.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="stays", db_constraint=False)
    area = models.CharField(max_length=15, db_collation="C")
    unit = models.UUIDField(null=True, help_text="The site of the place claimed")
    kind = models.TextField(help_text="home or central")
    isolation = models.UUIDField(help_text="The fact that began the isolation, across rooms")
    begun_at = models.DateTimeField(help_text="When the isolation began")
    started_at = models.DateTimeField(help_text="When the time in this room began")
    ended_at = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(help_text="Until when the grounds reach")
    planned_at = models.DateTimeField(help_text="When what sets that end happened")
    claimed = models.UUIDField(null=True, help_text="The place a fact puts the person in")
    room = models.ForeignKey(Room, models.PROTECT, null=True, db_column="room", related_name="stays")
    slot = models.SmallIntegerField(null=True)
    approval = models.UUIDField(null=True, help_text="The approval to share, where the person does")
    trouble = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "stay"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="stay_one_a_person"),
            models.UniqueConstraint(
                fields=["room", "slot"], condition=Q(ended_at__isnull=True, room__isnull=False), name="stay_one_a_bed"
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True, slot__isnull=True)
                | Q(room__isnull=False, slot__isnull=False, slot__gte=0, slot__lt=PLACES),
                name="stay_room_and_bed",
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot=0) | Q(approval__isnull=False), name="stay_shared_by_approval"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")), name="stay_forward"
            ),
        ]
        indexes: ClassVar = [
            # Serves what a person's facts changed, and their history.
            models.Index(fields=["person", "started_at"], name="stay_person"),
            # Serves who was in a room, when.
            models.Index(fields=["claimed", "started_at"], name="stay_claimed"),
            # Serves the board of a site, and the days people leave.
            models.Index(fields=["unit", "planned_end"], condition=Q(ended_at__isnull=True), name="stay_site_open"),
            # Serves the stays of an area that have outlasted their grounds.
            models.Index(fields=["area", "planned_end"], condition=Q(ended_at__isnull=True), name="stay_area_open"),
            # Serves the watch for grounds that run out, over the whole country.
            models.Index(fields=["planned_end"], condition=Q(ended_at__isnull=True), name="stay_running_out"),
        ]


class Sharing(models.Model):
    """A request that a person may share the room of another; `id` is the fact's, `approval` what agreed to it."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="sharings", db_constraint=False)
    host = models.UUIDField(help_text="The person whose room is to be shared")
    area = models.CharField(max_length=15, db_collation="C")
    reason = models.TextField()
    account = models.UUIDField(null=True, help_text="The account that asked")
    asked_at = models.DateTimeField()
    approval = models.UUIDField(null=True)

    class Meta:
        db_table = "sharing"
        indexes: ClassVar = [
            # Serves what waits for an answer in a room, by who is in it.
            models.Index(fields=["host"], condition=Q(approval__isnull=True), name="sharing_open"),
            models.Index(fields=["person"], name="sharing_person"),
        ]
