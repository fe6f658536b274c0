"""The API as a Django app: its one table, the tokens."""

from typing import Any

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "bulou.api"
    label = "api"

    def ready(self) -> None:
        """Tokens end with their account."""
        from bulou.directory.services import account_closed

        account_closed.connect(_revoke_all, dispatch_uid="tokens end with their account")


def _revoke_all(account: Any, **_: Any) -> None:
    from bulou.api import tokens

    tokens.revoke_all(account)
