"""Django's sessions in a table of ours, which knows whose each is: so they can be listed and ended."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.functions import Now
from django.utils import timezone

FROM = "from"
"""Where in a session's data stands what it was opened from: `ip` and `device`."""
OWES = "owes"
"""Where stands what its owner must do before anything else: `password`, `factor`."""
PROVEN = "proven"
"""Where stands when they last showed who they are, in seconds of the epoch."""
FRESH = timedelta(minutes=5)
LONGEST = 300


class SessionStore(DatabaseStore):
    """`SESSION_ENGINE`. When a session was last seen is written once in five minutes, not with each request."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table; looked up late, for this module is read before models are."""
        from bulou.directory.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        if row.seen_at < timezone.now() - FRESH:
            self.get_model_class().objects.filter(pk=row.pk).update(seen_at=Now())
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session, with whose it is and what it was opened from."""
        row: Any = super().create_model_instance(data)
        opened = data.get(FROM) or {}
        row.account = data.get(SESSION_KEY)
        row.ip, row.device = opened.get("ip"), str(opened.get("device") or "")[:LONGEST]
        return row
