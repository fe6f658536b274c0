"""Who signs in, what they see, who looked at whom, and what time the house says it is."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

from bulou.directory.models.units import Unit
from bulou.kernel.ids import new_id


class AccountManager(BaseUserManager["Account"]):
    """Accounts come with their unit, so that a request knows its scope from one query."""

    def get_queryset(self) -> "models.QuerySet[Account]":
        return super().get_queryset().select_related("unit")


class Account(AbstractBaseUser):
    """One human's access: a unit, one of its roles, and through the unit an area. Accounts are never shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True)
    password = models.CharField(max_length=128)
    last_login = models.DateTimeField(null=True, blank=True)
    name = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="accounts", db_column="unit")
    role = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    high_contrast = models.BooleanField(default=False)
    large_text = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True, help_text="Null where it was loaded or made by hand")
    password_temporary = models.BooleanField(default=False, help_text="Made by an administrator: to be changed at once")
    synthetic = models.BooleanField(default=False)

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "account"
        base_manager_name = "objects"

    @property
    def area(self) -> str:
        """The code of the area this account sees; empty for the whole country."""
        return self.unit.area_id


class AccessLog(models.Model):
    """One look at one person (or list, or export), or a template of papers put in force. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    account = models.UUIDField()
    act = models.TextField(help_text="view, reveal, search, export, denied or account")
    subject = models.TextField(blank=True)
    area = models.CharField(max_length=15, db_collation="C")
    purpose = models.TextField(blank=True)
    page = models.TextField(blank=True, default="", db_default="")
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "access_log"
        indexes: ClassVar = [
            # Serves: who looked at this person.
            models.Index(fields=["subject", "at"], name="access_log_subject"),
            # Serves: whom did this account look at.
            models.Index(fields=["account", "at"], name="access_log_account"),
            # Serves: what was looked at lately.
            models.Index(fields=["at", "id"], name="access_log_at"),
        ]


class BusinessClock(models.Model):
    """One row: the instant the house stands at during a drill, or null for real time."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    set_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "business_clock"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_business_clock")]
