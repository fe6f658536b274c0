"""Support as a Django app: at start it asks the ledger to be told of needs, and to be asked before one closes."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "bulou.operations.support"
    label = "support"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.operations.support import follower

        following.register(follower.KINDS, follower.follow)
        following.guard(follower.GUARDED, follower.refused)
