"""Resources as a Django app: at start it asks the ledger to be told of counts, requests and deliveries."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "bulou.operations.resources"
    label = "resources"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.operations.resources import follower

        following.register(follower.KINDS, follower.follow)
