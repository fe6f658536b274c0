"""Wards, beds and devices of designated hospitals, who lies where and is on what, and the course of every episode.

Stays, uses, states and courses follow from facts (`follower.py`); the constraints hold whatever door one came through.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate

from bulou.directory.models import Person, Place, Unit
from bulou.directory.models.areas import area_field


class Zone(models.TextChoices):
    """The three zones of a hospital for infectious disease (三区)."""

    CLEAN = "clean", "清洁区"
    BUFFER = "buffer", "潜在污染区"
    CONTAMINATED = "contaminated", "污染区"


class BedKind(models.TextChoices):
    """What a bed is good for, the least equipped first."""

    GENERAL = "general", "普通"
    ISOLATION = "isolation", "单间隔离"
    NEGATIVE = "negative", "负压"
    ICU = "icu", "重症监护"


class BedState(models.TextChoices):
    """What a bed can be used for. Reserved is no state: a free bed may be kept for somebody for a while."""

    FREE = "free", "空闲"
    OCCUPIED = "occupied", "在用"
    CLEANING = "cleaning", "待终末消毒"
    BROKEN = "broken", "停用"


class Ward(models.Model):
    """A ward, or another part of a hospital with a zone of its own; a place of the directory."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, db_column="place", related_name="ward")
    area = area_field("wards")
    unit = models.ForeignKey(Unit, models.PROTECT, db_column="unit", related_name="wards")
    name = models.TextField()
    building = models.TextField(blank=True, default="", db_default="")
    floor = models.SmallIntegerField(default=1, db_default=1)
    zone = models.TextField(choices=Zone, default=Zone.CONTAMINATED, db_default=Zone.CONTAMINATED)

    class Meta:
        db_table = "ward"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "name"], name="ward_name_once"),
            models.CheckConstraint(condition=Q(zone__in=Zone.values), name="ward_zone_known"),
        ]


class Bed(models.Model):
    """A bed of a ward, a place of the directory. Its state is derived; who holds its row may change it."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, db_column="place", related_name="bed")
    area = area_field("beds")
    unit = models.ForeignKey(Unit, models.PROTECT, db_column="unit", related_name="beds")
    ward = models.ForeignKey(Ward, models.PROTECT, db_column="ward", related_name="beds")
    number = models.TextField()
    kind = models.TextField(choices=BedKind)
    state = models.TextField(choices=BedState, default=BedState.FREE, db_default=BedState.FREE)
    since = models.DateTimeField(null=True, help_text="Since when it is in this state; empty where it always was")
    reserved_for = models.ForeignKey(Person, models.PROTECT, null=True, db_column="reserved_for", related_name="+")
    reserved_until = models.DateTimeField(null=True)
    reserved_by = models.UUIDField(null=True, help_text="The account that keeps it")

    class Meta:
        db_table = "bed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ward", "number"], name="bed_number_once"),
            models.UniqueConstraint(
                fields=["reserved_for"], condition=Q(reserved_for__isnull=False), name="bed_kept_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=BedKind.values), name="bed_kind_known"),
            models.CheckConstraint(condition=Q(state__in=BedState.values), name="bed_state_known"),
            models.CheckConstraint(
                condition=Q(reserved_for__isnull=True) | Q(reserved_until__isnull=False), name="bed_kept_until"
            ),
        ]
        indexes: ClassVar = [
            # Serves the next free bed of a kind in a hospital, however many beds it has.
            models.Index(fields=["unit", "kind", "number"], condition=Q(state="free"), name="bed_free"),
            # Serves how many beds of which kind are in which state, without reading the beds.
            models.Index(fields=["unit", "ward", "kind", "state", "reserved_until"], name="bed_counts"),
            # Serves the search for a bed by the beginning of its number.
            models.Index(Collate("number", "C"), "area", name="bed_numbered"),
        ]


class BedStay(models.Model):
    """A patient's time in one bed, or in a hospital without one. `id` is the fact that began it.

    `bed` where the stay has it; a stay without only claims `claimed`, and `trouble` says why it has not got it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    episode = models.UUIDField()
    person = models.UUIDField(null=True)
    area = models.CharField(max_length=15, db_collation="C", help_text="Of the hospital; of the fact where unknown")
    home = models.CharField(max_length=15, db_collation="C", help_text="Where the illness is on the books")
    unit = models.UUIDField(null=True, help_text="The hospital")
    claimed = models.UUIDField(null=True, help_text="The place a fact puts the patient in")
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, db_column="bed", related_name="stays")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "bed_stay"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bed"], condition=Q(ended_at__isnull=True), name="bed_stay_one_a_bed"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="bed_stay_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ended_at__isnull=True), name="bed_stay_one_an_episode"
            ),
            models.CheckConstraint(condition=Q(bed__isnull=True) | Q(trouble=""), name="bed_stay_bed_or_trouble"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("started_at")), name="bed_stay_forward"
            ),
        ]
        indexes: ClassVar = [
            # Serves what an episode's facts changed, and its history.
            models.Index(fields=["episode", "started_at"], name="bed_stay_episode"),
            # Serves who lay in a bed, when.
            models.Index(fields=["claimed", "started_at"], name="bed_stay_claimed"),
            # Serves those a hospital has without a bed.
            models.Index(fields=["unit"], condition=Q(ended_at__isnull=True), name="bed_stay_open"),
        ]


class DeviceKind(models.TextChoices):
    """Devices of the bedside a hospital keeps as things."""

    VENTILATOR = "ventilator", "呼吸机"
    HIGH_FLOW = "high_flow", "高流量氧疗仪"
    ECMO = "ecmo", "体外膜肺氧合机"
    DIALYSIS = "dialysis", "血液净化机"
    MONITOR = "monitor", "监护仪"


class Device(models.Model):
    """A device of a hospital, a place of the directory. Its state is derived, as a bed's is."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, db_column="place", related_name="device")
    area = area_field("devices")
    unit = models.ForeignKey(Unit, models.PROTECT, db_column="unit", related_name="devices")
    ward = models.ForeignKey(
        Ward, models.PROTECT, null=True, db_column="ward", related_name="devices", help_text="Where it is kept"
    )
    kind = models.TextField(choices=DeviceKind)
    number = models.TextField()
    state = models.TextField(choices=BedState, default=BedState.FREE, db_default=BedState.FREE)
    since = models.DateTimeField(null=True, help_text="Since when it is in this state; empty where it always was")

    class Meta:
        db_table = "device"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "kind", "number"], name="device_number_once"),
            models.CheckConstraint(condition=Q(kind__in=DeviceKind.values), name="device_kind_known"),
            models.CheckConstraint(condition=Q(state__in=BedState.values), name="device_state_known"),
        ]


class DeviceUse(models.Model):
    """A patient's time on one device. `id` is the fact that began it; `who` the person, or the episode of nobody known.

    `device` where the use has it; a use without only claims `claimed`, and `trouble` says why it has not got it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    episode = models.UUIDField()
    who = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C", help_text="Of the device; of the fact where unknown")
    home = models.CharField(max_length=15, db_collation="C", help_text="Where the illness is on the books")
    kind = models.TextField(help_text="Kind of device; the claimed id where it is not on the books")
    claimed = models.UUIDField()
    device = models.ForeignKey(Device, models.PROTECT, null=True, db_column="device", related_name="uses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "device_use"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(ended_at__isnull=True), name="device_use_one_a_device"
            ),
            models.UniqueConstraint(
                fields=["who", "kind"], condition=Q(ended_at__isnull=True), name="device_use_one_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(device__isnull=True) | Q(trouble=""), name="device_use_has_or_trouble"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("started_at")), name="device_use_forward"
            ),
        ]
        indexes: ClassVar = [
            # Serves what an episode's facts changed.
            models.Index(fields=["episode"], name="device_use_episode"),
            # Serves who was on a device, when.
            models.Index(fields=["claimed", "started_at"], name="device_use_claimed"),
        ]


class Episode(models.Model):
    """One illness of one person, as its facts have it; who is treated where, what was told, planned and advised."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.UUIDField(null=True)
    area = models.CharField(max_length=15, db_collation="C")
    unit = models.UUIDField(null=True, help_text="The hospital that has, or had last, the patient")
    unit_area = models.CharField(max_length=15, db_collation="C", null=True)
    status = models.TextField()
    number = models.TextField(blank=True)
    severity = models.TextField(blank=True)
    origin = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    begun_at = models.DateTimeField(help_text="When it was first suspected or stated")
    confirmed_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True, help_text="When the patient first came into a hospital")
    graver_at = models.DateTimeField(null=True, help_text="Since when it is severe or critical")
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When a severe course was last reported")
    reported_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    consulted_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)
    visited_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "episode"
        indexes: ClassVar = [
            # Serves whose illnesses a person's are.
            models.Index(fields=["person"], name="episode_person"),
            # Serve the patients of an area and of a hospital, the latest first.
            models.Index(fields=["area", "-begun_at", "id"], condition=Q(ended_at__isnull=True), name="episode_ill"),
            models.Index(fields=["unit", "-begun_at", "id"], condition=Q(ended_at__isnull=True), name="episode_here"),
            # Serves those discharged who are still followed.
            models.Index(fields=["-ended_at", "id"], condition=Q(outcome="discharged"), name="episode_left"),
        ]


class StaffWatch(models.Model):
    """A member of staff who worked where patients are, or was exposed: watched for a while. Follows from facts."""

    person = models.UUIDField(primary_key=True, editable=False)
    area = models.CharField(max_length=15, db_collation="C", help_text="Where the last fact lies")
    unit = models.UUIDField(null=True, help_text="The hospital")
    worked_at = models.DateTimeField(null=True)
    zone = models.TextField(blank=True)
    protection = models.TextField(blank=True)
    exposed_at = models.DateTimeField(null=True)
    exposure = models.TextField(blank=True)
    until = models.DateTimeField(help_text="Until when they are watched")

    class Meta:
        db_table = "staff_watch"
        indexes: ClassVar = [
            # Serves who is watched now, the longest to go first.
            models.Index(fields=["-until", "person"], name="staff_watch_until"),
        ]
