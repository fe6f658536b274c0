"""Isolation as a Django app: at start it asks the ledger to be told of what bears on rooms and stays, and of time."""

from django.apps import AppConfig


class IsolationConfig(AppConfig):
    name = "bulou.no_miss.isolation"
    label = "isolation"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.no_miss.isolation import follower, running_out

        following.register(follower.KINDS, follower.follow)
        following.watch(running_out.note)
