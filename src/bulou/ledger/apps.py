"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bulou.ledger"
    label = "ledger"

    def ready(self) -> None:
        from bulou.custody.chain import BEARING
        from bulou.directory import erasing as rooms
        from bulou.ledger import erasing, following, holding

        following.register(BEARING, holding.follow)
        rooms.register(erasing.erase_words)
