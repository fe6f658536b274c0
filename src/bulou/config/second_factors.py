"""The library of second factors, without its pages: our own pages call its parts.

Both applications are only their tables and their arithmetic here, so neither's middleware nor signals are started.
"""

from allauth.account.apps import AccountConfig
from allauth.mfa.apps import MFAConfig


class Accounts(AccountConfig):  # type: ignore[misc]
    """Tables the second factors refer to; they stay empty, for nobody signs up or signs in by e-mail."""

    def ready(self) -> None:
        """Nothing: no page of the library is served."""


class Factors(MFAConfig):  # type: ignore[misc]
    """Authenticator apps, security keys and recovery codes."""

    def ready(self) -> None:
        """Nothing, as above."""
