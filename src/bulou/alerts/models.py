"""Alerts, who read them, how people want to hear, channels of units, and every attempt to deliver."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id


def _area() -> "models.CharField[str, str]":
    """The area of the unit an alert is for, which row-level security reads."""
    return models.CharField(max_length=15, db_collation="C", blank=True)


class Alert(models.Model):
    """Something a unit must know. `about` is the first of a chain that went up unread; `step` how far it went up.

    `data` says what it leads to: `duty` (a key), or `plan`, `clause`, `duty` of many; or `account` for security.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField(help_text="miss or security")
    urgent = models.BooleanField(default=False)
    unit = models.UUIDField()
    role = models.TextField(blank=True)
    area = _area()
    place = models.CharField(max_length=15, db_collation="C", blank=True, help_text="Where it is about")
    zh = models.TextField()
    en = models.TextField()
    count = models.IntegerField(default=1)
    data = models.JSONField(default=dict)
    step = models.SmallIntegerField(default=0)
    about = models.UUIDField(null=True)
    at = models.DateTimeField(help_text="By the business clock")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    escalate_at = models.DateTimeField(null=True, help_text="Real time; null where it went up, was read, or ends here")
    addressed = models.BooleanField(default=False, help_text="Its deliveries are made")

    class Meta:
        app_label = "alerts"
        db_table = "alert"
        indexes: ClassVar = [
            # Serves: the inbox, and the bell.
            models.Index(fields=["unit", "made_at"], name="alert_unit"),
            # Serve the sweep.
            models.Index(fields=["escalate_at"], name="alert_rising", condition=models.Q(escalate_at__isnull=False)),
            models.Index(fields=["made_at"], name="alert_new", condition=models.Q(addressed=False)),
        ]


class AlertRead(models.Model):
    """An account read an alert. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="reads", db_column="alert")
    account = models.UUIDField()
    area = _area()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "alerts"
        db_table = "alert_read"
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "account"], name="alert_read_once")]


class Hearing(models.Model):
    """How an account wants to hear: an address, each alert or a digest, hours in which only what is urgent comes."""

    account = models.UUIDField(primary_key=True)
    area = _area()
    email = models.BinaryField(null=True, help_text="Sealed with the account's id")
    mode = models.TextField(default="none", help_text="each, digest or none")
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)
    digest_on = models.DateField(null=True, help_text="The day of the last digest")

    class Meta:
        app_label = "alerts"
        db_table = "alert_hearing"


class Channel(models.Model):
    """A group robot of a unit. Its address and secret are sealed with the row's id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.UUIDField()
    area = _area()
    kind = models.TextField(help_text="dingtalk, wecom or feishu")
    title = models.CharField(max_length=60)
    url = models.BinaryField()
    secret = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "alerts"
        db_table = "alert_channel"


class Delivery(models.Model):
    """One alert on its way to one channel or one account's e-mail. There is never a second for the same two.

    `state`: waiting, sending, sent, failed (given up) or unknown (it may have arrived; not repeated).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="deliveries", db_column="alert")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="deliveries", db_column="channel")
    account = models.UUIDField(null=True)
    area = _area()
    digest_of = models.DateField(null=True, help_text="The day a digest is of; it has no alert")
    zh = models.TextField(blank=True, default="")
    en = models.TextField(blank=True, default="")
    state = models.TextField(default="waiting")
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "alerts"
        db_table = "alert_delivery"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "channel"], name="alert_delivery_channel"),
            models.UniqueConstraint(fields=["alert", "account"], name="alert_delivery_account"),
            models.UniqueConstraint(fields=["account", "digest_of"], name="alert_delivery_digest"),
        ]
        indexes: ClassVar = [
            # Serves: what is to be sent now.
            models.Index(fields=["next_at"], name="alert_delivery_next", condition=models.Q(next_at__isnull=False)),
        ]


class Attempt(models.Model):
    """One try at a delivery. Never changed. `outcome`: sent, refused (to be tried again) or unknown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts", db_column="delivery")
    area = _area()
    at = models.DateTimeField(db_default=Now(), editable=False)
    outcome = models.TextField()
    detail = models.TextField(blank=True)

    class Meta:
        app_label = "alerts"
        db_table = "alert_attempt"
