"""Where an account is signed in."""

from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id


class Session(AbstractBaseSession):
    """One browser that is signed in, or on its way. `ref` names it on pages: the key itself never leaves the cookie."""

    ref = models.UUIDField(default=new_id, unique=True, editable=False)
    account = models.UUIDField(null=True)
    ip = models.GenericIPAddressField(null=True)
    device = models.TextField(blank=True, default="", help_text="What the browser says it is")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now(), editable=False, help_text="To five minutes")

    class Meta:
        db_table = "session"
        indexes: ClassVar = [
            # Serves: where is this account signed in.
            models.Index(fields=["account"], name="session_account"),
        ]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Who reads and writes the data."""
        from bulou.directory.session_store import SessionStore

        return SessionStore

    def save(self, *args: Any, **given: Any) -> None:
        """As always; a session that is there already keeps its name and its times."""
        if given.get("force_update"):
            given["update_fields"] = ["session_data", "expire_date", "account", "ip", "device"]
        super().save(*args, **given)
