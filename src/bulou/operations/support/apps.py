"""Support as a Django app: at start it asks to be told of needs, requests and erasures, and to be asked before some."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "bulou.operations.support"
    label = "support"

    def ready(self) -> None:
        from bulou.directory import erasing as rooms
        from bulou.ledger import following
        from bulou.operations.support import erasing, follower, rights

        following.register(follower.KINDS, follower.follow)
        following.guard(follower.GUARDED, follower.refused)
        following.register(rights.KINDS, rights.follow)
        following.guard(rights.GUARDED, rights.refused)
        rooms.register(erasing.erase)
