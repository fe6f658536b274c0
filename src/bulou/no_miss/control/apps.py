"""Control as a Django app: at start it asks the ledger to be told of what bears on its table."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "bulou.no_miss.control"
    label = "control"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.no_miss.control import extents, follower

        following.register(extents.KINDS, follower.follow)
