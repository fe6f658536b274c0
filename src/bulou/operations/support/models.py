"""Pages of residents and who opened them; needs, calls, volunteers and requests about data, which follow from facts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bulou.directory.models import Person
from bulou.directory.models.areas import area_field
from bulou.kernel.ids import new_id


class OwnPage(models.Model):
    """A link by which one person opens the page about themselves. The link is kept nowhere, only its digest.

    It lives by real time, whatever the business clock says, as every key does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    area = area_field("+")
    digest = models.BinaryField(unique=True)
    account = models.UUIDField(help_text="Who gave the link out")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        db_table = "own_page"
        indexes: ClassVar = [models.Index(fields=["person", "created_at"], name="own_page_person")]


class OwnPageOpening(models.Model):
    """One opening of a page by its link, or of no page by a link that is none. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    page = models.UUIDField(null=True, help_text="Empty where the link was none")
    area = models.CharField(max_length=15, db_collation="C")
    act = models.TextField(help_text="open, or what was sent in")
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "own_page_opening"
        indexes: ClassVar = [
            # Serves: how often was this link used lately.
            models.Index(fields=["page", "at"], name="own_page_opening_page"),
            # Serves: how often did this address try links that are none.
            models.Index(fields=["ip", "at"], condition=Q(page__isnull=True), name="own_page_opening_ip"),
        ]


class HelpNeed(models.Model):
    """One request and how far it is (`course.py`). `id` is the fact that asks."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, db_column="person", related_name="needs", db_constraint=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    need = models.TextField()
    words = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField(null=True)
    state = models.TextField()
    unit = models.UUIDField(null=True, help_text="To whom it was referred")
    volunteer = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.TextField(null=True)
    unmet = models.SmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    how = models.TextField(blank=True)
    hands = ArrayField(models.UUIDField(), default=list, help_text="Accounts that saw to it: none may confirm it")

    class Meta:
        db_table = "help_need"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="help_need_closed",
            ),
        ]
        indexes: ClassVar = [
            # Serves the list of needs, the latest first, and those of one person or area.
            models.Index(fields=["asked_at", "id"], name="help_need_asked"),
            models.Index(fields=["subject", "asked_at"], name="help_need_subject"),
        ]


class Call(models.Model):
    """One call the hotline took. `id` is the fact."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    area = models.CharField(max_length=15, db_collation="C")
    at = models.DateTimeField()
    topic = models.TextField()
    outcome = models.TextField()
    words = models.TextField(blank=True)
    by = models.TextField(null=True)

    class Meta:
        db_table = "hotline_call"
        indexes: ClassVar = [models.Index(fields=["at", "id"], name="hotline_call_at")]


class Volunteer(models.Model):
    """Somebody who helps, from when until when. `id` is the fact by which they joined."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    person = models.ForeignKey(
        Person, models.PROTECT, db_column="person", related_name="volunteering", db_constraint=False
    )
    area = models.CharField(max_length=15, db_collation="C")
    skills = models.TextField(blank=True)
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "volunteer"
        indexes: ClassVar = [
            models.Index(fields=["area"], condition=Q(left_at__isnull=True), name="volunteer_area"),
            models.Index(fields=["subject"], name="volunteer_subject"),
        ]


class RightsRequest(models.Model):
    """What a person asks about their data, and the answer. `id` is the fact that asks; derived by `rights.py`.

    `state`: open; granted (to be erased, but not yet); done; declined.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.TextField(db_collation="C")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+", db_constraint=False)
    area = models.CharField(max_length=15, db_collation="C")
    right = models.TextField(db_column="claim")
    words = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField(null=True)
    state = models.TextField()
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True, help_text="The unit that answered")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_request"
        indexes: ClassVar = [
            # Serves the list, the longest waiting first, and what one person asked.
            models.Index(fields=["asked_at", "id"], name="rights_request_asked"),
            models.Index(fields=["subject", "asked_at"], name="rights_request_subject"),
        ]
