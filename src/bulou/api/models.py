"""Tokens: how a program signs in as an account."""

from django.db import models
from django.db.models.functions import Now

from bulou.directory.models import Account
from bulou.kernel.ids import new_id


class ApiToken(models.Model):
    """One program's access in an account's name, until it expires or is revoked. Only the token's SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", db_column="account")
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True, help_text="To the minute")

    class Meta:
        app_label = "api"
        db_table = "api_token"
